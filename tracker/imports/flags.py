"""Marks new rows that need a decision: rows without a date, and rows that may repeat claims on
record. Marked rows can be skipped."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from tracker.domain.disclosure import Reader
from tracker.imports.formats import claims as claim_lines
from tracker.imports.formats import generic
from tracker.imports.formats.base import ImportFormat, InvalidRow
from tracker.imports.outcomes import RowOutcome
from tracker.imports.rows import ImportRow
from tracker.queries.claims import duplicates
from tracker.queries.claims.duplicates import Duplicate

UNDATED, REPEATS, COMPARED = "undated", "repeats", "compared"
# Rows that a preview compares with claims on record; a run that skips repeats compares all.
MOST_COMPARED = 10_000
# Archives are not compared: their rows have unique keys, and are too many.
FORMATS = (generic.NAME, claim_lines.FORMAT.name)
NO_DATE = "has no date: when it happened stays unknown"
SKIPPED = "skipped as requested: "


class Flags:
    """Marks rows. `compares`: whether to compare them with claims on record; `skips`: the marks
    whose rows are skipped."""

    def __init__(self, form: ImportFormat, *, compares: bool, skips: frozenset[str]) -> None:
        self.compares = form.name in FORMATS and (compares or REPEATS in skips)
        self._skips = skips
        self._compared = self._last = 0

    def mark(self, outcomes: Sequence[RowOutcome]) -> list[RowOutcome]:
        """Mark the outcomes that need a decision. A skipped row is refused, with the reason. Plain
        rows need none: they have a date, and archives are not compared."""
        repeats = self._repeats(
            [
                outcome.row
                for outcome in outcomes
                if outcome.fresh and isinstance(outcome.row, ImportRow)
            ]
        )
        return [
            self._marked(outcome, outcome.row, repeats)
            if outcome.fresh and isinstance(outcome.row, ImportRow)
            else outcome
            for outcome in outcomes
        ]

    def counts(self, outcomes: Sequence[RowOutcome]) -> Counter[str]:
        """The number of rows by mark, and of rows that were compared."""
        counts = Counter(outcome.flag for outcome in outcomes if outcome.flag)
        if self.compares:
            counts[COMPARED] = self._last
        return counts

    def settle(self) -> None:
        """Count the rows of the last `mark` as done."""
        self._compared += self._last
        self._last = 0

    def _repeats(self, rows: Sequence[ImportRow]) -> dict[UUID, Duplicate]:
        self._last = 0
        if not self.compares:
            return {}
        number = len(rows) if REPEATS in self._skips else MOST_COMPARED - self._compared
        claims = {row.id: row.claim for row in rows[: max(0, number)]}
        self._last = len(claims)
        return duplicates.likeliest(claims, reader=Reader.DESK)

    def _marked(
        self, outcome: RowOutcome, row: ImportRow, repeats: dict[UUID, Duplicate]
    ) -> RowOutcome:
        flag, reason = UNDATED, NO_DATE
        if row.claim.occurred is not None:
            duplicate = repeats.get(row.id)
            if duplicate is None:
                return outcome
            flag, reason = (
                REPEATS,
                f"may repeat {duplicate.title!r} [{duplicate.claim}]: {duplicate.reason}",
            )
        if flag in self._skips:
            refused = _refused(row, flag, SKIPPED + reason)
            return RowOutcome("refused", refused=refused, flag=flag)
        return outcome._replace(flag=flag, flag_reason=_refused(row, flag, reason))


def _refused(row: ImportRow, flag: str, reason: str) -> InvalidRow:
    draft = row.draft
    column = draft.columns.get("/occurred" if flag == UNDATED else "/summary", "")
    value = draft.cells.get(column, "")
    return InvalidRow(line=draft.line, column=column, value=value, reason=reason)

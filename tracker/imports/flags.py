"""Marks new rows that need a decision: rows without a date, rows that may repeat claims on record,
and in previews rows whose text names a third state or no act. Rows without a date and repeats can
be skipped."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from tracker.domain.codebooks.search import names_act
from tracker.domain.disclosure import Reader
from tracker.imports.formats import claims as claim_lines
from tracker.imports.formats import generic
from tracker.imports.formats.base import ImportFormat, InvalidRow
from tracker.imports.outcomes import RowOutcome
from tracker.imports.rows import ImportRow
from tracker.queries.claims import duplicates
from tracker.queries.claims.duplicates import Duplicate
from tracker.queries.records import reading_names
from tracker.queries.records.reading_names import Mentions

UNDATED, REPEATS, COMPARED = "undated", "repeats", "compared"
THIRD_STATE, NO_ACT = "third_state", "no_act"
# Rows that a preview compares with claims on record; a run that skips repeats compares all.
MOST_COMPARED = 10_000
# Archives are not compared: their rows have unique keys, and are too many.
FORMATS = (generic.NAME, claim_lines.FORMAT.name)
NO_DATE = "has no date: when it happened stays unknown"
NO_ACT_NAMED = "its text names no act: no word of it means one"
SKIPPED = "skipped as requested: "
_ACTS = ("act", "situation")


class Flags:
    """Marks rows. `compares`: whether to compare them with claims on record; `skips`: the marks
    whose rows are skipped."""

    def __init__(self, form: ImportFormat, *, compares: bool, skips: frozenset[str]) -> None:
        self.compares = form.name in FORMATS and (compares or REPEATS in skips)
        self._skips = skips
        self._compared = self._last = 0
        self._reads_texts = compares and form.name in FORMATS
        self._mentions: Mentions | None = None

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
        flag, reason = self._flag(row, repeats.get(row.id))
        if not flag:
            return outcome
        if flag in self._skips:
            refused = _refused(row, flag, SKIPPED + reason)
            return RowOutcome("refused", refused=refused, flag=flag)
        return outcome._replace(flag=flag, flag_reason=_refused(row, flag, reason))

    def _flag(self, row: ImportRow, duplicate: Duplicate | None) -> tuple[str, str]:
        """The mark of a row and the reason; empty if it needs no decision."""
        if row.claim.occurred is None:
            return UNDATED, NO_DATE
        if duplicate is not None:
            reason = f"may repeat {duplicate.title!r} [{duplicate.claim}]: {duplicate.reason}"
            return REPEATS, reason
        if not self._reads_texts or row.claim.kind not in _ACTS:
            return "", ""
        if third := self._third_states(row):
            return THIRD_STATE, f"its text names {third}, for which no party of the row acts"
        if _is_english(row) and not names_act(row.claim.summary):
            return NO_ACT, NO_ACT_NAMED
        return "", ""

    def _third_states(self, row: ImportRow) -> str:
        """The names of states in the text of a row for which no party acts. None where the states
        of no party are known."""
        self._mentions = self._mentions or reading_names.mentioned()
        claims = (row.claim, row.statement) if row.statement else (row.claim,)
        own = {
            code
            for claim in claims
            for party in claim.parties
            for code in self._mentions.of_actor(party.actor)
        }
        own |= {code for party in row.draft.parties for code in self._mentions.of_name(party.name)}
        named = self._mentions.in_text(row.claim.summary) if own else []
        return " and ".join(dict.fromkeys(name for name, codes in named if not codes & own))


def _is_english(row: ImportRow) -> bool:
    """Whether the text can be read for acts: the words for acts are English."""
    summary = row.claim.summary
    return bool(summary) and summary.isascii() and row.citation.language in (None, "", "en")


def _refused(row: ImportRow, flag: str, reason: str) -> InvalidRow:
    draft = row.draft
    column = draft.columns.get("/occurred" if flag == UNDATED else "/summary", "")
    value = draft.cells.get(column, "")
    return InvalidRow(line=draft.line, column=column, value=value, reason=reason)

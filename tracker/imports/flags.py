"""What a person should decide of rows that would be added: whether those come in that have no date,
and those that may repeat claims on record."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from tracker.domain.disclosure import Reader
from tracker.imports.formats import claims, generic
from tracker.imports.formats.base import Format, Refused
from tracker.imports.outcomes import RowOutcome
from tracker.imports.rows import Row
from tracker.queries.claims import duplicates
from tracker.queries.claims.duplicates import Duplicate

UNDATED, REPEATS, COMPARED = "undated", "repeats", "compared"
# Rows whose repeats are looked for in a preview; a run that leaves them out looks at all.
MOST_COMPARED = 10_000
# An archive's rows are told apart by their keys, and are too many to be compared.
FORMATS = (generic.NAME, claims.FORMAT.name)
NO_DATE = "has no date: when it happened stays unknown"
LEFT_OUT = "left out as asked: "


class Flags:
    """Marks rows. `looks`: whether to compare them with claims on record, `skips`: which marked
    rows are left out."""

    def __init__(self, form: Format, *, looks: bool, skips: frozenset[str]) -> None:
        self.looks = form.name in FORMATS and (looks or REPEATS in skips)
        self._skips = skips
        self._compared = self._last = 0

    def mark(self, fates: Sequence[RowOutcome]) -> list[RowOutcome]:
        """Give the fates, those marked that ask for a decision; of what is left out the row is
        refused, with the reason."""
        alike = self._alike([one.row for one in fates if one.fresh and one.row])
        return [self._marked(one, alike) if one.fresh else one for one in fates]

    def counts(self, fates: Sequence[RowOutcome]) -> Counter[str]:
        """How many rows are marked, and how many were compared."""
        found = Counter(one.flag for one in fates if one.flag)
        if self.looks:
            found[COMPARED] = self._last
        return found

    def settle(self) -> None:
        """Take the rows that were marked last for done."""
        self._compared += self._last
        self._last = 0

    def _alike(self, rows: Sequence[Row]) -> dict[UUID, Duplicate]:
        self._last = 0
        if not self.looks:
            return {}
        most = len(rows) if REPEATS in self._skips else MOST_COMPARED - self._compared
        asked = {row.id: row.claim for row in rows[: max(0, most)]}
        self._last = len(asked)
        return duplicates.likeliest(asked, reader=Reader.DESK)

    def _marked(self, fate: RowOutcome, alike: dict[UUID, Duplicate]) -> RowOutcome:
        row = fate.row
        assert row is not None  # noqa: S101 # a fresh one has a row
        flag, told = UNDATED, NO_DATE
        if row.claim.occurred is not None:
            same = alike.get(row.id)
            if same is None:
                return fate
            flag, told = REPEATS, f"may repeat {same.title!r} [{same.claim}]: {same.reason}"
        if flag in self._skips:
            refused = _told(row, flag, LEFT_OUT + told)
            return RowOutcome("refused", refused=refused, flag=flag)
        return fate._replace(flag=flag, told=_told(row, flag, told))


def _told(row: Row, flag: str, reason: str) -> Refused:
    draft = row.draft
    column = draft.columns.get("/occurred" if flag == UNDATED else "/summary", "")
    value = draft.cells.get(column, "")
    return Refused(line=draft.line, column=column, value=value, reason=reason)

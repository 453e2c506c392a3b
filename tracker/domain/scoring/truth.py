"""In which worlds a claim is true."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from tracker.domain.scoring.rows import Row, Rows
from tracker.domain.scoring.tables import NORMAL, N


@dataclass(slots=True)
class Truths:
    """The truths of the claims of a pair.

    Each root has one number per world and year, and a claim with probability p is true where it is
    among the smallest of the share p, whatever the p of the root's other claims. From January to
    January the number slides from that of one year to that of the next, so that two claims around
    New Year are no two witnesses. Of a war, a root is right or wrong for good.
    """

    rows: Rows
    pair: str
    _normal: Row = field(init=False)
    _wars: dict[UUID, tuple[Row, Row]] = field(default_factory=dict)
    # The numbers of roots in a month, and at both ends of its year: a fold goes month by month.
    _month: int = 0
    _of_month: dict[UUID, tuple[Row, Row]] = field(default_factory=dict)
    _of_year: dict[UUID, tuple[Row, Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._normal = self.rows.row(NORMAL)

    def of(self, root: UUID, p: float, *, month: int) -> Row:
        """Return in which worlds a claim of a month (12 · year + month − 1) is true."""
        if month != self._month:
            if month // 12 != self._month // 12:
                self._of_year.clear()
            self._of_month.clear()
            self._month = month
        return self._smallest(self._of_month, root, p, lambda: self._sliding(root, month))

    def of_war(self, root: UUID, p: float) -> Row:
        """Return in which worlds a war of the pair is true."""
        return self._smallest(self._wars, root, p, lambda: self._number(root, f"war {self.pair}"))

    def error(self, root: UUID) -> Row:
        """Return the error of the levels that a root assesses, in its sds: one for good."""
        return self._number(root, "error")

    def own(self, purpose: str) -> Row:
        """Return a number of the pair, normal with sd 1."""
        return self._in_order(self._normal, f"pair {self.pair}", purpose)

    def _smallest(
        self, known: dict[UUID, tuple[Row, Row]], root: UUID, p: float, numbers: Callable[[], Row]
    ) -> Row:
        number = math.ceil(N * p - 0.5)
        if number <= 0 or number >= N:
            return self._normal < (math.inf if number > 0 else -math.inf)
        if root not in known:
            found = numbers()
            known[root] = found, self.rows.ascending(found)
        found, ascending = known[root]
        return found < ascending[number]

    def _sliding(self, root: UUID, month: int) -> Row:
        year, part = divmod(month, 12)
        if root not in self._of_year:
            ends = (self._number(root, f"year {one}") for one in (year, year + 1))
            self._of_year[root] = next(ends), next(ends)
        now, following = self._of_year[root]
        if not part:
            return now
        return math.sqrt(1 - part / 12) * now + math.sqrt(part / 12) * following

    def _number(self, root: UUID, purpose: str) -> Row:
        return self._in_order(self._normal, f"root {root}", purpose)

    def _in_order(self, row: Row, who: str, what: str) -> Row:
        """Two orders one after the other: a table has to be put in order once for each root or
        pair, and once for each purpose, and not for each combination."""
        rows = self.rows
        return rows.in_order(rows.in_order(row, rows.order(who)), rows.order(what))

"""Which acts of a month count.

Of each class the largest act counts in each world, and a deed counts in one class only: what a root
reports of a day, either good or bad, may be one deed told under several codes. Where a deed is
among the largest of two classes, the choice of deeds that moves the level most counts. So an act
more never makes what the others do smaller.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from tracker.domain.scoring.classes import CLASSES, Class
from tracker.domain.scoring.moves import TOP, Acts, Effect
from tracker.domain.scoring.rows import Row, Rows
from tracker.domain.scoring.tables import N

UP = tuple(one for one in CLASSES if one.startswith("cooperation"))
DOWN = tuple(one for one in CLASSES if one not in UP)


class Told(NamedTuple):
    """A claim about an act: its class, and its size in each world, 0 where it is not true."""

    claim: UUID
    kind: Class
    size: Row


class _Largest(NamedTuple):
    """The largest of some sizes in each world, and the place of its claim, below 0 for none; None
    if that is not traced."""

    row: Row
    by: Row | int | None = None

    def or_larger(self, rows: Rows, other: "_Largest") -> "_Largest":
        by = None if other.by is None else rows.where(other.row > self.row, other.by, self.by)
        return _Largest(rows.larger(other.row, self.row), by)

    def where(self, rows: Rows, worlds: Row, other: "_Largest") -> "_Largest":
        """This one in some worlds, and another elsewhere."""
        by = None if self.by is None else rows.where(worlds, self.by, other.by)
        return _Largest(rows.where(worlds, self.row, other.row), by)


# The largest of each of some classes.
type _Choice = dict[Class, _Largest]


class _Sign:
    """The acts of a month that are good, or those that are bad."""

    def __init__(self, rows: Rows, kinds: Sequence[Class], nothing: _Largest) -> None:
        self._rows, self._kinds, self._nothing = rows, kinds, nothing
        # Deeds of one class; and of deeds told under several, the best choice for some classes.
        self._single: _Choice = {}
        self._several: dict[frozenset[Class], _Choice] = {}

    def add(self, deed: _Choice) -> None:
        """Add a deed by the classes under which it is told."""
        if len(deed) == 1:
            [(kind, size)] = deed.items()
            now = self._single.get(kind, self._nothing)
            self._single[kind] = now.or_larger(self._rows, size)
            return
        # The deed takes one class at most, so choices for fewer classes are still without it.
        for number in range(len(self._kinds), 0, -1):
            for kinds in map(frozenset, combinations(self._kinds, number)):
                for kind in self._kinds:
                    if kind in kinds and kind in deed:
                        self._offer(kinds, kind, deed[kind])

    def _offer(self, kinds: frozenset[Class], kind: Class, size: _Largest) -> None:
        """Let a deed take a class of some, if others take the rest of them."""
        others = kinds - {kind}
        if not others or others in self._several:
            offered = {**self._several.get(others, {}), kind: size}
            now = self._several.get(kinds)
            self._several[kinds] = self._better(now, offered) if now else offered

    def _better(self, one: _Choice, other: _Choice) -> _Choice:
        """The choice that is more, in each world."""
        better = self._total(other) > self._total(one)
        chosen = {}
        for kind in self._kinds:
            if kind in one or kind in other:
                now = one.get(kind, self._nothing)
                chosen[kind] = other.get(kind, self._nothing).where(self._rows, better, now)
        return chosen

    def _total(self, choice: _Choice) -> Row:
        total = self._nothing.row
        for kind in self._kinds:
            if kind in choice:
                total = total + choice[kind].row
        return total

    def counted(self) -> _Choice:
        """The acts that count, by their classes."""
        best = self._single
        for kinds, choice in self._several.items():
            rest = {kind: size for kind, size in self._single.items() if kind not in kinds}
            best = self._better(best, {**rest, **choice})
        return best

    def forget(self, worlds: Row) -> None:
        """Forget the acts in some worlds."""
        for choice in (self._single, *self._several.values()):
            for kind, size in choice.items():
                choice[kind] = self._nothing.where(self._rows, worlds, size)


class Month:
    """The acts and wars of a month so far. They meet the level `before`; where the level was
    assessed since, those after it meet that. Several reports of war are one war, the strongest.
    `since`: from which day on a war counts."""

    def __init__(self, rows: Rows, before: Row, first: int, *, traced: bool) -> None:
        self.before, self.first = before, first
        self.since: Row | int = first
        self._rows, self._traced = rows, traced
        self._claims: list[UUID] = []
        # The size of each claim, as an act or a war, and the end of the scale to which it moves.
        self._sizes: dict[tuple[UUID, bool], tuple[Row, float]] = {}
        self._nothing = _Largest(rows.row([0.0] * N), -1 if traced else None)
        self._signs = tuple(_Sign(rows, kinds, self._nothing) for kinds in (UP, DOWN))
        self._pull: _Largest | None = None

    def add(self, deed: Iterable[Told]) -> None:
        """Add what one root reports of a day, all of it good or all of it bad."""
        sizes: _Choice = {}
        for claim, kind, size in deed:
            one = self._largest(claim, size, TOP if kind in UP else -TOP)
            sizes[kind] = sizes[kind].or_larger(self._rows, one) if kind in sizes else one
        if sizes:
            self._signs[not sizes.keys() <= {*UP}].add(sizes)

    def pull(self, claim: UUID, way: Row) -> None:
        """Say how far a report of war has pulled so far, as a share of the way to −9: the more, the
        more of its days have passed."""
        one = self._largest(claim, way, -TOP, war=True)
        self._pull = (self._pull or self._nothing).or_larger(self._rows, one)

    def _largest(self, claim: UUID, size: Row, end: float, *, war: bool = False) -> _Largest:
        if not self._traced:
            return _Largest(size)
        self._sizes[claim, war] = (TOP * size if war else size), end
        if claim not in self._claims:
            self._claims.append(claim)
        return _Largest(size, self._claims.index(claim))

    def _effects(self) -> Iterator[Effect]:
        for sign, way in zip(self._signs, (1.0, -1.0), strict=True):
            for row, by in sign.counted().values():
                yield Effect(row / TOP, way * row, by)
        if self._pull is not None:
            yield Effect(self._pull.row, -TOP * self._pull.row, self._pull.by)

    def level(self) -> Row:
        """Return the level after them."""
        taken: Row = 0.0
        added: Row = 0.0
        for effect in self._effects():
            taken, added = taken + effect.taken, added + effect.added
        return self.before - (taken * self.before - added)

    def acts(self, worlds: Row | None = None) -> Acts:
        """Return what they did, in some worlds or in all."""
        rows, effects = self._rows, [*self._effects()]
        if worlds is not None:
            effects = [
                Effect(
                    *(rows.where(worlds, *two) for two in zip(effect, (0.0, 0.0, -1), strict=True))
                )
                for effect in effects
            ]
        alone: dict[UUID, float] = defaultdict(float)
        for (claim, _), (size, end) in self._sizes.items():
            moved = size * ((end - self.before) / TOP)
            alone[claim] += rows.total(moved if worlds is None else worlds * moved) / N
        return Acts(self.before, [*self._claims], effects, alone)

    def restart(self, worlds: Row, level: Row, following: int) -> None:
        """Go on from a level in some worlds, with the acts of a day and those after it."""
        rows = self._rows
        self.before = rows.where(worlds, level, self.before)
        self.since = rows.where(worlds, following, self.since)
        for sign in self._signs:
            sign.forget(worlds)
        if self._pull is not None:
            self._pull = self._nothing.where(rows, worlds, self._pull)
        for key, (size, end) in self._sizes.items():
            self._sizes[key] = rows.where(worlds, 0.0, size), end

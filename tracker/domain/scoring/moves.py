"""What moves a level: how it starts, what happens unreported, acts and wars, and assessments.

A move says what it does in each world, so that a level can be folded and taken apart again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from tracker.domain.scoring.rows import Row, Rows
from tracker.domain.scoring.tables import N

TOP = 9.0


@dataclass(frozen=True, slots=True)
class Start:
    """The level from which all follows: nothing is known of it, or some claims are the first to say
    what it is, each with a share. `before`: the level until then, which no longer matters."""

    row: Row
    shares: Mapping[UUID, float] = field(default_factory=dict)
    before: Row | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """What happened unreported on the first of a month."""

    row: Row


@dataclass(frozen=True, slots=True)
class Assessed:
    """A level that met `before` was assessed: what is kept of it in each world, what is added, and
    the share that each claim has in that."""

    before: Row
    kept: Row
    added: Row
    shares: Mapping[UUID, float]


class Effect(NamedTuple):
    """What the acts of one sign, or wars, do in each world: the share of the level that they take,
    what they add, and the place of the claim that does it, below 0 for none."""

    taken: Row
    added: Row
    by: Row


@dataclass(slots=True)
class _Largest:
    """The largest of some sizes in each world, and, traced, the place of its claim."""

    rows: Rows
    traced: bool
    row: Row | None = None
    by: Row | int = -1

    def take(self, size: Row, place: int) -> None:
        now = 0.0 if self.row is None else self.row
        if self.traced:
            self.by = self.rows.where(size > now, place, self.by)
        self.row = self.rows.larger(size, now)


class Acts:
    """The acts and wars of a month so far, or of its part since an assessment. They meet the level
    `before`. Of the acts of one sign the largest counts in each world; several reports of war are
    one war, the strongest. Traced, they know by how much each claim would have moved the mean
    `alone`."""

    def __init__(self, rows: Rows, before: Row, *, traced: bool) -> None:
        self.before = before
        self.claims: list[UUID] = []
        self._sizes: dict[UUID, tuple[Row, float]] = {}
        self._rows, self._traced = rows, traced
        self._up, self._down, self._pull = (_Largest(rows, traced) for _ in range(3))

    def add(self, claim: UUID, size: Row, *, up: bool) -> None:
        """Add an act, with its size in each world: 0 where it is not true, never negative."""
        self.claims.append(claim)
        (self._up if up else self._down).take(size, len(self.claims) - 1)
        self._trace(claim, size, TOP if up else -TOP)

    def pull(self, wars: Iterable[tuple[UUID, Row]]) -> None:
        """Say how far each report of war has pulled so far, as a share of the way to −9: the more,
        the more of its days have passed."""
        for claim, way in wars:
            if claim not in self.claims:
                self.claims.append(claim)
            self._pull.take(way, self.claims.index(claim))
            self._trace(claim, TOP * way, -TOP)

    def _trace(self, claim: UUID, size: Row, end: float) -> None:
        if self._traced:
            self._sizes[claim] = size, end

    def alone(self) -> Iterator[tuple[UUID, float]]:
        """Yield what each claim does alone: its size at a level of 0, less the nearer to its end
        of the scale."""
        for claim, (size, end) in self._sizes.items():
            yield claim, self._rows.total(size * ((end - self.before) / TOP)) / N

    def effects(self) -> Iterator[Effect]:
        """Yield what the acts of each sign do, and wars."""
        if self._up.row is not None:
            yield Effect(self._up.row / TOP, self._up.row, self._up.by)
        if self._down.row is not None:
            yield Effect(self._down.row / TOP, -self._down.row, self._down.by)
        if self._pull.row is not None:
            yield Effect(self._pull.row, -TOP * self._pull.row, self._pull.by)

    def level(self) -> Row:
        """Return the level after them: all of them meet the level before."""
        taken: Row = 0.0
        added: Row = 0.0
        for effect in self.effects():
            taken, added = taken + effect.taken, added + effect.added
        return self.before - (taken * self.before - added)


Move = Start | Drift | Acts | Assessed

"""What each claim adds to a level, and by how much it moved it: both are exact in each world.

A level is linear in all impacts, so what is left of an act today is what it added, times what later
acts, wars and assessments kept of it. The parts sum to the mean. A step is what an act moved the
level on its day, from where it met it; the steps of a window sum to the change of the mean.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from tracker.domain.scoring.course import Course
from tracker.domain.scoring.moves import Acts, Assessed, Drift, Move, Restarted, Start
from tracker.domain.scoring.rows import Row, Rows
from tracker.domain.scoring.tables import N


@dataclass(frozen=True, slots=True)
class Parts:
    """Amounts by claim, in points, and those of the unknown start and of what nobody reported.
    Steps have `alone`: by how much each act would have moved the mean, had no other of its month
    counted."""

    by_claim: Mapping[UUID, float]
    start: float = 0.0
    drift: float = 0.0
    alone: Mapping[UUID, float] = field(default_factory=dict)

    @property
    def sum(self) -> float:
        return sum(self.by_claim.values(), self.start + self.drift)

    def less(self, other: "Parts") -> "Parts":
        """Return these amounts less others."""
        return Parts(
            _less(self.by_claim, other.by_claim),
            self.start - other.start,
            self.drift - other.drift,
            _less(self.alone, other.alone),
        )


def _less(mine: Mapping[UUID, float], theirs: Mapping[UUID, float]) -> dict[UUID, float]:
    claims = dict.fromkeys((*mine, *theirs))
    return {claim: mine.get(claim, 0.0) - theirs.get(claim, 0.0) for claim in claims}


def contributions(course: Course) -> Parts:
    """Return what each claim adds to the mean at the end of a traced course."""
    found = _Sums(course.rows)
    left: Row = course.rows.row([1.0] * N)
    for move in reversed(_retold(course.moves)):
        match move:
            case Drift(row):
                found.drift += found.mean(left * row)
            case Assessed(_, kept, added, shares):
                found.share(shares, found.mean(left * added))
                left = left * kept
            case Acts():
                taken: Row = 0.0
                for effect in move.effects:
                    found.add(move.claims, effect.by, left * effect.added)
                    taken = taken + effect.taken
                left = left * (1 - taken)
            case Start(row, shares):
                amount = found.mean(left * row)
                found.start += 0.0 if shares else amount
                found.share(shares, amount)
    return found.parts()


def _retold(moves: Sequence[Move]) -> Sequence[Move]:
    """The moves from the start that a first assessment gave."""
    for place, move in enumerate(moves):
        if isinstance(move, Restarted):
            return [*move.since, *moves[place + 1 :]]
    return moves


def steps(course: Course) -> Parts:
    """Return by how much each claim moved the mean, from its start to the end of a traced course.

    A first assessment moves nothing: it says where the pair was.
    """
    found = _Sums(course.rows)
    for move in course.moves:
        match move:
            case Drift(row):
                found.drift += found.mean(row)
            case Assessed(before, kept, added, shares, first):
                step = 0.0 if first else found.mean(added + (kept - 1) * before)
                found.share(shares, step)
            case Acts(before=before):
                for effect in move.effects:
                    found.add(move.claims, effect.by, effect.added - effect.taken * before)
                for claim, amount in move.alone.items():
                    found.alone[claim] += amount
    return found.parts()


class _Sums:
    """Amounts by claim while they are summed, over all worlds."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.by_claim: dict[UUID, float] = defaultdict(float)
        self.alone: dict[UUID, float] = defaultdict(float)
        self.start = self.drift = 0.0

    def mean(self, row: Row) -> float:
        return float(self.rows.total(row)) / N

    def add(self, claims: Sequence[UUID], by: Row, amounts: Row) -> None:
        for claim, amount in zip(claims, self.rows.sums(by, amounts, len(claims)), strict=True):
            self.by_claim[claim] += amount / N

    def share(self, shares: Mapping[UUID, float], amount: float) -> None:
        for claim, part in shares.items():
            self.by_claim[claim] += part * amount

    def parts(self) -> Parts:
        return Parts(dict(self.by_claim), self.start, self.drift, dict(self.alone))

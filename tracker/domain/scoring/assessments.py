"""The levels that some claims assess at the close of a day: what they say together."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moves import TOP
from tracker.domain.scoring.rows import Row
from tracker.domain.scoring.tables import N
from tracker.domain.scoring.truth import Truths

# From such a p on a pair starts where a first assessment puts it; a smaller p pulls it towards 0.
STARTS_P = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRoot:
    """The level that a root assesses: the mean of its claims' levels and sds, the largest p."""

    root: UUID
    value: float
    sd: float
    p: float
    claims: tuple[UUID, ...]

    @property
    def precision(self) -> float:
        return 1 / self.sd**2


class Said(NamedTuple):
    """What some roots say in each world: whether any is right, and the level of those that are,
    with their error, and its variance."""

    is_true: Row
    level: Row
    variance: Row


class Assessments:
    """The levels assessed at the close of a day: those of one root are one, and independent ones
    are joined by their precision."""

    def __init__(self, found: Iterable[Pull]) -> None:
        of_root: dict[UUID, list[Pull]] = defaultdict(list)
        for pull in found:
            of_root[pull.roots[0]].append(pull)
        self.roots = [_of_root(root, of_root[root]) for root in sorted(of_root)]
        # The probability that any of them is right.
        self.p = 1 - math.prod(1 - one.p for one in self.roots)

    def said(self, truths: Truths, *, month: int) -> Said:
        rows = truths.rows
        precision = total = rows.row([0.0] * N)
        for one in self.roots:
            held = truths.of(one.root, one.p, month=month) * one.precision
            total = total + held * (one.value + one.sd * truths.error(one.root))
            precision = precision + held
        is_true = precision > 0
        variance = 1 / rows.where(is_true, precision, 1.0)
        return Said(is_true, total * variance, variance)

    def known(self, before: float, least: float) -> float:
        """Return what is known of the level after them, as a variance. When used, what is known
        before them is no less than `least`; doubtful ones move it by their p."""
        precision = 1 / max(before, least) + math.fsum(one.precision for one in self.roots)
        return before + self.p * (1 / precision - before)

    def shares(self) -> Mapping[UUID, float]:
        """Return the share of each claim in what they say."""
        return self.by_claim([one.p * one.precision for one in self.roots])

    def by_claim(self, weights: Sequence[float]) -> Mapping[UUID, float]:
        """Return the share of each claim, by the weights of the roots."""
        total = math.fsum(weights)
        return {
            claim: weight / total / len(one.claims)
            for one, weight in zip(self.roots, weights, strict=True)
            for claim in one.claims
        }


def _of_root(root: UUID, pulls: Sequence[Pull]) -> OfRoot:
    return OfRoot(
        root=root,
        value=math.fsum(pull.value for pull in pulls) / len(pulls),
        sd=math.fsum(pull.sd or 0.0 for pull in pulls) / len(pulls),
        p=max(pull.p for pull in pulls),
        claims=tuple(pull.claim for pull in pulls),
    )


class Beginning:
    """Where a pair starts of which the first assessments are the only thing known. Doubt about what
    a root says widens the start towards the sd of an `unknown` level, and does not pull it to 0,
    unless all are rather wrong than right."""

    def __init__(self, first: Assessments, unknown: float) -> None:
        weights = [_information(one, unknown) for one in first.roots]
        total = math.fsum(weights)
        values = (w * one.value for w, one in zip(weights, first.roots, strict=True))
        self._unknown = unknown
        self.value = math.fsum(values) / total * min(1.0, first.p / STARTS_P)
        self.variance = 1 / (total + _nothing_right(1 - first.p, unknown))
        self.shares = first.by_claim(weights)

    def row(self, truths: Truths, said: Said) -> Row:
        """Return the start in each world: what is said where it is right, and anything around it
        elsewhere. It is moved by up to half its sd so that its mean is what is said; where the ends
        of the scale want more, the doubt stays, and the mean gives way."""
        rows, most = truths.rows, math.sqrt(self.variance) / 2
        anything = self.value + self._unknown * truths.own("start")
        level, moved = rows.where(said.is_true, said.level, anything), 0.0
        for _ in range(60):
            x = rows.larger(rows.smaller(level + moved, TOP), -TOP)
            following = moved + self.value - rows.total(x) / N
            following = max(-most, min(most, following))
            if abs(following - moved) < 1e-12:
                break
            moved = following
        return x


def _information(one: OfRoot, unknown: float) -> float:
    """The precision of a start by what one root says, beyond that of nothing where it is wrong. No
    assessment says less than nothing."""
    if not unknown:
        return one.precision
    wrong = 1 - one.p
    variance = one.p * min(one.sd, unknown) ** 2 + wrong * unknown**2
    return 1 / variance - _nothing_right(wrong, unknown)


def _nothing_right(wrong: float, unknown: float) -> float:
    """The precision that is left in so many worlds of a level of which nothing is known."""
    return wrong / unknown**2 if unknown else 0.0

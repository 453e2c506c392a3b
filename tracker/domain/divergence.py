"""How far apart two lenses put one pair, and whether that is more than noise.

Two lenses measure one relation, so they share what is unknown of it. With the error of each side as
a sum over its independent causes, the variance of the difference is

    (s_A − s_B)² + Σ var(B_A·a − B_B·b)

s is what one sd of the unknown start (of a flow: of the unreported acts) adds to a side, a and b
are what a claim adds to each if it is true, and 0 where a lens does not count it. What nobody
recorded moved the one relation that both measure, and falls out. A claim that is true with the same
p on both sides is one draw, p(1 − p)(a − b)². Where p differs, since the blocs hear of it from
other sources, the draws are nested: what is true at the lower p is true at the higher. Claims that
are true or false together on either side, since they rest on one root, are one truth on both, even
if the other side leaves some of them out. The error of an assessed level is common too. Amounts are
points of the model that both lenses use.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from tracker.domain.scoring.amounts import Amounts
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Score, Scorer

# Roots that each side requires: with fewer, a single outlet decides.
ROOTS_NEEDED = 5
# Models of a ratio: see `_effect`.
RATIOS = frozenset({"cooperation"})

Reason = Literal["one lens", "different models", "too few roots"]


class Effect(NamedTuple):
    """What a claim adds to a score if it is true, and its p. For an assessed level: what an error
    of one sd adds, with a p of None."""

    amount: float
    p: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Where the error of a score comes from. `draws` numbers the claims that are true or false
    together, as in `Amounts`. `least_sd` is the least sd of the lens."""

    start_sd: float
    effects: Mapping[UUID, Effect]
    draws: Mapping[UUID, int] = field(default_factory=dict)
    least_sd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The score of a pair under one lens version ("standing@3"), and its independent roots. `reach`
    is that of the model."""

    lens: str
    model: str
    score: Score
    roots: int
    reach: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """The value of the first side minus that of the second, with its sd and its 90 % interval."""

    amount: float
    sd: float
    low: float
    high: float

    @property
    def apart(self) -> bool:
        """Whether the 90 % interval excludes 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotShown:
    """The reason why there is no divergence, for programs and as a sentence."""

    reason: Reason
    detail: str


def compare(first: Side, second: Side, *, sd: float | None) -> Divergence | NotShown:
    """Return the divergence of two sides on the same pair, direction and day, or why there is none.

    `sd` is that of the difference, which `sd_between` gives; it is needed if there is one.
    """
    if reason := reason_against(first, second):
        return reason
    if sd is None:
        raise ValueError(f"{first.lens} and {second.lens} diverge, but the sd is missing")
    amount = first.score.value - second.score.value
    reach = max(first.reach, second.reach) * sd
    return Divergence(amount=amount, sd=sd, low=amount - reach, high=amount + reach)


def reason_against(first: Side, second: Side) -> NotShown | None:
    """Return why two sides have no divergence, if they have none.

    There is none for a lens and itself, for models that measure different quantities, and where a
    side has fewer than five roots.
    """
    if first.lens == second.lens:
        return NotShown(reason="one lens", detail=f"{first.lens} does not diverge from itself")
    if first.model != second.model:
        detail = f"{first.lens} measures {first.model}, {second.lens} {second.model}"
        return NotShown(reason="different models", detail=detail)
    scarce = [side for side in (first, second) if side.roots < ROOTS_NEEDED]
    if scarce:
        return NotShown(reason="too few roots", detail=", ".join(map(_scarcity, scarce)))
    return None


def _scarcity(side: Side) -> str:
    return f"{side.lens} has {side.roots} of {ROOTS_NEEDED} roots"


def errors(
    scorer: Scorer,
    pulls: Sequence[Pull],
    days: Sequence[date],
    *,
    model: str,
    least_sd: float = 0.0,
) -> Iterator[Errors]:
    """Yield where the error of the score on each of the days, which ascend, comes from.

    `pulls` are those of the series, in claim-id order; `least_sd` as in `Errors`.
    """
    # A level of 0 contributes 0, which would not show how much it weighs.
    weighed = [
        pull._replace(value=1.0) if pull.sd is not None and not pull.value else pull
        for pull in pulls
    ]
    for amounts in scorer.amounts_over(weighed, days):
        effects = _effects(weighed, amounts, model=model)
        yield Errors(
            start_sd=_start_sd(amounts.start_sd, effects),
            effects=effects,
            draws=amounts.draws,
            least_sd=least_sd,
        )


def _effects(pulls: Sequence[Pull], amounts: Amounts, *, model: str) -> dict[UUID, Effect]:
    """The effect of each claim."""
    ratio = sum(amounts.by_claim.values(), 0.0) if model in RATIOS else None
    return {
        pull.claim: _effect(pull, amounts.by_claim[pull.claim], ratio)
        for pull in pulls
        if pull.claim in amounts.by_claim
    }


def _effect(pull: Pull, amount: float, ratio: float | None) -> Effect:
    """The effect of a claim with a contribution.

    A ratio r = (C − K)/(C + K + κ) grows by c·(1 − r)/T with an act of cooperation c, and falls by
    c·(1 + r)/T with one of conflict, T the mass C + K + κ: the acts of the other kind count for
    less. A level and `tone` change by the contribution alone.
    """
    if pull.sd is not None:
        return Effect(amount / pull.value * pull.sd / math.sqrt(pull.p), None)
    if ratio is not None:
        amount *= 1 - ratio if amount > 0 else 1 + ratio
    return Effect(amount / pull.p, pull.p)


def _start_sd(sd: float, effects: Mapping[UUID, Effect]) -> float:
    """The sd from the unknown start, without that of assessed levels, which are claims."""
    variance = sd * sd
    for effect in effects.values():
        if effect.p is None:
            variance -= effect.amount * effect.amount
    return math.sqrt(max(0.0, variance))


def sd_between(one: Errors, other: Errors) -> float:
    """Return the sd of the difference of two scores: at least the larger `least_sd`."""
    variance = (one.start_sd - other.start_sd) * (one.start_sd - other.start_sd)
    for truth in _truths(one, other):
        variance += _variance(truth)
    return max(one.least_sd, other.least_sd, math.sqrt(max(0.0, variance)))


def _truths(one: Errors, other: Errors) -> Iterable[list[Effect]]:
    """What the claims of each truth add to the difference, in claim-id order. Claims that share a
    draw on either side are one truth, and so are those that such claims connect."""
    first_of = _connected(one, other)
    truths: dict[UUID, list[Effect]] = {}
    for claim in sorted({*one.effects, *other.effects}, key=lambda claim: claim.int):
        effects = truths.setdefault(first_of(claim), [])
        if claim in one.effects:
            effects.append(one.effects[claim])
        if claim in other.effects:
            amount, p = other.effects[claim]
            effects.append(Effect(-amount, p))
    return truths.values()


def _connected(one: Errors, other: Errors) -> Callable[[UUID], UUID]:
    """A function that gives the claims that draws of either side connect the same claim."""
    towards: dict[UUID, UUID] = {}

    def end(claim: UUID) -> UUID:
        while claim in towards:
            following = towards[claim]
            towards[claim] = towards.get(following, following)
            claim = following
        return claim

    for side in (one, other):
        first_of_draw: dict[int, UUID] = {}
        for claim in side.effects:
            if claim in side.draws:
                own, first = end(claim), end(first_of_draw.setdefault(side.draws[claim], claim))
                if own != first:
                    towards[own] = first
    return end


def _variance(effects: Iterable[Effect]) -> float:
    """The variance of what the claims of one truth add to a difference. Each is true if that with
    the next lower p is, so two have the covariance p(1 − q) with p the lower one."""
    error = 0.0
    by_p: dict[float, float] = defaultdict(float)
    for amount, p in effects:
        if p is None:
            error += amount
        else:
            by_p[p] += amount
    variance, lower = error * error, 0.0
    for p, amount in sorted(by_p.items()):
        variance += (1 - p) * (p * amount * amount + 2 * amount * lower)
        lower += p * amount
    return variance

"""How far apart two lenses put one pair, and whether that is more than noise.

Two lenses measure one relation, so they share what is unknown of it. With the error of each side as
a sum over its independent causes, the variance of the difference is

    (s_A − s_B)² + Σ var(B_A·a − B_B·b)

s is what one sd of the unknown start (of a flow: of the unreported acts) adds to a side, a and b
are what a claim adds to each if it is true, and 0 where a lens does not count it. What nobody
recorded moved the one relation that both measure, and falls out. A claim that is true with the same
p on both sides is one draw, p(1 − p)(a − b)². Where p differs, since the blocs hear of it from
other sources, the draws are nested: what is true at the lower p is true at the higher. Claims that
are true or false together, since they rest on one root, are one draw. The error of an assessed
level is common too. Amounts are points of the model that both lenses use.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Z_90, Explanation, Score, Scorer

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


_NO_EFFECT = Effect(0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Where the error of a score comes from. Claims that are true or false together are added up
    under the first of them. `start` names what is unknown at the beginning: it is
    common to sides with the same name. `least_sd` is the least sd of the lens."""

    start: object
    start_sd: float
    effects: Mapping[UUID, Effect]
    least_sd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The score of a pair under one lens version ("standing@3"), and its independent roots."""

    lens: str
    model: str
    score: Score
    roots: int


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


def compare(first: Side, second: Side, *, sd: Callable[[], float]) -> Divergence | NotShown:
    """Return the divergence of two sides on the same pair, direction and day, or why there is none.

    There is none for a lens and itself, for models that measure different quantities, and where a
    side has fewer than five roots. `sd` gives that of the difference, and is called if there is
    one.
    """
    if first.lens == second.lens:
        return NotShown(reason="one lens", detail=f"{first.lens} does not diverge from itself")
    if first.model != second.model:
        detail = f"{first.lens} measures {first.model}, {second.lens} {second.model}"
        return NotShown(reason="different models", detail=detail)
    scarce = [side for side in (first, second) if side.roots < ROOTS_NEEDED]
    if scarce:
        return NotShown(reason="too few roots", detail=", ".join(map(_scarcity, scarce)))
    amount, of_both = first.score.value - second.score.value, sd()
    low, high = amount - Z_90 * of_both, amount + Z_90 * of_both
    return Divergence(amount=amount, sd=of_both, low=low, high=high)


def _scarcity(side: Side) -> str:
    return f"{side.lens} has {side.roots} of {ROOTS_NEEDED} roots"


def errors(
    scorer: Scorer,
    pulls: Sequence[Pull],
    day: date,
    *,
    model: str,
    start: object = None,
    least_sd: float = 0.0,
) -> Errors:
    """Return where the error of the score on `day` comes from. `pulls` are those of the series;
    `start` and `least_sd` as in `Errors`."""
    # A level of 0 contributes 0, which would not show how much it weighs.
    weighed = [
        pull._replace(value=1.0) if pull.sd is not None and not pull.value else pull
        for pull in pulls
    ]
    explanation = scorer.contributions(weighed, day)
    amounts = {part.claim: part.amount for part in explanation.parts}
    claims = [pull for pull in weighed if pull.claim in amounts]
    effects: dict[UUID, Effect] = {}
    first_of: dict[int, UUID] = {}
    for pull in claims:
        effect = _effect(pull, amounts[pull.claim], explanation, model=model)
        draw = explanation.draws.get(pull.claim)
        first = pull.claim if draw is None else first_of.setdefault(draw, pull.claim)
        before = effects.get(first, _NO_EFFECT)
        effects[first] = Effect(before.amount + effect.amount, effect.p)
    return Errors(
        start=start, start_sd=_start_sd(explanation, effects), effects=effects, least_sd=least_sd
    )


def _start_sd(explanation: Explanation, effects: Mapping[UUID, Effect]) -> float:
    """The sd from the unknown start, without that of assessed levels, which are claims."""
    variance = explanation.start_sd * explanation.start_sd
    for effect in effects.values():
        if effect.p is None:
            variance -= effect.amount * effect.amount
    return math.sqrt(max(0.0, variance))


def _effect(pull: Pull, amount: float, explanation: Explanation, *, model: str) -> Effect:
    """The effect of a claim with a contribution.

    A ratio r = (C − K)/(C + K + κ) grows by c·(1 − r)/T with an act of cooperation c, and falls by
    c·(1 + r)/T with one of conflict, T the mass C + K + κ: the acts of the other kind count for
    less. A level and `tone` change by the contribution alone.
    """
    if pull.sd is not None:
        return Effect(amount / pull.value * pull.sd / math.sqrt(pull.p), None)
    if model in RATIOS:
        ratio = explanation.value
        amount *= 1 - ratio if amount > 0 else 1 + ratio
    return Effect(amount / pull.p, pull.p)


def sd_between(one: Errors, other: Errors) -> float:
    """Return the sd of the difference of two scores: at least the larger `least_sd`."""
    if one.start == other.start:
        variance = (one.start_sd - other.start_sd) * (one.start_sd - other.start_sd)
    else:
        variance = one.start_sd * one.start_sd + other.start_sd * other.start_sd
    for claim in sorted({*one.effects, *other.effects}, key=lambda claim: claim.int):
        effects = (side.effects.get(claim, _NO_EFFECT) for side in (one, other))
        variance += _variance(*effects)
    return max(one.least_sd, other.least_sd, math.sqrt(max(0.0, variance)))


def _variance(one: Effect, other: Effect) -> float:
    """The variance of the difference of what one claim adds to two scores."""
    (a, p), (b, q) = one, other
    if p is None or q is None:
        return (a - b) * (a - b)
    if p == q:
        return p * (1 - p) * ((a - b) * (a - b))
    both = min(p, q) * (1 - max(p, q))
    return p * (1 - p) * a * a + q * (1 - q) * b * b - 2 * a * b * both

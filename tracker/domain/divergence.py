"""How far apart two lenses put one pair, and whether that is more than noise.

Amounts are points of the model that both lenses use.
"""

import math
from dataclasses import dataclass
from typing import Literal

from tracker.domain.scoring.moments import Z_90, Score

# Roots that each side requires: with fewer, a single outlet decides.
ROOTS_NEEDED = 5

Reason = Literal["one lens", "different models", "too few roots"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The score of a pair under one lens version ("standing@3"), and its independent roots."""

    lens: str
    model: str
    score: Score
    roots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """The value of the first side minus that of the second, with its sd and its 90 % interval.

    The sd is √(sd₁² + sd₂²), for independent errors. Sides that share claims or a starting point
    have a smaller sd, so a divergence that is reported is real.
    """

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


def compare(first: Side, second: Side) -> Divergence | NotShown:
    """Return the divergence of two sides on the same pair, direction and day, or why there is none.

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
    amount = first.score.value - second.score.value
    sd = math.sqrt(first.score.sd * first.score.sd + second.score.sd * second.score.sd)
    return Divergence(amount=amount, sd=sd, low=amount - Z_90 * sd, high=amount + Z_90 * sd)


def _scarcity(side: Side) -> str:
    return f"{side.lens} has {side.roots} of {ROOTS_NEEDED} roots"

"""The divergence of two lenses: how far apart they put one pair, and if that is more than doubt.

Amounts are in the points of the model that both lenses use.
"""

import math
from dataclasses import dataclass
from typing import Literal

from tracker.domain.scoring.moments import Z_90, Score

# Roots that each side must have: below, one outlet more or less decides.
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
    """The first side's value less the second's, with its sd and its 90 % interval.

    The sd is √(sd₁² + sd₂²), as of sides that err apart. Where they share claims, or do not know
    the same start, it is too wide rather than too narrow: what it calls apart is apart.
    """

    amount: float
    sd: float
    low: float
    high: float

    @property
    def apart(self) -> bool:
        """Whether the 90 % interval leaves out 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotShown:
    """Why there is no divergence to show, as a word to branch on and as a sentence."""

    reason: Reason
    detail: str


def compare(one: Side, other: Side) -> Divergence | NotShown:
    """Give the divergence of two sides on the same pair, direction and day, or why it is not shown.

    It is not shown of a lens and itself, of models that measure different quantities, and where
    a side has fewer than five roots.
    """
    if one.lens == other.lens:
        return NotShown(reason="one lens", detail=f"{one.lens} does not diverge from itself")
    if one.model != other.model:
        detail = f"{one.lens} measures {one.model}, {other.lens} {other.model}"
        return NotShown(reason="different models", detail=detail)
    scarce = [side for side in (one, other) if side.roots < ROOTS_NEEDED]
    if scarce:
        return NotShown(reason="too few roots", detail=", ".join(map(_scarcity, scarce)))
    amount = one.score.value - other.score.value
    sd = math.sqrt(one.score.sd * one.score.sd + other.score.sd * other.score.sd)
    return Divergence(amount=amount, sd=sd, low=amount - Z_90 * sd, high=amount + Z_90 * sd)


def _scarcity(side: Side) -> str:
    return f"{side.lens} has {side.roots} of {ROOTS_NEEDED} roots"

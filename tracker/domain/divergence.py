"""How far apart two lenses put one pair, and whether that is more than noise.

Two lenses measure one relation in the same worlds: what is unknown of its start, what nobody
reported, and whether a root is right are the same for both. So the difference is that of the two
levels in each world.
"""

from dataclasses import dataclass
from typing import Literal

from tracker.domain.scoring.moments import Score
from tracker.domain.scoring.plain_rows import fastest
from tracker.domain.scoring.rows import Row

# Roots that each side requires: with fewer, a single outlet decides.
ROOTS_NEEDED = 5

Reason = Literal["one lens", "different models", "no level", "too few roots"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The score of a pair under one lens version ("standing@3"), and its independent roots.
    `worlds` are those of a level; None for a flow."""

    lens: str
    model: str
    score: Score
    roots: int
    worlds: Row


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


def compare(first: Side, second: Side) -> Divergence | NotShown:
    """Return the divergence of two sides on the same pair, direction and day, or why there is
    none."""
    if reason := reason_against(first, second):
        return reason
    [found] = fastest().summaries([first.worlds - second.worlds])
    amount = first.score.value - second.score.value
    return Divergence(amount=amount, sd=found.sd, low=found.quantiles[0], high=found.quantiles[-1])


def reason_against(first: Side, second: Side) -> NotShown | None:
    """Return why two sides have no divergence, if they have none.

    There is none for a lens and itself, for models that measure different quantities or are no
    level, and where a side has fewer than five roots.
    """
    if first.lens == second.lens:
        return NotShown(reason="one lens", detail=f"{first.lens} does not diverge from itself")
    if first.model != second.model:
        detail = f"{first.lens} measures {first.model}, {second.lens} {second.model}"
        return NotShown(reason="different models", detail=detail)
    if first.worlds is None:
        detail = f"{first.model} is no level: only levels are compared"
        return NotShown(reason="no level", detail=detail)
    scarce = [side for side in (first, second) if side.roots < ROOTS_NEEDED]
    if scarce:
        return NotShown(reason="too few roots", detail=", ".join(map(_scarcity, scarce)))
    return None


def _scarcity(side: Side) -> str:
    return f"{side.lens} has {side.roots} of {ROOTS_NEEDED} roots"

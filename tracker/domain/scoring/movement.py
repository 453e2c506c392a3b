"""How far recorded acts moved a level over a window: the movement with its interval and chances."""

from typing import NamedTuple

from tracker.domain.scoring.distributions import normal_cdf

# A smaller amount, or sd, is what rounding leaves of 0.
LEAST = 1e-9
_Z_90 = 1.645


class Movement(NamedTuple):
    """The expected movement in points, its 90 % interval, and the probabilities that the level fell
    and that it rose. They may not add up to 1: it may not have moved."""

    value: float
    low: float
    high: float
    fell: float
    rose: float


def zeroed(amount: float) -> float:
    """Return an amount; 0 if only a rounding error separates it from 0."""
    return amount if abs(amount) > LEAST else 0.0


def normal(value: float, sd: float) -> Movement:
    """Return a movement that is normally distributed."""
    if not sd:
        return Movement(value, value, value, float(value < -LEAST), float(value > LEAST))
    fell = normal_cdf(-value / sd)
    return Movement(value, value - _Z_90 * sd, value + _Z_90 * sd, fell, 1 - fell)

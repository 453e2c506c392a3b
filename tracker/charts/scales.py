"""The scales of pictures: as wide as what they show needs, and one for all lines of a table."""

import math
from collections.abc import Iterable, Sequence

from tracker.charts.plot import ChartPoint, Scale

# A movement, and a line of a table, has at least one point of room each way, and a level three in
# all.
LEAST_REACH, LEAST_LEVELS = 1.0, 3.0
# Steps between ticks. The first that leaves at most so many is taken.
STEPS, MOST_TICKS = (0.1, 0.2, 0.5, 1.0, 2.0, 3.0), 7


def of_movement(
    points: Sequence[ChartPoint], *, top: float, ends: tuple[str, str] = ("", "")
) -> Scale:
    """The scale of a movement in points: from −1 to +1, and further where the interval is. A level
    on −`top`..`top` moves by twice that at most."""
    low = min(-LEAST_REACH, *(point.low for point in points))
    high = max(LEAST_REACH, *(point.high for point in points))
    return rounded(max(low, -2 * top), min(high, 2 * top), ends=ends)


def of_values(
    points: Sequence[ChartPoint], *, top: float, ends: tuple[str, str] = ("", "")
) -> Scale:
    """The scale of values around 0: the same distance each way, at least a ninth of the whole."""
    reach = max(top / 9, *(abs(end) for point in points for end in (point.low, point.high)))
    around = rounded(-min(reach, top), min(reach, top))
    reach = min(top, max(around.top, -around.least))
    return rounded(-reach, reach, ends=ends)


def of_levels(points: Sequence[ChartPoint], values: Iterable[float], *, top: float) -> Scale:
    """The scale of levels, with their bands: as wide as the intervals and further `values`."""
    numbers = [*values, *(end for point in points for end in (point.low, point.high))]
    low, high = max(-top, math.floor(min(numbers))), min(top, math.ceil(max(numbers)))
    if high - low < LEAST_LEVELS:
        low = max(-top, min(low - 1, top - LEAST_LEVELS))
        high = min(top, low + LEAST_LEVELS)
    ticks = rounded(low, high).ticks
    return Scale(
        low=low, top=high, ticks=[tick for tick in ticks if low <= tick <= high], banded=True
    )


def of_sparks(lines: Iterable[Iterable[float]]) -> float:
    """The largest distance from 0 that any line of a table has, at least 1: the scale of all of its
    sparklines."""
    return max([LEAST_REACH, *(abs(value) for line in lines for value in line)])


def rounded(low: float, high: float, *, ends: tuple[str, str] = ("", "")) -> Scale:
    """From the tick below the lowest to the tick above the highest value."""
    step = next((one for one in STEPS if (high - low) / one <= MOST_TICKS), STEPS[-1])
    # A value that is beyond a tick by rounding alone is on it.
    first, last = math.ceil(-low / step - 1e-6), math.ceil(high / step - 1e-6)
    ticks = [round(step * number, 1) for number in range(-first, last + 1)]
    return Scale(low=ticks[0], top=ticks[-1], ticks=ticks, ends=ends)

"""The axes of pictures: sizes, scales that are as wide as what they show needs, and ticks."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.language_formats import day_name, month_name, year_name

# A movement, and a line of a table, has at least one point of room each way, and a level three in
# all.
LEAST_REACH, LEAST_LEVELS = 1.0, 3.0
# Steps between ticks. The first that leaves at most so many is taken.
STEPS, MOST_TICKS = (0.1, 0.2, 0.5, 1.0, 2.0, 3.0), 7
# The width of a label of a day, in points. Months between ticks, and days on a short axis, of which
# the first that leaves room is taken. Up to so many days an axis has days.
LABEL_WIDTH = 78
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
DAYS, MOST_DAYS = (1, 2, 7, 14, 28), 60
# The height of a row of the lane of events, and the distance of the first row from the plot.
ROW, ABOVE_LANE = 21.0, 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPoint:
    """The value at the end of a day, with its interval; of a flow twice the value."""

    day: date
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotSize:
    """The size of a plot without its lane, in points, and the size of its letters. A `wide` plot
    has notes in words; `rows` is the most rows of the lane below it."""

    width: int
    height: int
    wide: bool = True
    text: float = 12
    rows: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The least and the largest value, the ticks between them, and the names of the low and the
    high end. A `banded` one is of levels, and has their bands behind the line."""

    low: float
    top: float
    ticks: Sequence[float]
    ends: tuple[str, str] = ("", "")
    banded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Where days and values are, in points from the left and the top. The lane below has `rows`."""

    start: date
    end: date
    scale: Scale
    size: PlotSize
    rows: int = 0

    @property
    def height(self) -> float:
        """The height of the plot and the lane."""
        return self.size.height + (ABOVE_LANE + ROW * self.rows if self.rows else 0.0)

    @property
    def floor(self) -> float:
        """The value at the lower edge of the lane, into which the scale continues."""
        share = self.height / self.size.height
        return self.scale.top - share * (self.scale.top - self.scale.low)

    def x(self, day: date) -> float:
        return (day - self.start).days / ((self.end - self.start).days or 1) * self.size.width

    def y(self, value: float) -> float:
        share = (self.scale.top - value) / (self.scale.top - self.scale.low)
        return share * self.size.height

    def row(self, number: int) -> float:
        """The middle of a row of the lane."""
        return self.size.height + ABOVE_LANE + ROW * (number + 0.5)


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
    reach = max(top / 9, *(abs(point.value) for point in points))
    around = rounded(-min(reach, top), min(reach, top))
    reach = min(top, max(around.top, -around.low))
    return rounded(-reach, reach, ends=ends)


def of_levels(points: Sequence[ChartPoint], values: Iterable[float], *, top: float) -> Scale:
    """The scale of levels, with their bands: as wide as the intervals and further `values`."""
    numbers = [*values, *(end for point in points for end in (point.low, point.high))]
    low, high = max(-top, math.floor(min(numbers))), min(top, math.ceil(max(numbers)))
    if high - low < LEAST_LEVELS:
        low = max(-top, min(low - 1, top - LEAST_LEVELS))
        high = min(top, low + LEAST_LEVELS)
    ticks = [tick for tick in rounded(low, high).ticks if low <= tick <= high]
    return Scale(low=low, top=high, ticks=ticks, banded=True)


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


def time_ticks(start: date, end: date, *, width: float) -> list[tuple[date, str]]:
    """The days with a tick and their labels, from `start` to `end`, both included, on an axis of so
    many points."""
    length, most = (end - start).days, max(1, int(width // LABEL_WIDTH))
    if length <= MOST_DAYS:
        # A day has a longer label than a month.
        step = next((days for days in DAYS if length / days <= most / 1.3), DAYS[-1])
        every = (start + timedelta(days=n) for n in range(0, length + 1, step))
        return [(day, day_name(day, short=True)) for day in every]
    months = next((months for months in MONTHS if length / 30.4 / months <= most), MONTHS[-1])
    numbers = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    firsts = [date(n // 12, n % 12 + 1, 1) for n in numbers if n % months == 0 and n >= 12]
    shown = [day for day in firsts if start <= day <= end]
    if months < 12:
        return [(day, month_name(day, short=True)) for day in shown]
    return [(day, year_name(day.year)) for day in shown]

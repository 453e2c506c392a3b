"""Several movements on one axis: each a line of its own colour, dashes and shape, with its 90 %
interval where it ends. Here are the places of everything; a template draws them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, floor
from textwrap import shorten

from tracker.charts.drawing import letters
from tracker.language_formats import day_name, month_name, year_name
from tracker.wording import signed

# The shapes of the last points, in order: a circle, a square, a diamond, a cross.
SHAPES = (
    "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z",
    "M-4.5 -4.5h9v9h-9Z",
    "M0 -6.5L6.5 0L0 6.5L-6.5 0Z",
    "M-2 -6h4v4h4v4h-4v4h-4v-4h-4v-4h4Z",
)
MOST_LINES = len(SHAPES)
# Intervals of lines are filled only where so few do not cover one another.
MOST_FILLED = 2
# In points: from the plot to the first interval, between two, and between labels; the edges of the
# picture, and the width of a letter.
GAP, APART, LABEL_APART = 14, 16, 18
LEFT, TOP, FOOT, LETTER = 44, 14, 28, 8.5
LETTERS = 24
# The axis shows at least this movement each way, and this many days before the first act.
LEAST, LEAD = 1.0, 14
# A time axis of so many days names days, and of more than so many years.
FEW_DAYS, MANY_DAYS = 60, 1_500
YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesSize:
    """The size of the plot in points, and the most ticks of its days. A `wide` picture names its
    lines, a narrow one has their letters."""

    width: int
    height: int
    ticks: int
    wide: bool = True


WIDE = LinesSize(width=470, height=280, ticks=6)
MIDDLE = LinesSize(width=400, height=240, ticks=4, wide=False)
NARROW = LinesSize(width=190, height=220, ticks=2, wide=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPoint:
    """A movement in points up to the close of a day, with its 90 % interval."""

    day: date
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedLine:
    """A line with the letter that stands for it on small pictures; it is thin after the day of its
    last source, `reported`."""

    letter: str
    name: str
    points: Sequence[MovedPoint]
    reported: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMark:
    """A claim on a line: its day, the value of the line there, and whether it pulls upwards."""

    day: date
    at: float
    good: bool
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A tick, in points from the left or the top, with its text."""

    at: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLine:
    """A line with its place from 1 on: the points up to its last source and after it, its interval
    over time (empty if that is not filled), and its end: the interval, the value and the label."""

    place: int
    known: str
    late: str
    haze: str
    shape: str
    x: float
    y: float
    low: float
    high: float
    label: str
    label_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnMark:
    x: float
    y: float
    good: bool
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLines:
    """A picture in a box of `width` × `height` points; the plot goes from `left` to `right` and
    from `top` to `floor`. Labels begin at `label_x`."""

    width: int
    height: int
    left: int
    right: int
    top: int
    floor: int
    zero: float
    label_x: int
    lines: Sequence[DrawnLine]
    marks: Sequence[DrawnMark]
    values: Sequence[Tick]
    days: Sequence[Tick]


def moved_lines(
    lines: Sequence[MovedLine],
    *,
    size: LinesSize = WIDE,
    end: date,
    marks: Sequence[ClaimMark] = (),
) -> DrawnLines:
    """Place the lines over the same days, up to `end`, each stepped from one act to the next."""
    plot = _Plot(lines, size, end)
    drawn = [_drawn(place, line, plot, len(lines)) for place, line in enumerate(lines)]
    tops = _labels([line.y for line in drawn], TOP + size.height)
    drawn = [replace(line, label_y=top) for line, top in zip(drawn, tops, strict=True)]
    label_x = LEFT + size.width + GAP + APART * len(lines)
    longest = max((letters(line.label) for line in drawn), default=0)
    return DrawnLines(
        width=ceil(label_x + LETTER * longest),
        height=TOP + size.height + FOOT,
        left=LEFT,
        right=LEFT + size.width,
        top=TOP,
        floor=TOP + size.height,
        zero=plot.y(0),
        label_x=label_x,
        lines=drawn,
        marks=[plot.mark(mark) for mark in marks if plot.start <= mark.day <= end],
        values=[Tick(at=plot.y(value), text=signed(value)) for value in _values(plot)],
        days=[
            Tick(at=plot.x(day), text=text)
            for day, text in day_ticks(plot.start, end, most=size.ticks)
        ],
    )


class _Plot:
    """Where days and movements stand."""

    def __init__(self, lines: Sequence[MovedLine], size: LinesSize, end: date) -> None:
        first = min((line.points[0].day for line in lines), default=end)
        self.start = first - timedelta(days=max(LEAD, (end - first).days // 12))
        self.end, self.size = end, size
        self.low, self.high = reach(lines)

    def mark(self, mark: ClaimMark) -> DrawnMark:
        return DrawnMark(x=self.x(mark.day), y=self.y(mark.at), good=mark.good, title=mark.title)

    def x(self, day: date) -> float:
        share = (day - self.start).days / max(1, (self.end - self.start).days)
        return round(LEFT + self.size.width * share, 1)

    def y(self, value: float) -> float:
        share = (self.high - value) / (self.high - self.low)
        return round(TOP + self.size.height * share, 1)


def reach(lines: Sequence[MovedLine]) -> tuple[float, float]:
    """The ends of the axis, in halves of a point: the intervals fit, and a move of one point each
    way."""
    lows = [point.low for line in lines for point in line.points]
    highs = [point.high for line in lines for point in line.points]
    low, high = min([-LEAST, *lows]), max([LEAST, *highs])
    return floor(2 * low) / 2, ceil(2 * high) / 2


def stepped(points: Sequence[MovedPoint], end: date) -> list[MovedPoint]:
    """The points of a line that keeps its value until the day before the next, up to `end`."""
    steps: list[MovedPoint] = []
    for before, after in pairwise(points):
        steps.append(before)
        day = after.day - timedelta(days=1)
        if day > before.day:
            steps.append(replace(before, day=day))
    steps += points[-1:]
    if steps and steps[-1].day < end:
        steps.append(replace(steps[-1], day=end))
    return steps


def day_ticks(start: date, end: date, *, most: int) -> list[tuple[date, str]]:
    """Up to about `most` days of a span with their texts: days, first days of months, or years."""
    days = (end - start).days
    if days <= FEW_DAYS:
        step = max(1, ceil(days / most))
        first = start + timedelta(days=(days % step) // 2)
        found = [first + timedelta(days=step * number) for number in range(days // step + 1)]
        return [(day, day_name(day, short=True)) for day in found if day <= end][:most]
    months = [*_months(start, end)]
    step = next((one for one in (1, 2, 3, 6) if len(months) / one <= most), 0)
    if step and days <= MANY_DAYS:
        return [(day, month_name(day, short=True)) for day in months[::step]]
    years = [day for day in months if day.month == 1] or months[:1]
    step = ceil(len(years) / most)
    return [(day, year_name(day.year)) for day in years[::step]]


def _months(start: date, end: date) -> list[date]:
    """The first days of the months of a span."""
    first = YEAR * start.year + start.month - (start.day == 1)
    last = YEAR * end.year + end.month
    return [date(number // YEAR, number % YEAR + 1, 1) for number in range(first, last)]


def _drawn(place: int, line: MovedLine, plot: _Plot, count: int) -> DrawnLine:
    begun = [replace(line.points[0], day=plot.start), *line.points]
    steps = _with_day(stepped(begun, plot.end), line.reported)
    until = line.reported or plot.end
    last = line.points[-1]
    label = f"{line.letter} {signed(last.value)}"
    if plot.size.wide:
        label = f"{label} {shorten(line.name, LETTERS, placeholder=' …')}"
    return DrawnLine(
        place=place + 1,
        known=_path([(step.day, step.value) for step in steps if step.day <= until], plot),
        late=_path([(step.day, step.value) for step in steps if step.day >= until], plot),
        haze=_haze(steps, plot) if count <= MOST_FILLED else "",
        shape=SHAPES[place],
        x=LEFT + plot.size.width + GAP + APART * place,
        y=plot.y(last.value),
        low=plot.y(last.low),
        high=plot.y(last.high),
        label=label,
        label_y=0.0,
    )


def _path(places: Sequence[tuple[date, float]], plot: _Plot) -> str:
    """The points of an SVG polyline."""
    return " ".join(f"{plot.x(day):g},{plot.y(value):g}" for day, value in places)


def _haze(steps: Sequence[MovedPoint], plot: _Plot) -> str:
    """The points of an SVG polygon: the interval over time."""
    above = [(step.day, step.high) for step in steps]
    below = [(step.day, step.low) for step in reversed(steps)]
    return _path([*above, *below], plot)


def _with_day(points: Sequence[MovedPoint], day: date | None) -> list[MovedPoint]:
    """The points with one for a day between them, where the line changes its width."""
    before = [point for point in points if day and point.day <= day]
    if day is None or not before or before[-1].day == day or len(before) == len(points):
        return list(points)
    return [*before, replace(before[-1], day=day), *points[len(before) :]]


def _labels(wanted: Sequence[float], floor: float) -> list[float]:
    """Where labels stand, in points from the top: near what they name, and apart."""
    order = sorted(range(len(wanted)), key=lambda place: (wanted[place], place))
    found = list(wanted)
    least = 0.0
    for place in order:
        found[place] = max(found[place], least)
        least = found[place] + LABEL_APART
    most = floor
    for place in reversed(order):
        found[place] = min(found[place], most)
        most = found[place] - LABEL_APART
    return [round(top, 1) for top in found]


def _values(plot: _Plot) -> list[float]:
    """The values that the axis names: at most nine."""
    reach = plot.high - plot.low
    step = next(step for step in (0.5, 1, 2, 3, 5) if reach / step <= 8 or step == 5)
    first, last = ceil(plot.low / step), floor(plot.high / step)
    return [step * number for number in range(first, last + 1)]

"""Several movements on one axis as SVG: each a line of its own colour, dashes and shape, with its
90 % interval where it ends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from math import ceil
from textwrap import shorten

from django.utils.translation import gettext as _

from tracker.charts.axes import ChartPoint, Plot, PlotSize, of_movement, time_ticks
from tracker.charts.drawing import letters, number, tag, text, titled
from tracker.domain.levels import TOP
from tracker.wording import signed

# The shapes of the last points, in order: a circle, a square, a diamond, a cross.
SHAPES = (
    "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z",
    "M-4.5 -4.5h9v9h-9Z",
    "M0 -6.5L6.5 0L0 6.5L-6.5 0Z",
    "M-2 -6h4v4h4v4h-4v4h-4v-4h-4v-4h4Z",
)
# Intervals of lines are filled only where so few do not cover one another.
MOST_FILLED = 2
# In points: from the plot to the first interval, between two, and between labels; the edges of the
# picture, and the width of a letter.
GAP, APART, LABEL_APART = 14, 16, 18
LEFT, ABOVE, FOOT, LETTER = 44, 14, 28, 8.5
LETTERS = 24
# The axis shows at least so many days before the first act.
LEAD = 14

# A `wide` picture names its lines, the others have their letters.
WIDE = PlotSize(width=470, height=280)
MEDIUM = PlotSize(width=400, height=240, wide=False)
NARROW = PlotSize(width=190, height=220, wide=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedLine:
    """A line with the letter that stands for it on small pictures; it is thin after the day of its
    last source, `reported`."""

    letter: str
    name: str
    points: Sequence[ChartPoint]
    reported: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMark:
    """A claim on a line: its day, the value of the line there, and whether it pulls upwards."""

    day: date
    at: float
    good: bool
    title: str


def moved_lines(
    lines: Sequence[MovedLine],
    *,
    label: str,
    size: PlotSize = WIDE,
    end: date,
    marks: Sequence[ClaimMark] = (),
) -> str:
    """Draw the lines over the same days, up to `end`, each stepped from one act to the next;
    `label` is the picture in words."""
    plot = _plot(lines, size, end)
    steps = [_steps(line, plot) for line in lines]
    width, drawn = _drawn(lines, steps, plot)
    hazes = [
        tag("polygon", class_=f"haze look{place}", points=_haze(one, plot))
        for place, one in enumerate(steps, 1)
        if len(lines) <= MOST_FILLED
    ]
    inside = [
        *_axes(plot),
        *hazes,
        *drawn,
        *(_mark(one, plot) for one in marks if plot.start <= one.day <= end),
    ]
    box = f"{-LEFT} {-ABOVE} {width} {ABOVE + size.height + FOOT}"
    return tag("svg", *inside, class_="moves", viewBox=box, role="img", aria_label=label)


def _plot(lines: Sequence[MovedLine], size: PlotSize, end: date) -> Plot:
    points = [point for line in lines for point in line.points]
    first = min(point.day for point in points)
    start = first - timedelta(days=max(LEAD, (end - first).days // 12))
    return Plot(start=start, end=end, scale=of_movement(points, top=TOP), size=size)


def stepped(points: Sequence[ChartPoint], end: date) -> list[ChartPoint]:
    """The points of a line that keeps its value until the day before the next, up to `end`."""
    steps: list[ChartPoint] = []
    for before, after in pairwise(points):
        steps.append(before)
        day = after.day - timedelta(days=1)
        if day > before.day:
            steps.append(replace(before, day=day))
    steps.append(points[-1])
    if points[-1].day < end:
        steps.append(replace(points[-1], day=end))
    return steps


def _steps(line: MovedLine, plot: Plot) -> list[ChartPoint]:
    """The points from the edge of the plot on, with one for the day of the last source, where the
    line changes its width."""
    steps = stepped([replace(line.points[0], day=plot.start), *line.points], plot.end)
    day = line.reported
    before = [point for point in steps if day and point.day <= day]
    if day is None or not before or before[-1].day == day or len(before) == len(steps):
        return steps
    return [*before, replace(before[-1], day=day), *steps[len(before) :]]


def _axes(plot: Plot) -> list[str]:
    right, floor = plot.size.width, plot.size.height
    found = []
    for value in plot.scale.ticks:
        y = plot.y(value)
        found.append(tag("line", class_="grid", x2=right, y1=y, y2=y))
        found.append(text(-6, y + 4, signed(value), class_="axis", text_anchor="end"))
    for day, words in time_ticks(plot.start, plot.end, width=right):
        x = plot.x(day)
        found.append(tag("line", class_="grid", x1=x, x2=x, y1=floor, y2=floor + 5))
        found.append(text(x, floor + 19, words, class_="axis", text_anchor="middle"))
    zero = plot.y(0)
    found.append(tag("line", class_="zero", x2=right, y1=zero, y2=zero))
    found.append(text(5, 14, _("▲ better"), class_="axis"))
    found.append(text(5, floor - 6, _("▼ worse"), class_="axis"))
    return found


def _drawn(
    lines: Sequence[MovedLine], steps: Sequence[Sequence[ChartPoint]], plot: Plot
) -> tuple[int, list[str]]:
    """The width of the picture, and each line with its interval, its value and its label at its
    end."""
    labels = [_label(line, wide=plot.size.wide) for line in lines]
    tops = label_tops([plot.y(line.points[-1].value) for line in lines], plot.size.height)
    beside = plot.size.width + GAP + APART * len(lines)
    found = []
    for place, (line, own) in enumerate(zip(lines, steps, strict=True)):
        last, x = line.points[-1], plot.size.width + GAP + APART * place
        until = line.reported or plot.end
        known = [step for step in own if step.day <= until]
        late = [step for step in own if step.day >= until]
        at = f"translate({x} {number(plot.y(last.value))})"
        shapes = [
            tag("polyline", points=_path(known, "value", plot)),
            tag("polyline", class_="late", points=_path(late, "value", plot)) if late else "",
            tag("line", class_="whisker", x1=x, x2=x, y1=plot.y(last.low), y2=plot.y(last.high)),
            tag("path", d=SHAPES[place], transform=at),
            text(beside, tops[place] + 5, labels[place]),
        ]
        found.append(tag("g", *shapes, class_=f"look{place + 1}"))
    return ceil(LEFT + beside + LETTER * max(map(letters, labels))), found


def _label(line: MovedLine, *, wide: bool) -> str:
    label = f"{line.letter} {signed(line.points[-1].value)}"
    return f"{label} {shorten(line.name, LETTERS, placeholder=' …')}" if wide else label


def _path(steps: Sequence[ChartPoint], name: str, plot: Plot) -> str:
    """The points of an SVG polyline."""
    return " ".join(
        f"{number(plot.x(one.day))},{number(plot.y(getattr(one, name)))}" for one in steps
    )


def _haze(steps: Sequence[ChartPoint], plot: Plot) -> str:
    """The points of an SVG polygon: the interval over time."""
    return f"{_path(steps, 'high', plot)} {_path(steps[::-1], 'low', plot)}"


def _mark(mark: ClaimMark, plot: Plot) -> str:
    shape, way = ("M0 -8L8 6H-8Z", "better") if mark.good else ("M0 8L8 -6H-8Z", "worse")
    at = f"translate({number(plot.x(mark.day))} {number(plot.y(mark.at))})"
    return tag("path", titled(mark.title), class_=f"mark {way}", d=shape, transform=at)


def label_tops(wanted: Sequence[float], floor: float) -> list[float]:
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
    return found

"""Several movements on one axis as a Vega-Lite spec: each a line of its own colour, dashes and
shape, with its 90 % interval where it ends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, floor
from textwrap import shorten
from typing import Any

from django.utils.translation import gettext as _

from tracker.charts.drawing import (
    DOWN,
    INK,
    LINE,
    QUIET,
    SCHEMA,
    UP,
    Spec,
    axes,
    quantity,
    time_axis,
)
from tracker.charts.pair_chart import PlotSize
from tracker.wording import signed

WIDE, MIDDLE, NARROW = (
    PlotSize(width=560, height=320),
    PlotSize(width=400, height=260, wide=False),
    PlotSize(width=212, height=240, wide=False),
)
# Days before the first act that are drawn, at least.
LEAD = 14
# The looks of the lines, in order: the colour on white, the dashes, the shape of the last point.
LOOKS: tuple[tuple[str, list[int], str], ...] = (
    (LINE, [], "circle"),
    ("#8a3c9e", [9, 4], "square"),
    ("#7a5c00", [2, 4], "diamond"),
    (INK, [12, 3, 2, 3], "cross"),
)
MOST_LINES = len(LOOKS)
# Intervals of lines are filled only where so few do not cover one another.
MOST_FILLED = 2
# In points: from the plot to the first interval, between two, and between labels.
GAP, APART, LABEL_APART = 14, 16, 18
LETTERS = 22
# A time axis of so many days names days.
FEW_DAYS = 60
# The axis shows at least this movement each way.
LEAST = 1.0


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


def moved_lines(
    lines: Sequence[MovedLine],
    *,
    size: PlotSize = WIDE,
    end: date,
    marks: Sequence[ClaimMark] = (),
) -> Spec:
    """The lines over the same days, up to `end`, each stepped from one act to the next."""
    drawn = [line for line in lines if line.points]
    start = min((line.points[0].day for line in drawn), default=end)
    start -= timedelta(days=max(LEAD, (end - start).days // 12))
    low, high = reach(drawn)
    layers: list[Spec] = [_zero(), *_corners(high, low)]
    for place, line in enumerate(drawn):
        begun = replace(line, points=[_on(line.points[0], start), *line.points])
        layers += _line(place, begun, end, filled=len(drawn) <= MOST_FILLED)
    layers += [_mark(mark) for mark in marks if start <= mark.day <= end]
    layers += _ends(drawn, size, low=low, high=high)
    axis = time_axis((end - start).days, wide=size.wide)
    if (end - start).days <= FEW_DAYS:
        axis["axis"] |= {"tickCount": 3, "format": "%-d %b %Y"}
    axis["scale"] = {"type": "utc", "domain": [start.isoformat(), end.isoformat()]}
    for layer in layers:
        if "day" in layer.get("data", {}).get("values", [{}])[0]:
            layer["encoding"]["x"] = axis
        layer["encoding"].setdefault("y", _value("at", low, high))
    return {
        "$schema": SCHEMA,
        "width": size.width,
        "height": size.height,
        "background": "transparent",
        # Browsers have wider letters than the converter.
        "padding": {"left": 4, "right": 52 if size.wide else 16, "top": 12, "bottom": 4},
        "layer": layers,
        "config": axes(),
    }


def reach(lines: Sequence[MovedLine]) -> tuple[float, float]:
    """The ends of the axis, in halves of a point: the intervals fit, and a move of one point each
    way."""
    lows = [point.low for line in lines for point in line.points]
    highs = [point.high for line in lines for point in line.points]
    low, high = min(-LEAST, *lows) if lows else -LEAST, max(LEAST, *highs) if highs else LEAST
    return floor(2 * low) / 2, ceil(2 * high) / 2


def stepped(points: Sequence[MovedPoint], end: date) -> list[MovedPoint]:
    """The points of a line that keeps its value until the day before the next, up to `end`."""
    steps: list[MovedPoint] = []
    for before, after in pairwise(points):
        steps.append(before)
        day = after.day - timedelta(days=1)
        if day > before.day:
            steps.append(_on(before, day))
    steps += points[-1:]
    if steps and steps[-1].day < end:
        steps.append(_on(steps[-1], end))
    return steps


def _on(point: MovedPoint, day: date) -> MovedPoint:
    return MovedPoint(day=day, value=point.value, low=point.low, high=point.high)


def _line(place: int, line: MovedLine, end: date, *, filled: bool) -> list[Spec]:
    colour, dashes, _shape = LOOKS[place]
    rows = [_row(point) for point in _with_day(stepped(line.points, end), line.reported)]
    number = place + 1
    haze: Spec = {
        "name": f"haze{number}",
        "data": {"values": rows},
        "mark": {"type": "area", "color": colour, "opacity": 0.12, "aria": False},
        "encoding": {"y": quantity("low"), "y2": {"field": "high"}},
    }
    style: Spec = {"strokeDash": dashes} if dashes else {}
    until = line.reported.isoformat() if line.reported else end.isoformat()
    traces: list[Spec] = [
        {
            "name": f"trace{number}{name}",
            "data": {"values": own},
            "mark": {"type": "line", "color": colour, "strokeWidth": width, "aria": False, **style},
            "encoding": {},
        }
        for name, width, own in (
            ("", 2.5, [row for row in rows if row["day"] <= until]),
            ("late", 1, [row for row in rows if row["day"] >= until]),
        )
        if own
    ]
    return [haze, *traces] if filled else traces


def _row(point: MovedPoint) -> dict[str, Any]:
    return {
        "day": point.day.isoformat(),
        "at": round(point.value, 4),
        "low": round(point.low, 4),
        "high": round(point.high, 4),
    }


def _with_day(points: Sequence[MovedPoint], day: date | None) -> list[MovedPoint]:
    """The points with one for a day between them, where the line changes its width."""
    before = [point for point in points if day and point.day <= day]
    if day is None or not before or before[-1].day == day or len(before) == len(points):
        return list(points)
    return [*before, _on(before[-1], day), *points[len(before) :]]


def _mark(mark: ClaimMark) -> Spec:
    shape, colour = ("triangle-up", UP) if mark.good else ("triangle-down", DOWN)
    row = {"day": mark.day.isoformat(), "at": mark.at, "title": mark.title}
    return {
        "name": "better" if mark.good else "worse",
        "data": {"values": [row]},
        "mark": {
            "type": "point",
            "shape": shape,
            "size": 190,
            "filled": True,
            "color": colour,
            "opacity": 1,
        },
        "encoding": {"description": {"field": "title"}},
    }


def _ends(lines: Sequence[MovedLine], size: PlotSize, *, low: float, high: float) -> list[Spec]:
    """Right of the plot the last value of each line on its interval, and then its name."""
    layers = []
    right = size.width + GAP + APART * len(lines)
    values = [line.points[-1].value for line in lines]
    tops = _labels([size.height * (high - value) / (high - low) for value in values], size.height)
    for place, (line, top) in enumerate(zip(lines, tops, strict=True)):
        colour, _dashes, shape = LOOKS[place]
        last, number = line.points[-1], place + 1
        across = {"value": size.width + GAP + APART * place}
        rows = [{"at": last.value, "low": last.low, "high": last.high}]
        whisker = {"type": "rule", "color": colour, "strokeWidth": 2, "aria": False}
        spot = {"type": "point", "shape": shape, "filled": True, "size": 90, "color": colour}
        shown = f"{line.letter}  {signed(last.value)}"
        if size.wide:
            shown = f"{shown}  {shorten(line.name, LETTERS, placeholder=' …')}"
        text = {"type": "text", "align": "left", "fontSize": 13, "fontWeight": 600}
        layers += [
            {
                "name": f"whisker{number}",
                "data": {"values": rows},
                "mark": whisker,
                "encoding": {"x": across, "y": quantity("low"), "y2": {"field": "high"}},
            },
            {
                "name": f"spot{number}",
                "data": {"values": rows},
                "mark": {**spot, "opacity": 1, "aria": False},
                "encoding": {"x": across},
            },
            {
                "name": f"called{number}",
                "data": {"values": [{"text": shown}]},
                "mark": {**text, "color": colour, "aria": False},
                "encoding": {
                    "x": {"value": right},
                    "y": {"value": top},
                    "text": {"field": "text"},
                },
            },
        ]
    return layers


def _labels(wanted: Sequence[float], height: float) -> list[float]:
    """Where labels stand, in points from the top: near what they name, and apart."""
    order = sorted(range(len(wanted)), key=lambda place: (wanted[place], place))
    found = list(wanted)
    least = 0.0
    for place in order:
        found[place] = max(found[place], least)
        least = found[place] + LABEL_APART
    most = height
    for place in reversed(order):
        found[place] = min(found[place], most)
        most = found[place] - LABEL_APART
    return [round(top, 1) for top in found]


def _value(field: str, low: float, high: float) -> Spec:
    step = next(step for step in (0.5, 1, 2, 3, 5) if (high - low) / step <= 8 or step == 5)
    first, last = ceil(low / step), floor(high / step)
    return {
        **quantity(field),
        "scale": {"domain": [low, high], "nice": False},
        "axis": {
            "title": None,
            "values": [step * number for number in range(first, last + 1)],
            "labelExpr": "(datum.value > 0 ? '+' : '') + replace(datum.label, '-', '−')",
        },
    }


def _zero() -> Spec:
    return {
        "name": "zero",
        "data": {"values": [{"at": 0}]},
        "mark": {"type": "rule", "color": QUIET, "strokeWidth": 1, "aria": False},
        "encoding": {},
    }


def _corners(high: float, low: float) -> list[Spec]:
    """What up and down mean, in the corners."""
    layers = []
    for name, at, text, down in (
        ("ceiling", high, _("▲ better"), 12),
        ("floor", low, _("▼ worse"), -10),
    ):
        mark: dict[str, Any] = {"type": "text", "align": "left", "dx": 4, "dy": down}
        layers.append(
            {
                "name": name,
                "data": {"values": [{"at": at, "text": text}]},
                "mark": {**mark, "fontSize": 12, "color": QUIET, "aria": False},
                "encoding": {"x": {"value": 0}, "text": {"field": "text"}},
            }
        )
    return layers

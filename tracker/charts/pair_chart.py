"""The picture of a pair as a Vega-Lite spec: a line with its interval, and the claims as marks."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from tracker.charts.drawing import DOWN, LINE, QUIET, SCHEMA, UP, Spec, axes, quantity, time_axis
from tracker.charts.mark_labels import MarkLabel, Spot, place_labels
from tracker.wording import day_in_words, signed

RIM: Spec = {"stroke": "white", "strokeWidth": 3, "strokeJoin": "round", "color": "white"}
# The distance of marks of one day, in points.
APART = 19.0
# With more marks than these no titles are shown.
MOST_TITLED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotSize:
    """The size of the plot, in points; on a narrow one marks have only numbers."""

    width: int
    height: int
    wide: bool = True


WIDE, NARROW = PlotSize(width=860, height=330), PlotSize(width=236, height=210, wide=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The largest value, and the names of the low and the high end."""

    top: float
    ends: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPoint:
    """The score at the end of a day, with its interval."""

    day: date
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A claim on the line: its place, whether it pulls upwards, its number in the list."""

    day: date
    at: float
    good: bool
    label: str
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorMark:
    """The level at which a line begins, and its day."""

    day: date
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelMark:
    """A level that a claim assessed, with its sd, drawn on `day`; it holds as of `assessed`."""

    day: date
    assessed: date
    value: float
    sd: float
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Annotations of a line: its anchor, and assessed `levels`. It is dashed after the day of the
    last source (`reported`). Its value is shown at its end if that is the day of the page
    (`valued`)."""

    anchor: AnchorMark | None = None
    levels: Sequence[LevelMark] = ()
    reported: date | None = None
    valued: bool = True


PLAIN = Notes()


def pair_chart(
    points: Sequence[ChartPoint],
    marks: Sequence[Mark],
    *,
    scale: Scale,
    size: PlotSize = WIDE,
    notes: Notes = PLAIN,
) -> Spec:
    """A line with its interval on −top..top, and claims as marks that link to the claim."""
    dated = [
        _band(scale.top),
        *_line(points, notes.reported),
        *(_values(points[-1], scale.top, size) if notes.valued else []),
        *([_caption(points)] if size.wide else []),
        *(_anchor(notes.anchor) if notes.anchor else []),
        *(_levels(notes.levels, points, scale.top, size) if notes.levels else []),
        *_claims(spread(marks, top=scale.top, size=size), points, top=scale.top, size=size),
    ]
    axis = time_axis((points[-1].day - points[0].day).days, wide=size.wide)
    for layer in dated:
        layer["encoding"]["x"] = axis
    return {
        "$schema": SCHEMA,
        "width": size.width,
        "height": size.height,
        "background": "transparent",
        "padding": {"left": 4, "right": 16, "top": 10, "bottom": 4},
        "data": {"values": [_row(point) for point in points]},
        "layer": [_zero(), *_ends(scale), *dated],
        "config": axes(),
    }


def spread(marks: Sequence[Mark], *, top: float, size: PlotSize = WIDE) -> list[Mark]:
    """Move overlapping marks apart: good ones upwards, bad ones downwards."""
    ranks: dict[tuple[date, bool], int] = {}
    moved = []
    for mark in marks:
        rank = ranks[mark.day, mark.good] = ranks.get((mark.day, mark.good), -1) + 1
        step = 2 * top * APART / size.height * (rank + 0.75) * (1 if mark.good else -1)
        moved.append(replace(mark, at=max(-top, min(top, mark.at + step))))
    return moved


def _row(point: ChartPoint) -> dict[str, Any]:
    return {
        "day": point.day.isoformat(),
        "value": round(point.value, 4),
        "low": round(point.low, 4),
        "high": round(point.high, 4),
    }


def _score(field: str, top: float) -> Spec:
    parts = 3 if top == 9 else 2
    ticks = [top * part / parts for part in range(-parts, parts + 1)]
    return {
        **quantity(field),
        "scale": {"domain": [-top, top], "nice": False},
        "axis": {
            "title": None,
            "values": ticks,
            "labelExpr": "(datum.value > 0 ? '+' : '') + replace(datum.label, '-', '−')",
        },
    }


def _zero() -> Spec:
    return {
        "name": "zero",
        "data": {"values": [{"zero": 0}]},
        "mark": {"type": "rule", "color": QUIET, "strokeWidth": 1, "aria": False},
        "encoding": {"y": quantity("zero")},
    }


def _ends(scale: Scale) -> list[Spec]:
    """The names of the ends of the scale, in its corners."""
    layers = []
    for name, at, end, down in (
        ("ceiling", scale.top, scale.ends[1], 12),
        ("floor", -scale.top, scale.ends[0], -10),
    ):
        layer = _text(name, [{"at": at, "text": end}], align="left", dx=4, dy=down, color=QUIET)
        layer["encoding"]["x"] = {"value": 0}
        layers += [layer] if end else []
    return layers


def _text(name: str, rows: list[dict[str, Any]], **mark: Any) -> Spec:
    """A layer of texts, each at the value `at` of its row."""
    return {
        "name": name,
        "data": {"values": rows},
        "mark": {"type": "text", "fontSize": 12, "aria": False, **mark},
        "encoding": {"y": quantity("at"), "text": {"field": "text"}},
    }


def _band(top: float) -> Spec:
    return {
        "name": "band",
        "mark": {"type": "area", "color": LINE, "opacity": 0.14, "aria": False},
        "encoding": {"y": _score("low", top), "y2": {"field": "high"}},
    }


def _line(points: Sequence[ChartPoint], reported: date | None) -> list[Spec]:
    """Solid up to the day of the last report, which must be one of the points; dashed after it."""
    until = reported or date.max
    return [
        {
            "name": name,
            "data": {"values": [_row(point) for point in own]},
            "mark": {"type": "line", "color": LINE, "strokeWidth": 2.5, "aria": False, **dashes},
            "encoding": {"y": quantity("value")},
        }
        for name, own, dashes in (
            ("line", [point for point in points if point.day <= until], {}),
            (
                "line_unreported",
                [point for point in points if point.day >= until],
                {"strokeDash": [5, 5]},
            ),
        )
        if own
    ]


def _anchor(anchor: AnchorMark) -> list[Spec]:
    """A diamond where the line begins, with its level and day."""
    text = f"Anchor {signed(anchor.level)}, {day_in_words(anchor.day)}"
    row = {"day": anchor.day.isoformat(), "at": anchor.level, "text": text}
    point = {"type": "point", "shape": "diamond", "size": 170, "filled": True, "color": LINE}
    diamond = {
        "name": "anchor_diamond",
        "data": {"values": [row]},
        "mark": {**point, "opacity": 1, "aria": False},
        "encoding": {"y": quantity("at")},
    }
    caption = _text("anchor_caption", [row], align="left", dx=11, dy=-9, color=QUIET, opacity=1)
    return [diamond, caption]


def _levels(
    marks: Sequence[LevelMark], points: Sequence[ChartPoint], top: float, size: PlotSize
) -> list[Spec]:
    """A diamond with a whisker of one sd each way for each assessed level, which links to its
    claim; on wide pictures with its value, sd and day."""
    first, days = points[0].day, (points[-1].day - points[0].day).days or 1
    rows = [
        {
            "day": mark.day.isoformat(),
            "at": mark.value,
            "low": max(-top, mark.value - mark.sd),
            "high": min(top, mark.value + mark.sd),
            "text": f"{_level(mark)}, {day_in_words(mark.assessed)}",
            "title": f"{_level(mark)}: {mark.title}",
            "url": mark.url,
            "left": (mark.day - first).days > days / 2,
        }
        for mark in marks
    ]
    whisker: Spec = {
        "name": "level_whiskers",
        "data": {"values": rows},
        "mark": {"type": "rule", "color": LINE, "strokeWidth": 1.5, "aria": False},
        "encoding": {"y": quantity("low"), "y2": {"field": "high"}},
    }
    point = {"type": "point", "shape": "diamond", "size": 150, "color": LINE}
    layers = [whisker, _mark("levels", rows, point)]
    for left in (False, True) if size.wide else ():
        own = [row for row in rows if row["left"] is left]
        side = {"align": "right" if left else "left", "dx": -11 if left else 11, "dy": -12}
        if own:
            # A rim, because the line may pass behind.
            layers.append(_text(f"rim_levels_{side['align']}", own, **{**side, **RIM}))
            layers.append(_text(f"level_caption_{side['align']}", own, **side, color=QUIET))
    return layers


def _level(mark: LevelMark) -> str:
    """An assessed level; an arrow points to one of a day before the picture."""
    earlier = "← " if mark.assessed < mark.day else ""
    return f"{earlier}Level {signed(mark.value)} ± {mark.sd:.1f}"


def _values(last: ChartPoint, top: float, size: PlotSize) -> list[Spec]:
    """The value and its interval where the line ends."""

    def rows(values: Sequence[float]) -> list[dict[str, Any]]:
        day = last.day.isoformat()
        return [{"day": day, "at": value, "text": signed(value)} for value in values]

    value, limits = rows([last.value]), rows(_limits(last, top, size))
    bold = {"fontSize": 17, "fontWeight": 600}
    return [
        _text("value", value, align="left", dx=7, color=LINE, **bold),
        _text("limits", limits, align="left", dx=7, color=QUIET),
    ]


def _limits(last: ChartPoint, top: float, size: PlotSize) -> list[float]:
    """The ends of the interval, without one whose text would cover the value."""
    least = 2 * top * APART / size.height
    return [limit for limit in (last.low, last.high) if abs(limit - last.value) > least]


def _caption(points: Sequence[ChartPoint]) -> Spec:
    """The label of the band, inside it."""
    last = points[-1]
    row = {"day": last.day.isoformat(), "at": last.high, "text": "90 % interval"}
    return _text("caption", [row], align="right", baseline="top", dx=-8, dy=8, color=QUIET)


def _claims(
    marks: Sequence[Mark], points: Sequence[ChartPoint], *, top: float, size: PlotSize
) -> list[Spec]:
    """Claims that pull up and claims that pull down, in different shapes and colours."""
    labels = _labels(marks, points, top=top, size=size)
    layers = []
    for name, shape, colour, good in (
        ("better", "triangle-up", UP, True),
        ("worse", "triangle-down", DOWN, False),
    ):
        pairs = zip(marks, labels, strict=True)
        own = [(label, _fields(mark, label)) for mark, label in pairs if mark.good is good]
        point = {"type": "point", "shape": shape, "size": 150, "color": colour}
        layers.append(_mark(name, [row for _, row in own], point))
        for left, side in ((False, "numbers"), (True, "numbers_left")):
            beside = [row for label, row in own if label.left is left and label.text]
            text = {"type": "text", "align": "right" if left else "left", "dx": -10 if left else 10}
            # A rim, because the line may pass behind.
            rim = _mark(f"rim_{name}_{side}", beside, {**text, **RIM})
            del rim["encoding"]["href"]
            layers.append(rim)
            layers.append(_mark(f"{name}_{side}", beside, {**text, "color": colour}))
    return [layer for layer in layers if layer["data"]["values"]]


def _labels(
    marks: Sequence[Mark], points: Sequence[ChartPoint], *, top: float, size: PlotSize
) -> Sequence[MarkLabel]:
    first, days = points[0].day, (points[-1].day - points[0].day).days or 1
    spots = [
        Spot(
            x=(mark.day - first).days / days * size.width,
            y=(top - mark.at) / (2 * top) * size.height,
            number=mark.label,
            title=mark.title,
        )
        for mark in marks
    ]
    titled = size.wide and len(marks) <= MOST_TITLED
    return place_labels(spots, width=size.width, titled=titled)


def _fields(mark: Mark, label: MarkLabel) -> dict[str, Any]:
    return asdict(mark) | {"day": mark.day.isoformat(), "label": label.text}


def _mark(name: str, rows: list[dict[str, Any]], mark: Spec) -> Spec:
    text = mark["type"] == "text"
    look: Spec = {"fontSize": 12, "fontWeight": 600, "aria": False} if text else {"filled": True}
    encoding: Spec = {
        "y": quantity("at"),
        "href": {"field": "url"},
        **({"text": {"field": "label"}} if text else {"description": {"field": "title"}}),
    }
    return {
        "name": name,
        "data": {"values": rows},
        "mark": {"opacity": 1, **look, **mark},
        "encoding": encoding,
    }

"""The picture of a pair as a Vega-Lite spec: a line with its interval, and the claims as marks."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from tracker.pages.drawing import DOWN, LINE, QUIET, SCHEMA, UP, Spec, axes, time_axis
from tracker.pages.labels import Spot, Word, written
from tracker.wording import day_in_words, signed

BOLD: Spec = {"fontWeight": 600}
RIM: Spec = {"stroke": "white", "strokeWidth": 3, "strokeJoin": "round", "color": "white"}
# How far apart marks of one day stand, in points.
APART = 19.0
# Of more marks than these none has its title written beside it.
MOST_TITLED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Of the plot itself, in points; on a narrow one marks have numbers only."""

    width: int
    height: int
    wide: bool = True


WIDE, NARROW = Size(width=860, height=330), Size(width=236, height=210, wide=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How far the values go, and what its ends are called."""

    top: float
    ends: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The score at the end of a day, with its interval."""

    day: date
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A claim on the line: where it stands, which way it pulls, its number in the list."""

    day: date
    at: float
    good: bool
    label: str
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The level at which a line begins, and its day."""

    day: date
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What is said about a line. It is dashed after the day on which the last source `reported`;
    the value is written where it ends if that is the day of the page (`valued`)."""

    anchor: Anchor | None = None
    reported: date | None = None
    valued: bool = True


PLAIN = Notes()


def pair_chart(
    points: Sequence[Point],
    marks: Sequence[Mark],
    *,
    scale: Scale,
    size: Size = WIDE,
    notes: Notes = PLAIN,
) -> Spec:
    """A line with its interval on −top..top, and the claims as marks that open the claim."""
    top = scale.top
    dated = [
        _band(top),
        *_line(points, notes.reported),
        *(_values(points[-1], top, size) if notes.valued else []),
        *([_caption(points)] if size.wide else []),
        *(_anchor(notes.anchor) if notes.anchor else []),
        *_claims(spread(marks, top=top, size=size), points, top=top, size=size),
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


def spread(marks: Sequence[Mark], *, top: float, size: Size = WIDE) -> list[Mark]:
    """Move marks that would hide one another apart: good ones upwards, bad ones downwards."""
    met: dict[tuple[date, bool], int] = {}
    moved = []
    for mark in marks:
        rank = met[mark.day, mark.good] = met.get((mark.day, mark.good), -1) + 1
        step = 2 * top * APART / size.height * (rank + 0.75) * (1 if mark.good else -1)
        moved.append(replace(mark, at=max(-top, min(top, mark.at + step))))
    return moved


def _row(point: Point) -> dict[str, Any]:
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
        "field": field,
        "type": "quantitative",
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
        "encoding": {"y": {"field": "zero", "type": "quantitative"}},
    }


def _ends(scale: Scale) -> list[Spec]:
    """What the ends of the scale mean, written into its corners."""
    rows = [
        {"at": scale.top, "text": scale.ends[1], "down": 12},
        {"at": -scale.top, "text": scale.ends[0], "down": -10},
    ]
    return [
        {
            "name": name,
            "data": {"values": [row]},
            "mark": {
                "type": "text",
                "align": "left",
                "dx": 4,
                "dy": row["down"],
                "fontSize": 12,
                "color": QUIET,
                "aria": False,
            },
            "encoding": {
                "x": {"value": 0},
                "y": {"field": "at", "type": "quantitative"},
                "text": {"field": "text"},
            },
        }
        for name, row in zip(("ceiling", "floor"), rows, strict=True)
        if row["text"]
    ]


def _band(top: float) -> Spec:
    return {
        "name": "band",
        "mark": {"type": "area", "color": LINE, "opacity": 0.14, "aria": False},
        "encoding": {"y": _score("low", top), "y2": {"field": "high"}},
    }


def _line(points: Sequence[Point], reported: date | None) -> list[Spec]:
    """Solid up to the day of the last report, which is one of the points, and dashed after it."""
    until = reported or date.max
    return [
        {
            "name": name,
            "data": {"values": [_row(one) for one in own]},
            "mark": {"type": "line", "color": LINE, "strokeWidth": 2.5, "aria": False, **dashes},
            "encoding": {"y": {"field": "value", "type": "quantitative"}},
        }
        for name, own, dashes in (
            ("line", [one for one in points if one.day <= until], {}),
            (
                "line_unreported",
                [one for one in points if one.day >= until],
                {"strokeDash": [5, 5]},
            ),
        )
        if own
    ]


def _anchor(anchor: Anchor) -> list[Spec]:
    """A diamond where the line begins, with its level and day in words."""
    row = {
        "day": anchor.day.isoformat(),
        "at": anchor.level,
        "text": f"Anchor {signed(anchor.level)}, {day_in_words(anchor.day)}",
    }
    at = {"field": "at", "type": "quantitative"}
    point = {"type": "point", "shape": "diamond", "size": 170, "filled": True, "color": LINE}
    words = {"type": "text", "align": "left", "dx": 11, "dy": -9, "fontSize": 12, "color": QUIET}
    return [
        {
            "name": name,
            "data": {"values": [row]},
            "mark": {**mark, "opacity": 1, "aria": False},
            "encoding": {"y": dict(at), **text},
        }
        for name, mark, text in (
            ("anchor_diamond", point, {}),
            ("anchor_caption", words, {"text": {"field": "text"}}),
        )
    ]


def _values(last: Point, top: float, size: Size) -> list[Spec]:
    """The value and its interval where the line ends."""
    return [
        _written("value", last, [last.value], {"color": LINE, "fontSize": 17, **BOLD}),
        _written("limits", last, _limits(last, top, size), {"color": QUIET, "fontSize": 12}),
    ]


def _written(name: str, last: Point, values: Sequence[float], mark: Spec) -> Spec:
    """Numbers where the line ends, so that nobody has to look them up on the axis."""
    rows = [{"day": last.day.isoformat(), "at": one, "text": signed(one)} for one in values]
    return {
        "name": name,
        "data": {"values": rows},
        "mark": {"type": "text", "align": "left", "dx": 7, "aria": False, **mark},
        "encoding": {
            "y": {"field": "at", "type": "quantitative"},
            "text": {"field": "text"},
        },
    }


def _limits(last: Point, top: float, size: Size) -> list[float]:
    """The ends of the interval, without one that would be written over the value."""
    least = 2 * top * APART / size.height
    return [one for one in (last.low, last.high) if abs(one - last.value) > least]


def _caption(points: Sequence[Point]) -> Spec:
    """What the band is, written into it."""
    last = points[-1]
    row = {"day": last.day.isoformat(), "at": last.high, "text": "90 % interval"}
    mark = {"type": "text", "align": "right", "baseline": "top", "dx": -8, "dy": 8}
    return {
        "name": "caption",
        "data": {"values": [row]},
        "mark": {**mark, "fontSize": 12, "color": QUIET, "aria": False},
        "encoding": {"y": {"field": "at", "type": "quantitative"}, "text": {"field": "text"}},
    }


def _claims(
    marks: Sequence[Mark], points: Sequence[Point], *, top: float, size: Size
) -> list[Spec]:
    """The claims that pull up and those that pull down, told apart by shape as well."""
    words = _words(marks, points, top=top, size=size)
    found = []
    for name, shape, colour, good in (
        ("better", "triangle-up", UP, True),
        ("worse", "triangle-down", DOWN, False),
    ):
        own = [(mark, word) for mark, word in zip(marks, words, strict=True) if mark.good is good]
        rows = [_fields(mark, word) for mark, word in own]
        point = {"type": "point", "shape": shape, "size": 150, "color": colour}
        found.append(_mark(name, rows, point))
        for left, side in ((False, "numbers"), (True, "numbers_left")):
            beside = [_fields(mark, word) for mark, word in own if word.left is left and word.text]
            text = {"type": "text", "align": "right" if left else "left", "dx": -10 if left else 10}
            # A rim, since the line may pass behind.
            rim = _mark(f"rim_{name}_{side}", beside, {**text, **RIM})
            del rim["encoding"]["href"]
            found.append(rim)
            found.append(_mark(f"{name}_{side}", beside, {**text, "color": colour}))
    return [layer for layer in found if layer["data"]["values"]]


def _words(
    marks: Sequence[Mark], points: Sequence[Point], *, top: float, size: Size
) -> Sequence[Word]:
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
    return written(spots, width=size.width, titled=titled)


def _fields(mark: Mark, word: Word) -> dict[str, Any]:
    return asdict(mark) | {"day": mark.day.isoformat(), "label": word.text}


def _mark(name: str, rows: list[dict[str, Any]], mark: Spec) -> Spec:
    text = mark["type"] == "text"
    looks: Spec = {"fontSize": 12, "fontWeight": 600, "aria": False} if text else {"filled": True}
    encoding: Spec = {
        "y": {"field": "at", "type": "quantitative"},
        "href": {"field": "url"},
        **({"text": {"field": "label"}} if text else {"description": {"field": "title"}}),
    }
    return {
        "name": name,
        "data": {"values": rows},
        "mark": {"opacity": 1, **looks, **mark},
        "encoding": encoding,
    }

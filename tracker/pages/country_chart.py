"""The picture of a country's relations as a Vega-Lite spec: a dot plot with intervals, sorted."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import shorten
from typing import Any

from tracker.charts.drawing import DOWN, GRID, LINE, QUIET, SCHEMA, UP, Spec, axes, letters
from tracker.domain.scoring.bands import BANDS, scale
from tracker.vocabulary import word

# Letters of a name, which is cut after them, and the height of a row, in points.
LETTERS, SHORT, ROW = 28, 15, 26
# Letters of the name of a band at its usual size.
LONGEST = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A relation: its value with its 90 % interval, and its `sign` ("positive", "negative", or
    "undetermined" where the interval contains 0). `says` is its title."""

    name: str
    value: float
    low: float
    high: float
    sign: str
    says: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The axis runs from −top to top; `banded`: it has the bands of a level."""

    top: float
    banded: bool = False


def dots(relations: Sequence[Dot], axis: Axis, *, wide: bool = True) -> Spec:
    """One row a relation, the highest value first. Up and down triangles are relations whose sign
    is known, rings those whose sign is not."""
    ordered = sorted(relations, key=lambda dot: (-dot.value, dot.name))
    rows = [_row(dot, wide=wide) for dot in ordered]
    layers = [
        *(_bands(axis, wide=wide) if axis.banded else []),
        _zero(axis),
        _reach(rows, axis, wide=wide),
        *(_marks(layer, rows, axis) for layer in MARKS),
    ]
    return {
        "$schema": SCHEMA,
        "width": 620 if wide else 170,
        "height": ROW * len(rows),
        "background": "transparent",
        "padding": {"left": 26, "right": 8, "top": 6, "bottom": 6},
        "layer": [layer for layer in layers if layer["data"]["values"]],
        "config": axes(),
    }


# The layers of marks: the sign, the shape and the colour of each.
MARKS = {
    "better": ("positive", "triangle-up", UP),
    "worse": ("negative", "triangle-down", DOWN),
    "open": ("undetermined", "circle", QUIET),
}


def _row(dot: Dot, *, wide: bool) -> dict[str, Any]:
    return {
        "name": shorten(dot.name, LETTERS if wide else SHORT, placeholder=" …"),
        "value": round(dot.value, 3),
        "low": round(dot.low, 3),
        "high": round(dot.high, 3),
        "sign": dot.sign,
        "says": dot.says,
        "url": dot.url,
    }


def _bands(axis: Axis, *, wide: bool) -> list[Spec]:
    """The bands of a level as stripes with their names, which have room on a wide picture."""
    edges = [-axis.top, *scale(axis.top)[1], axis.top]
    stripes = [
        {"name": word(name), "from": low, "to": high, "middle": (low + high) / 2}
        for name, (low, high) in zip(BANDS, pairwise(edges), strict=True)
    ]
    stripe: Spec = {
        "name": "stripes",
        "data": {"values": stripes[1::2]},
        "mark": {"type": "rect", "color": GRID, "opacity": 0.5, "aria": False},
        "encoding": {
            "x": _x("from", axis),
            "x2": {"field": "to"},
            "y": {"value": 0},
            "y2": {"value": "height"},
        },
    }
    return [stripe, _captions(stripes, axis)] if wide else [stripe]


def _captions(stripes: list[dict[str, Any]], axis: Axis) -> Spec:
    """The names of the bands, in small letters where the longest has no room between two edges."""
    small = max(letters(str(stripe["name"])) for stripe in stripes) > LONGEST
    look = {"fontSize": 10 if small else 12, "color": QUIET, "aria": False, "dy": -8}
    return {
        "name": "caption",
        "data": {"values": stripes},
        "mark": {"type": "text", **look},
        "encoding": {
            "x": _x("middle", axis),
            "y": {"value": 0},
            "text": {"field": "name"},
        },
    }


def _zero(axis: Axis) -> Spec:
    return {
        "name": "zero",
        "data": {"values": [{"zero": 0}]},
        "mark": {"type": "rule", "color": QUIET, "aria": False},
        "encoding": {"x": _x("zero", axis)},
    }


def _reach(rows: list[dict[str, Any]], axis: Axis, *, wide: bool) -> Spec:
    return {
        "name": "reach",
        "data": {"values": rows},
        "mark": {"type": "rule", "color": LINE, "strokeWidth": 3, "opacity": 0.45, "aria": False},
        "encoding": {
            "x": _x("low", axis) | {"axis": _ticks(axis, wide=wide)},
            "x2": {"field": "high"},
            "y": _y(rows),
        },
    }


def _marks(layer: str, rows: list[dict[str, Any]], axis: Axis) -> Spec:
    sign, shape, colour = MARKS[layer]
    mark: Spec = {"type": "point", "shape": shape, "size": 110, "opacity": 1}
    filled = {"filled": True, "color": colour}
    ring = {"filled": True, "color": "white", "stroke": colour, "strokeWidth": 2}
    return {
        "name": layer,
        "data": {"values": [row for row in rows if row["sign"] == sign]},
        "mark": mark | (ring if layer == "open" else filled),
        "encoding": {
            "x": _x("value", axis),
            "y": _y(rows),
            "href": {"field": "url"},
            "description": {"field": "says"},
        },
    }


def _x(field: str, axis: Axis) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [-axis.top, axis.top], "nice": False},
    }


def _ticks(axis: Axis, *, wide: bool) -> Spec:
    """The ticks of the axis: the edges of the bands, or a few round numbers."""
    edges = [-axis.top, *scale(axis.top)[1], axis.top]
    places: Spec = {"values": edges if wide else edges[::3]} if axis.banded else {"tickCount": 4}
    label = "(datum.value > 0 ? '+' : '') + replace(datum.label, '-', '−')"
    return {"title": None, "labelExpr": label, "aria": False, **places}


def _y(rows: Sequence[dict[str, Any]]) -> Spec:
    return {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": list(dict.fromkeys(row["name"] for row in rows))},
        "axis": {
            "title": None,
            # Each mark has its name.
            "aria": False,
            "grid": True,
            "ticks": False,
            "labelLimit": 240,
            "labelFontSize": 13,
        },
    }

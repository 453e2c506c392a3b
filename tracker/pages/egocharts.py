"""The picture of a country among those it has to do with, as a Vega-Lite spec."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

from tracker.pages.drawing import DOWN, INK, QUIET, SCHEMA, UP, Spec, axes

COLOURS = {"positive": UP, "negative": DOWN, "undetermined": QUIET}
THINNEST, WIDEST = 1.5, 9.0
# The ring, in a box of −1.6..1.6: names stand outside.
RING, NAMES = 1.0, 1.07


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A country around the one in the middle; `reach` is how far from neutral, 0..1."""

    called: str
    sign: str
    reach: float
    says: str
    url: str


def ego(middle: str, around: Sequence[Neighbour], *, wide: bool = True) -> Spec:
    """One country in the middle, the others on a ring, edges by sign and width."""
    places = [_place(number, len(around)) for number in range(len(around))]
    rows = [_row(one, *place) for one, place in zip(around, places, strict=True)]
    found: list[Spec] = [
        _edges(sign, [row for row in rows if row["sign"] == sign]) for sign in COLOURS
    ]
    found += [_names(rows, right=right, wide=wide) for right in (True, False)]
    return {
        "$schema": SCHEMA,
        "width": 620 if wide else 300,
        "height": 460 if wide else 320,
        "background": "transparent",
        "padding": 6,
        "layer": [*(one for one in found if one["data"]["values"]), *_middle(middle)],
        "config": axes(),
    }


def _place(number: int, count: int) -> tuple[float, float]:
    """Clockwise from the top, as x and y on the unit circle."""
    angle = 2 * pi * number / max(count, 1)
    return round(sin(angle), 4), round(cos(angle), 4)


def _row(one: Neighbour, x: float, y: float) -> dict[str, Any]:
    return {
        "x": 0,
        "y": 0,
        "x2": RING * x,
        "y2": RING * y,
        "nx": NAMES * x,
        "ny": NAMES * y,
        "sign": one.sign,
        "width": round(THINNEST + (WIDEST - THINNEST) * one.reach, 1),
        "name": one.called,
        "says": one.says,
        "url": one.url,
    }


def _edges(sign: str, rows: list[dict[str, Any]]) -> Spec:
    dashed: Spec = {"strokeDash": [5, 5]} if sign == "undetermined" else {}
    return {
        "name": f"edge_{sign}",
        "data": {"values": rows},
        "mark": {"type": "rule", "color": COLOURS[sign], **dashed},
        "encoding": {
            "x": _axis("x"),
            "y": _axis("y"),
            "x2": {"field": "x2"},
            "y2": {"field": "y2"},
            "strokeWidth": {"field": "width", "type": "quantitative", "scale": None},
            "href": {"field": "url"},
            "description": {"field": "says"},
        },
    }


def _names(rows: Sequence[dict[str, Any]], *, right: bool, wide: bool) -> Spec:
    own = [row for row in rows if (row["nx"] >= -0.01) is right]
    return {
        "name": "names_right" if right else "names_left",
        "data": {"values": own},
        "mark": {
            "type": "text",
            "align": "left" if right else "right",
            "baseline": "middle",
            "fontSize": 13 if wide else 11,
            "color": INK,
            "aria": False,
        },
        "encoding": {
            "x": _axis("nx"),
            "y": _axis("ny"),
            "text": {"field": "name"},
            "href": {"field": "url"},
        },
    }


def _middle(name: str) -> list[Spec]:
    """The country itself; its name has a rim, since lines pass behind it."""
    text = {"type": "text", "dy": -18, "fontSize": 16, "fontWeight": 700, "aria": False}
    rim = {"stroke": "white", "strokeWidth": 5, "strokeJoin": "round"}
    marks = {
        "middle_dot": {"type": "circle", "size": 260, "color": INK, "opacity": 1, "aria": False},
        "middle_rim": text | rim,
        "middle_name": text | {"color": INK},
    }
    return [
        {
            "name": layer,
            "data": {"values": [{"x": 0, "y": 0, "name": name}]},
            "mark": mark,
            "encoding": {"x": _axis("x"), "y": _axis("y")}
            | ({"text": {"field": "name"}} if mark["type"] == "text" else {}),
        }
        for layer, mark in marks.items()
    ]


def _axis(field: str) -> Spec:
    reach = 1.55 if field.endswith("x") else 1.15
    return {
        "field": field,
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [-reach, reach], "nice": False},
    }

"""The picture of a country and its neighbours, as a Vega-Lite spec."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from textwrap import shorten
from typing import Any

from tracker.charts.drawing import DOWN, INK, QUIET, SCHEMA, UP, Spec, axes, name_lines

COLOURS = {"positive": UP, "negative": DOWN, "undetermined": QUIET}
THINNEST, WIDEST = 1.5, 9.0
# The radius of the ring and of the names around it, and the edge of the box.
RING, NAMES, EDGE = 1.0, 1.05, 1.5
# Half a turn, in degrees.
HALF = 180
# Letters of a name, which is cut after them, and the height of a line.
LETTERS, LINE = 24, 19
# More names than these are turned in the direction of their line.
MOST_UPRIGHT = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A country on the ring; `value` is its rounded score, `reach` the distance of the score from
    neutral, 0..1."""

    name: str
    value: str
    sign: str
    reach: float
    label: str
    url: str


def ego(middle: str, around: Sequence[Neighbour], *, wide: bool = True) -> Spec:
    """One country in the middle, the others on a ring. Edges have the colour of the sign and the
    width of the reach."""
    radial = len(around) > MOST_UPRIGHT
    turns = [360 * number / max(len(around), 1) for number in range(len(around))]
    rows = [_row(country, turn) for country, turn in zip(around, turns, strict=True)]
    layers: list[Spec] = [
        _edges(sign, [row for row in rows if row["sign"] == sign]) for sign in COLOURS
    ]
    layers += [_names(rows, right=right, wide=wide, radial=radial) for right in (True, False)]
    side = 560 if wide else 300
    return {
        "$schema": SCHEMA,
        "width": side,
        "height": side,
        "background": "transparent",
        "padding": 6,
        "layer": [*(layer for layer in layers if layer["data"]["values"]), *_middle(middle)],
        "config": axes(),
    }


def _row(neighbour: Neighbour, turn: float) -> dict[str, Any]:
    """Build the row of a neighbour; `turn` is its angle clockwise from the top, in degrees."""
    x, y = round(sin(radians(turn)), 4), round(cos(radians(turn)), 4)
    return {
        "angle": round(turn - 90 if turn <= HALF else turn + 90, 1),
        "right": turn <= HALF,
        "x": 0,
        "y": 0,
        "x2": RING * x,
        "y2": RING * y,
        "nx": NAMES * x,
        "ny": NAMES * y,
        "sign": neighbour.sign,
        "width": round(THINNEST + (WIDEST - THINNEST) * neighbour.reach, 1),
        "name": shorten(neighbour.name, LETTERS, placeholder=" …"),
        "label": f"{shorten(neighbour.name, LETTERS, placeholder=' …')} {neighbour.value}",
        "says": neighbour.label,
        "url": neighbour.url,
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


def _names(rows: Sequence[dict[str, Any]], *, right: bool, wide: bool, radial: bool) -> Spec:
    """The names on one side; `radial`: turned in the direction of their line."""
    own = [row for row in rows if row["right"] is right]
    turned = {"angle": {"field": "angle", "type": "quantitative", "scale": None}}
    return {
        "name": "names_right" if right else "names_left",
        "data": {"values": own},
        "mark": {
            "type": "text",
            "align": "left" if right else "right",
            "baseline": "middle",
            "fontSize": 13 if wide else 12,
            "color": INK,
            "aria": False,
        },
        "encoding": {
            "x": _axis("nx"),
            "y": _axis("ny"),
            "text": {"field": "label" if wide else "name"},
            "href": {"field": "url"},
            **(turned if radial else {}),
        },
    }


def _middle(name: str) -> list[Spec]:
    """The country in the middle; its name has a rim, because lines pass behind it."""
    name_parts = name_lines(name, LETTERS)
    text = {"type": "text", "fontSize": 16, "fontWeight": 700, "lineHeight": LINE, "aria": False}
    text["dy"] = -18 - LINE * (len(name_parts) - 1)
    rim = {"stroke": "white", "strokeWidth": 5, "strokeJoin": "round"}
    marks = {
        "middle_dot": {"type": "circle", "size": 260, "color": INK, "opacity": 1, "aria": False},
        "middle_rim": text | rim,
        "middle_name": text | {"color": INK},
    }
    return [
        {
            "name": layer,
            "data": {"values": [{"x": 0, "y": 0, "name": name_parts}]},
            "mark": mark,
            "encoding": {"x": _axis("x"), "y": _axis("y")}
            | ({"text": {"field": "name"}} if mark["type"] == "text" else {}),
        }
        for layer, mark in marks.items()
    ]


def _axis(field: str) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [-EDGE, EDGE], "nice": False},
    }

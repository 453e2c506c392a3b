"""The picture of a triangle and the course of its pairs, as Vega-Lite specs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.charts import pair_chart
from tracker.charts.drawing import DOWN, INK, QUIET, SCHEMA, UP, Spec, axes, name_lines
from tracker.charts.pair_chart import ChartPoint, PlotSize, Scale
from tracker.domain.triads import Edge, Triad
from tracker.wording import NO_CLAIMS, Names, sign, signed

COLOURS = {"positive": UP, "negative": DOWN, "undetermined": QUIET}
# The corners in a box of 2 × 1.7: one at the top, two at the foot.
CORNERS = ((1.0, 1.5), (0.2, 0.32), (1.8, 0.32))
# Widest and narrowest stroke of an edge, in points.
WIDEST, THINNEST = 14.0, 2.0
# Letters in a line of a name, wide and narrow.
LETTERS, FEW_LETTERS = 20, 13
# The height of a line of text, in points.
LINE_HEIGHT = 18
PANEL, SMALL_PANEL = PlotSize(width=800, height=96), PlotSize(width=216, height=72, wide=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The points of one pair over time, with its name."""

    name: str
    points: Sequence[ChartPoint]


def triangle(
    triad: Triad,
    named: Names,
    links: dict[str, str],
    *,
    wide: bool = True,
    silent: Collection[str] = (),
) -> Spec:
    """The triangle; each edge links to its pair. The `silent` pairs have no claims, and their value
    of 0 is not shown."""
    codes = sorted({code for edge in triad.edges for code in edge.pair.split("-")})
    places = dict(zip(codes, CORNERS, strict=True))
    edges = [_edge(edge, places, links[edge.pair]) for edge in triad.edges]
    words = [_label(edge, places, _label_lines(edge, silent, wide=wide)) for edge in triad.edges]
    return {
        "$schema": SCHEMA,
        "width": 560 if wide else 300,
        "height": 400 if wide else 250,
        "background": "transparent",
        "padding": 8,
        "layer": [*edges, *words, *_corners(places, named, wide=wide)],
        "config": axes(),
    }


def course(courses: Sequence[Course], *, scale: Scale, wide: bool = True) -> Spec:
    """Three small pictures over the same days, one below the other."""
    panels = []
    for number, panel_course in enumerate(courses, start=1):
        size = PANEL if wide else SMALL_PANEL
        panel = pair_chart.pair_chart(
            panel_course.points, [], scale=Scale(top=scale.top), size=size
        )
        for name in ("$schema", "background", "padding", "config"):
            panel.pop(name)
        # Layers of the same name would all take the data of the last one.
        panel["layer"] = [
            layer | {"name": f"{layer['name']}_{number}"}
            for layer in panel["layer"]
            if layer["name"] != "caption"
        ]
        panel["title"] = {
            "text": panel_course.name,
            "anchor": "start",
            "fontSize": 13,
            "color": INK,
            "frame": "group",
        }
        panels.append(panel)
    return {
        "$schema": SCHEMA,
        "background": "transparent",
        "padding": {"left": 4, "right": 12, "top": 6, "bottom": 4},
        "vconcat": panels,
        "config": axes(),
    }


def _edge(edge: Edge, places: dict[str, tuple[float, float]], link: str) -> Spec:
    first, second = (places[code] for code in edge.pair.split("-"))
    row = {"x": first[0], "y": first[1], "x2": second[0], "y2": second[1], "url": link}
    row["says"] = f"{edge.pair}: {signed(edge.value)}, {sign(edge)}"
    dashed: Spec = {"strokeDash": [7, 7]} if edge.sign == "undetermined" else {}
    return {
        "name": f"edge_{edge.sign}_{edge.pair.replace('-', '')}",
        "data": {"values": [row]},
        "mark": {
            "type": "rule",
            "color": COLOURS[edge.sign],
            "strokeWidth": round(THINNEST + (WIDEST - THINNEST) * abs(edge.x), 1),
            "strokeCap": "butt",
            **dashed,
        },
        "encoding": {
            "x": _place("x", 0, 2),
            "y": _place("y", 0, 1.7),
            "x2": {"field": "x2"},
            "y2": {"field": "y2"},
            "href": {"field": "url"},
            "description": {"field": "says"},
        },
    }


def _label_lines(edge: Edge, silent: Collection[str], *, wide: bool) -> list[str]:
    """The value and its sign in words; on a narrow picture only the value."""
    if edge.pair in silent:
        return [NO_CLAIMS]
    return [signed(edge.value), *([sign(edge)] if wide else [])]


def _label(edge: Edge, places: dict[str, tuple[float, float]], text: list[str]) -> Spec:
    """The text beside the middle of an edge, outside the triangle."""
    first, second = (places[code] for code in edge.pair.split("-"))
    x, y = (first[0] + second[0]) / 2, (first[1] + second[1]) / 2
    side = "center" if abs(x - 1) < 0.1 else "right" if x < 1 else "left"
    foot = side == "center"
    return {
        "name": f"words_{edge.sign}_{edge.pair.replace('-', '')}",
        "data": {"values": [{"x": x, "y": y, "text": ", ".join(text) if foot else text}]},
        "mark": {
            "type": "text",
            "align": side,
            "baseline": "top" if foot else "bottom",
            "dx": {"center": 0, "right": -14, "left": 14}[side],
            "dy": 12 if foot else -2 - LINE_HEIGHT * (len(text) - 1),
            "fontSize": 14,
            "fontWeight": 600,
            "lineHeight": LINE_HEIGHT,
            "color": COLOURS[edge.sign],
            "aria": False,
        },
        "encoding": {
            "x": _place("x", 0, 2),
            "y": _place("y", 0, 1.7),
            "text": {"field": "text"},
        },
    }


def _corners(places: dict[str, tuple[float, float]], named: Names, *, wide: bool) -> list[Spec]:
    """The names: the top one above its corner, the others below theirs, clear of the widest
    edge."""
    rows: list[dict[str, Any]] = [
        {"x": x, "y": y, "text": name_lines(named.country(code), LETTERS if wide else FEW_LETTERS)}
        for code, (x, y) in places.items()
    ]
    size = 18 if wide else 15
    height = round(size * 1.2)
    look = {"fontSize": size, "fontWeight": 700, "lineHeight": height, "color": INK, "aria": False}
    top = -8 - height * (len(rows[0]["text"]) - 1)
    sides = {"corner_top": ("bottom", top, rows[:1]), "corners_foot": ("top", 10, rows[1:])}
    return [
        {
            "name": name,
            "data": {"values": own},
            "mark": {"type": "text", "baseline": baseline, "dy": down, **look},
            "encoding": {
                "x": _place("x", 0, 2),
                "y": _place("y", 0, 1.7),
                "text": {"field": "text"},
            },
        }
        for name, (baseline, down, own) in sides.items()
    ]


def _place(field: str, low: float, high: float) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [low, high], "nice": False},
    }

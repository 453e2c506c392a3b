"""The picture of a triangle as Vega-Lite specs: three edges by sign and width, and their course."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.domain.triads import Edge, Triad
from tracker.pages import pair_chart
from tracker.pages.drawing import DOWN, INK, QUIET, SCHEMA, UP, Spec, axes, lines
from tracker.pages.pair_chart import Point, Scale, Size
from tracker.wording import NO_CLAIMS, SIGNS, Names, signed

COLOURS = {"positive": UP, "negative": DOWN, "undetermined": QUIET}
# Corners on a plane of 2 × 1.7: one on top, two at the foot.
CORNERS = ((1.0, 1.5), (0.2, 0.32), (1.8, 0.32))
# Widest and narrowest stroke of an edge, in points.
WIDEST, THINNEST = 14.0, 2.0
# Letters that a line of a name has room for, wide and narrow.
LETTERS, FEW_LETTERS = 20, 13
# Between two lines of words, in points.
LINE = 18
PANEL, SMALL_PANEL = Size(width=800, height=96), Size(width=216, height=72, wide=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One pair over the days, by its name."""

    called: str
    points: Sequence[Point]


def triangle(
    triad: Triad,
    named: Names,
    links: dict[str, str],
    *,
    wide: bool = True,
    silent: Collection[str] = (),
) -> Spec:
    """The triangle itself; each edge leads to its pair. Of the `silent` pairs nothing is on record:
    their nought is no finding."""
    codes = sorted({code for edge in triad.edges for code in edge.pair.split("-")})
    places = dict(zip(codes, CORNERS, strict=True))
    edges = [_edge(one, places, links[one.pair]) for one in triad.edges]
    words = [_words(one, places, said=_said(one, silent, wide=wide)) for one in triad.edges]
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
    """Three small pictures of one span, one under the other."""
    panels = []
    for number, one in enumerate(courses, start=1):
        size = PANEL if wide else SMALL_PANEL
        panel = pair_chart.pair_chart(one.points, [], scale=Scale(top=scale.top), size=size)
        for name in ("$schema", "background", "padding", "config"):
            panel.pop(name)
        # Layers of one name would all be drawn from the data of the last.
        panel["layer"] = [
            layer | {"name": f"{layer['name']}_{number}"}
            for layer in panel["layer"]
            if layer["name"] != "caption"
        ]
        panel["title"] = {
            "text": one.called,
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
    one, other = (places[code] for code in edge.pair.split("-"))
    row = {"x": one[0], "y": one[1], "x2": other[0], "y2": other[1], "url": link}
    row["says"] = f"{edge.pair}: {signed(edge.value)}, {SIGNS[edge.sign]}"
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


def _said(edge: Edge, silent: Collection[str], *, wide: bool) -> list[str]:
    """Value and sign; where it is narrow the value alone, whose sign and the edge's dashes say the
    rest."""
    if edge.pair in silent:
        return [NO_CLAIMS]
    return [signed(edge.value), *([SIGNS[edge.sign]] if wide else [])]


def _words(edge: Edge, places: dict[str, tuple[float, float]], *, said: list[str]) -> Spec:
    """What is said beside the middle of an edge, away from the triangle's inside."""
    one, other = (places[code] for code in edge.pair.split("-"))
    x, y = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
    side = "center" if abs(x - 1) < 0.1 else "right" if x < 1 else "left"
    foot = side == "center"
    return {
        "name": f"words_{edge.sign}_{edge.pair.replace('-', '')}",
        "data": {"values": [{"x": x, "y": y, "text": ", ".join(said) if foot else said}]},
        "mark": {
            "type": "text",
            "align": side,
            "baseline": "top" if foot else "bottom",
            "dx": {"center": 0, "right": -14, "left": 14}[side],
            "dy": 12 if foot else -2 - LINE * (len(said) - 1),
            "fontSize": 14,
            "fontWeight": 600,
            "lineHeight": LINE,
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
    """The names, the one on top above its corner and the others below theirs, clear of the widest
    edge whatever the height of the picture."""
    rows: list[dict[str, Any]] = [
        {"x": x, "y": y, "text": lines(named.country(code), LETTERS if wide else FEW_LETTERS)}
        for code, (x, y) in places.items()
    ]
    size = 18 if wide else 15
    height = round(size * 1.2)
    looks = {"fontSize": size, "fontWeight": 700, "lineHeight": height, "color": INK, "aria": False}
    top = -8 - height * (len(rows[0]["text"]) - 1)
    sides = {"corner_top": ("bottom", top, rows[:1]), "corners_foot": ("top", 10, rows[1:])}
    return [
        {
            "name": name,
            "data": {"values": own},
            "mark": {"type": "text", "baseline": baseline, "dy": down, **looks},
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

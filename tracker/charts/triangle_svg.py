"""Draws the picture of a triangle as SVG."""

from collections.abc import Mapping
from html import escape
from math import ceil, floor
from typing import Any

from tracker.charts.drawing import OPENED, Spec
from tracker.charts.page_svg import ANCHORS, BASELINES, BOLD, LETTER

EDGE = 8
# The height of a line of text, in parts of its size.
LINE = 1.2


def triangle_svg(spec: Spec) -> str:
    """The triangle as SVG, without styles: it is as wide as its box."""
    left, right = _reach(spec)
    width, height = right - left, spec["height"] + 2 * EDGE
    layers = "".join(_layer(layer, spec) for layer in spec["layer"])
    return f'{OPENED} viewBox="{left} {-EDGE} {width} {height}">{layers}</svg>'


def _reach(spec: Spec) -> tuple[int, int]:
    """How far the picture reaches to the left and to the right, in points: its texts fit."""
    left, right = 0.0, float(spec["width"])
    for layer in spec["layer"]:
        mark = layer["mark"]
        if mark["type"] != "text":
            continue
        letter = LETTER * mark["fontSize"] / 12 * (BOLD if "fontWeight" in mark else 1)
        before = {"left": 0.0, "right": 1.0}.get(mark.get("align", "center"), 0.5)
        for row in layer["data"]["values"]:
            x = _place(spec, row["x"], row["y"])[0] + mark.get("dx", 0)
            lines = row["text"] if isinstance(row["text"], list) else [row["text"]]
            wide = letter * max(map(len, lines))
            left, right = min(left, x - before * wide), max(right, x + (1 - before) * wide)
    return floor(left) - EDGE, ceil(right) + EDGE


def _layer(layer: Spec, spec: Spec) -> str:
    draw = _rule if layer["mark"]["type"] == "rule" else _text
    shapes = "".join(draw(layer, row, spec) for row in layer["data"]["values"])
    hidden = ' aria-hidden="true"' if layer["mark"].get("aria") is False else ""
    return f'<g class="{layer["name"]}_marks"{hidden}>{shapes}</g>'


def _rule(layer: Spec, row: Mapping[str, Any], spec: Spec) -> str:
    mark = layer["mark"]
    x1, y1 = _place(spec, row["x"], row["y"])
    x2, y2 = _place(spec, row["x2"], row["y2"])
    dashes = ",".join(map(str, mark.get("strokeDash", ())))
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<a xlink:href="{escape(row["url"])}"><line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}"'
        f' y2="{y2:g}" stroke="{mark["color"]}" stroke-width="{mark["strokeWidth"]}"{dashed}>'
        f"<title>{escape(row['says'])}</title></line></a>"
    )


def _text(layer: Spec, row: Mapping[str, Any], spec: Spec) -> str:
    mark = layer["mark"]
    size = mark["fontSize"]
    x, y = _place(spec, row["x"], row["y"])
    x += mark.get("dx", 0)
    y += mark.get("dy", 0) + BASELINES[mark.get("baseline", "middle")] * size
    lines = row["text"] if isinstance(row["text"], list) else [row["text"]]
    step = mark.get("lineHeight", LINE * size)
    look = f'font-size="{size}" font-weight="{mark.get("fontWeight", 400)}" fill="{mark["color"]}"'
    parts = "".join(
        f'<tspan x="{x:g}" y="{round(y + step * number, 1):g}">{escape(text)}</tspan> '
        for number, text in enumerate(lines)
    )
    return f'<text {look} text-anchor="{ANCHORS[mark.get("align", "center")]}">{parts}</text>'


def _place(spec: Spec, x: float, y: float) -> tuple[float, float]:
    """A place in points from the left and the top."""
    left, right = spec["across"]
    low, high = spec["up"]
    across = (x - left) / (right - left) * spec["width"]
    down = (high - y) / (high - low) * spec["height"]
    return round(across, 1), round(down, 1)

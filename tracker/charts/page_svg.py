"""Draws pictures of pairs as SVG: the marks that `pair_chart` uses, with names for the stylesheet
and the crosshair."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from math import sqrt
from typing import Any

from tracker.charts.drawing import GRID, LINE, OPENED, QUIET, Spec, letters
from tracker.charts.drawing import number as _n
from tracker.charts.time_ticks import time_ticks
from tracker.wording import signed

# The room above a plot and below it, and beside it at least; the mean width of a letter.
ABOVE, BELOW, BESIDE, LETTER = 10.0, 26.0, 14.0, 7.6
# How much wider a bold letter is.
BOLD = 1.1
# Where a text begins below its place, in parts of its size.
BASELINES = {"top": 0.79, "bottom": -0.21, "middle": 0.3}
ANCHORS = {"left": "start", "right": "end", "center": "middle"}

type Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where days and values of a picture are."""

    start: date
    end: date
    width: float
    height: float
    low: float
    top: float

    def x(self, day: str) -> float:
        days = (self.end - self.start).days
        return (date.fromisoformat(day) - self.start).days / (days or 1) * self.width

    def y(self, value: float) -> float:
        return (self.top - value) / (self.top - self.low) * self.height


def page_svg(spec: Spec) -> str:
    """A picture of a pair as SVG, without styles and sizes: it is as wide as its box."""
    days = [date.fromisoformat(row["day"]) for row in spec["data"]["values"]]
    place = _Place(
        start=days[0],
        end=days[-1],
        width=spec["width"],
        height=spec["height"],
        low=spec["low"],
        top=spec["top"],
    )
    size = spec["text"]
    labels = _labels(spec["ticks"])
    ticks = [
        (place.x(day.isoformat()), text)
        for day, text in time_ticks(place.start, place.end, width=place.width)
    ]
    across, down = _n(place.width), _n(place.height)
    inside = [
        f'<path class="background" fill="none" d="M0,0h{across}v{down}h-{across}Z"/>',
        *_value_axis(labels, place, size),
        *_time_axis(ticks, place, size),
        *(_layer(layer, spec["data"]["values"], place) for layer in spec["layer"]),
    ]
    margins = _margins(spec, place, labels, ticks, LETTER * size / 12)
    return _boxed("".join(inside), place, *margins)


def _margins(
    spec: Spec,
    place: _Place,
    labels: Sequence[tuple[float, str]],
    ticks: Sequence[tuple[float, str]],
    letter: float,
) -> tuple[float, float]:
    """The room on the left for the values, and on the right for what reaches beyond the plot."""
    left = max(
        12 + letter * max(len(text) for _, text in labels),
        *(2 + letter * letters(text) / 2 - x for x, text in ticks[:1]),
    )
    right = max(
        BESIDE,
        *(_overhang(layer, place) for layer in spec["layer"]),
        *(2 + x + letter * letters(text) / 2 - place.width for x, text in ticks[-1:]),
    )
    return left, right


def _boxed(inside: str, place: _Place, left: float, right: float) -> str:
    width, height = left + place.width + right, ABOVE + place.height + BELOW
    box = f"0 0 {_n(width)} {_n(height)}"
    return (
        f'{OPENED} role="presentation" viewBox="{box}">'
        f'<g transform="translate({_n(left)},{_n(ABOVE)})"><g class="role-frame">{inside}</g></g>'
        "</svg>"
    )


def _labels(values: Sequence[float]) -> list[tuple[float, str]]:
    places = int(any(value % 1 for value in values))
    return [(value, signed(value, places)) for value in values]


def _value_axis(labels: Sequence[tuple[float, str]], place: _Place, size: float) -> list[str]:
    found = [f'<g class="role-axis-grid" stroke="{GRID}">']
    found += [
        f'<line x2="{_n(place.width)}" y1="{_n(place.y(value))}" y2="{_n(place.y(value))}"/>'
        for value, _ in labels
    ]
    found += ["</g>", _opened_labels(size, "end")]
    found += [
        f'<text x="-8" y="{_n(place.y(value) + BASELINES["middle"] * size)}">{text}</text>'
        for value, text in labels
    ]
    return [*found, "</g>"]


def _time_axis(ticks: Sequence[tuple[float, str]], place: _Place, size: float) -> list[str]:
    y = _n(place.height + 8 + size)
    found = [_opened_labels(size, "middle")]
    found += [f'<text x="{_n(x)}" y="{y}">{escape(text)}</text>' for x, text in ticks]
    return [*found, "</g>"]


def _opened_labels(size: float, anchor: str) -> str:
    return f'<g class="role-axis-label" font-size="{size}" text-anchor="{anchor}" fill="{QUIET}">'


def _overhang(layer: Spec, place: _Place) -> float:
    """How far the texts of a layer reach beyond the plot on the right."""
    mark = layer["mark"]
    if mark["type"] != "text" or mark.get("align", "left") != "left":
        return 0.0
    wide = LETTER * mark["fontSize"] / 12 * (BOLD if "fontWeight" in mark else 1)
    reach: list[float] = [
        _x(layer, row, place) + mark.get("dx", 0) + wide * letters(row["text"])
        for row in layer["data"]["values"]
    ]
    return max(reach, default=0.0) + 4 - place.width


def _x(layer: Spec, row: Row, place: _Place) -> float:
    encoding = layer["encoding"]["x"]
    return float(encoding["value"]) if "value" in encoding else place.x(row[encoding["field"]])


def _layer(layer: Spec, own: Sequence[Row], place: _Place) -> str:
    mark = layer["mark"]
    rows = layer["data"]["values"] if "data" in layer else own
    shapes = _SHAPES[mark["type"]](layer, rows, place)
    hidden = ' aria-hidden="true"' if mark.get("aria") is False else ""
    return f'<g class="{layer["name"]}_marks"{hidden}>{shapes}</g>'


def _line(layer: Spec, rows: Sequence[Row], place: _Place) -> str:
    field = layer["encoding"]["y"]["field"]
    dashes = layer["mark"].get("strokeDash")
    dashed = f' stroke-dasharray="{",".join(map(str, dashes))}"' if dashes else ""
    path = _path((place.x(row["day"]), place.y(row[field])) for row in rows)
    return f'<path fill="none" stroke="{LINE}" stroke-width="2.5"{dashed} d="{path}"/>'


def _area(layer: Spec, rows: Sequence[Row], place: _Place) -> str:
    """There along the lower ends and back along the upper ones."""
    low, high = (layer["encoding"][name]["field"] for name in ("y", "y2"))
    there = [(place.x(row["day"]), place.y(row[low])) for row in rows]
    back = [(place.x(row["day"]), place.y(row[high])) for row in reversed(rows)]
    return f'<path fill="{LINE}" opacity=".16" d="{_path([*there, *back])}Z"/>'


def _path(points: Any) -> str:
    return "M" + "L".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _rule(layer: Spec, rows: Sequence[Row], place: _Place) -> str:
    """A level line over the whole width, or an upright one on a day."""
    encoding, mark = layer["encoding"], layer["mark"]
    found = []
    for row in rows:
        y = place.y(row[encoding["y"]["field"]])
        if "x" in encoding:
            x, end = _n(place.x(row["day"])), place.y(row[encoding["y2"]["field"]])
            ends = f'x1="{x}" x2="{x}" y1="{_n(y)}" y2="{_n(end)}"'
        else:
            ends = f'x2="{_n(place.width)}" y1="{_n(y)}" y2="{_n(y)}"'
        found.append(
            f'<line {ends} stroke="{mark["color"]}" stroke-width="{mark["strokeWidth"]}"/>'
        )
    return "".join(found)


def _rect(layer: Spec, rows: Sequence[Row], place: _Place) -> str:
    encoding, mark = layer["encoding"], layer["mark"]
    found = []
    for row in rows:
        start = place.x(row["day"]) if "x" in encoding else 0.0
        end = place.x(row[encoding["x2"]["field"]]) if "x2" in encoding else place.width
        low, high = sorted(place.y(row[encoding[name]["field"]]) for name in ("y", "y2"))
        found.append(
            f'<path fill="{mark["color"]}" opacity="{mark["opacity"]}" d="M{_n(start)},{_n(low)}'
            f'H{_n(end)}V{_n(high)}H{_n(start)}Z"/>'
        )
    return "".join(found)


def _point(layer: Spec, rows: Sequence[Row], place: _Place) -> str:
    mark = layer["mark"]
    path = symbol(mark["shape"], mark["size"])
    found = []
    for row in rows:
        x, y = _n(_x(layer, row, place)), _n(place.y(row["at"]))
        title = f"<title>{escape(row['title'])}</title>" if "title" in row else ""
        shape = (
            f'<path transform="translate({x},{y})" fill="{mark["color"]}" d="{path}">{title}</path>'
        )
        found.append(_linked(shape, row, layer))
    return "".join(found)


def _linked(shape: str, row: Row, layer: Spec, *, stop: bool = True) -> str:
    """A shape that leads where its row says; the keyboard stops at marks, not at their texts."""
    if "href" not in layer["encoding"]:
        return shape
    tab = "" if stop else ' tabindex="-1"'
    return f'<a{tab} xlink:href="{escape(row["url"])}">{shape}</a>'


def symbol(shape: str, size: float) -> str:
    """A symbol of an area, around the origin."""
    if shape == "circle":
        r = sqrt(size) / 2
        return f"M{_n(r)},0A{_n(r)},{_n(r)},0,1,1,{_n(-r)},0A{_n(r)},{_n(r)},0,1,1,{_n(r)},0"
    r = sqrt(size) / 2
    if shape == "diamond":
        return f"M0,{_n(-r)}L{_n(r)},0L0,{_n(r)}L{_n(-r)},0Z"
    h = r * sqrt(3) / 2
    down = -1 if shape == "triangle-down" else 1
    return f"M0,{_n(-h * down)}L{_n(-r)},{_n(h * down)}L{_n(r)},{_n(h * down)}Z"


def _text(layer: Spec, rows: Sequence[Row], place: _Place) -> str:
    mark = layer["mark"]
    size = mark["fontSize"]
    look = f'font-size="{size}" text-anchor="{ANCHORS[mark.get("align", "center")]}"'
    look += f' fill="{mark.get("color", "currentColor")}"'
    if "fontWeight" in mark:
        look += f' font-weight="{mark["fontWeight"]}"'
    if "stroke" in mark:
        look += f' stroke="{mark["stroke"]}" stroke-width="{mark["strokeWidth"]}"'
        look += ' stroke-linejoin="round"'
    down = mark.get("dy", 0) + BASELINES[mark.get("baseline", "middle")] * size
    texts = [
        _linked(
            f'<text x="{_n(_x(layer, row, place) + mark.get("dx", 0))}"'
            f' y="{_n(place.y(row["at"]) + down)}">{escape(row["text"])}</text>',
            row,
            layer,
            stop=False,
        )
        for row in rows
    ]
    return f"<g {look}>{''.join(texts)}</g>"


_SHAPES = {
    "line": _line,
    "area": _area,
    "rule": _rule,
    "rect": _rect,
    "point": _point,
    "text": _text,
}

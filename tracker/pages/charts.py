"""The picture of a pair: one Vega-Lite spec, drawn to SVG that a strict content policy admits.

The SVG carries no styles: the stylesheet colours it by the names of the layers, light and dark.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import vl_convert
from django.core.cache import cache

from tracker.pages.words import signed

type Spec = dict[str, Any]

WIDTH, HEIGHT = 860, 360
FONT = "Liberation Sans, Arial, sans-serif"
# Ink, line, up and down on white; the stylesheet has the same for the dark.
INK, QUIET, GRID, LINE, UP, DOWN = "#1c1f24", "#5b6470", "#e3e5e8", "#2456a6", "#0b6e69", "#a83a0c"
# What the converter puts before addresses without a host.
_BASE = "https://vega.github.io/vega-datasets/"
BOLD: Spec = {"fontWeight": 600}
# How far apart marks of one day stand, as a share of the scale.
APART = 0.056


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


def drawn(spec: Spec) -> str:
    """Draw a spec as SVG; the same spec is drawn once and kept."""
    body = json.dumps(spec, sort_keys=True)
    key = f"chart:{hashlib.sha256(body.encode()).hexdigest()}"
    svg: str | None = cache.get(key)
    if svg is None:
        svg = _clean(vl_convert.vegalite_to_svg(body))
        cache.set(key, svg, 86_400)
    return svg


def pair_chart(points: Sequence[Point], marks: Sequence[Mark], *, top: float) -> Spec:
    """A line with its interval on −top..top, and the claims as marks that open the claim."""
    last = points[-1]
    dated = [
        _band(top),
        _line(),
        _written("value", last, [last.value], {"color": LINE, "fontSize": 17, **BOLD}),
        _written("limits", last, _limits(last, top), {"color": QUIET, "fontSize": 12}),
        _caption(last),
        *_claims(marks),
    ]
    axis = _time_axis(points[0].day, last.day)
    for layer in dated:
        layer["encoding"]["x"] = axis
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": HEIGHT,
        "background": "transparent",
        "padding": {"left": 4, "right": 20, "top": 14, "bottom": 4},
        "data": {"values": [_row(point) for point in points]},
        "layer": [_zero(), *dated],
        "config": _config(),
    }


def spread(marks: Sequence[Mark], *, top: float) -> list[Mark]:
    """Move marks that would hide one another apart: good ones upwards, bad ones downwards."""
    met: dict[tuple[date, bool], int] = {}
    moved = []
    for mark in marks:
        rank = met[mark.day, mark.good] = met.get((mark.day, mark.good), -1) + 1
        step = 2 * top * APART * (rank + 0.6) * (1 if mark.good else -1)
        moved.append(Mark(**{**_fields(mark), "at": max(-top, min(top, mark.at + step))}))
    return moved


def _fields(mark: Mark) -> dict[str, Any]:
    return {name: getattr(mark, name) for name in Mark.__slots__}


def _clean(svg: str) -> str:
    """Leave out roles that say nothing, give the marks tips, and let their links stay here."""
    svg = re.sub(r' aria-roledescription="[^"]*"', "", svg).replace(_BASE, "")
    svg = re.sub(r'<path aria-label="([^"]*)"([^>]*)/>', r"<path\2><title>\1</title></path>", svg)
    return svg.replace('class="marks"', 'class="chart"', 1)


def _row(point: Point) -> dict[str, Any]:
    return {
        "day": point.day.isoformat(),
        "value": round(point.value, 4),
        "low": round(point.low, 4),
        "high": round(point.high, 4),
    }


def _time_axis(first: date, last: date) -> Spec:
    days = (last - first).days
    wide = days > 1_500
    return {
        "field": "day",
        "type": "temporal",
        "scale": {"type": "utc"},
        "axis": {
            "title": None,
            "grid": False,
            "format": "%Y" if wide else "%b %Y" if days > 60 else "%-d %b %Y",
            "tickCount": "year" if wide else "month" if days < 500 else 8,
            "labelOverlap": "greedy",
        },
    }


def _score(field: str, top: float) -> Spec:
    ticks = [round(top * part / 3) for part in range(-3, 4)] if top == 9 else [-10, -5, 0, 5, 10]
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [-top, top]},
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


def _band(top: float) -> Spec:
    return {
        "name": "band",
        "mark": {"type": "area", "color": LINE, "opacity": 0.14, "aria": False},
        "encoding": {"y": _score("low", top), "y2": {"field": "high"}},
    }


def _line() -> Spec:
    return {
        "name": "line",
        "mark": {"type": "line", "color": LINE, "strokeWidth": 2.5, "aria": False},
        "encoding": {"y": {"field": "value", "type": "quantitative"}},
    }


def _written(name: str, last: Point, values: Sequence[float], mark: Spec) -> Spec:
    """Numbers where the line ends, so that nobody has to look them up on the axis."""
    rows = [{"day": last.day.isoformat(), "at": one, "text": signed(one, 1)} for one in values]
    return {
        "name": name,
        "data": {"values": rows},
        "mark": {"type": "text", "align": "left", "dx": 7, "aria": False, **mark},
        "encoding": {
            "y": {"field": "at", "type": "quantitative"},
            "text": {"field": "text"},
        },
    }


def _limits(last: Point, top: float) -> list[float]:
    """The ends of the interval, without one that would be written over the value."""
    return [one for one in (last.low, last.high) if abs(one - last.value) > 2 * top * APART]


def _caption(last: Point) -> Spec:
    """What the band is, written into it."""
    row = {"day": last.day.isoformat(), "at": last.high, "text": "90 % interval"}
    mark = {"type": "text", "align": "right", "baseline": "top", "dx": -8, "dy": 8}
    return {
        "name": "caption",
        "data": {"values": [row]},
        "mark": {**mark, "fontSize": 12, "color": QUIET, "aria": False},
        "encoding": {"y": {"field": "at", "type": "quantitative"}, "text": {"field": "text"}},
    }


def _claims(marks: Sequence[Mark]) -> list[Spec]:
    """The claims that pull up and those that pull down, told apart by shape as well."""
    found = []
    for name, shape, colour, good in (
        ("better", "triangle-up", UP, True),
        ("worse", "triangle-down", DOWN, False),
    ):
        rows = [_fields(one) | {"day": one.day.isoformat()} for one in marks if one.good is good]
        found += [
            _mark(name, rows, {"type": "point", "shape": shape, "size": 170, "color": colour}),
            _mark(f"{name}_numbers", rows, {"type": "text", "color": colour, "aria": False}),
        ]
    return [layer for layer in found if layer["data"]["values"]]


def _mark(name: str, rows: list[dict[str, Any]], mark: Spec) -> Spec:
    text = mark["type"] == "text"
    looks: Spec = {"dx": 14, "fontSize": 12, "fontWeight": 600} if text else {"filled": True}
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


def _config() -> Spec:
    axis = {
        "labelColor": QUIET,
        "labelFontSize": 12,
        "labelPadding": 6,
        "domain": False,
        "gridColor": GRID,
        "tickColor": GRID,
    }
    return {"font": FONT, "view": {"stroke": None}, "axis": axis}

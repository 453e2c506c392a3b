"""From a Vega-Lite spec to a picture: SVG that a strict content policy admits, or PNG.

The SVG carries no styles: the stylesheet colours it by the names of the layers, light and dark.
"""

import hashlib
import json
import re
from collections.abc import Callable
from textwrap import wrap
from typing import Any

import vl_convert
from django.core.cache import cache

type Spec = dict[str, Any]

FONT = "Liberation Sans, Arial, sans-serif"
# Ink, line, up and down on white; the stylesheet has the same for the dark.
INK, QUIET, GRID, LINE, UP, DOWN = "#1c1f24", "#5b6470", "#e3e5e8", "#2456a6", "#0b6e69", "#a83a0c"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
KEPT = 86_400
# What the converter puts before addresses without a host.
_BASE = "https://vega.github.io/vega-datasets/"


def drawn(spec: Spec) -> str:
    """Draw a spec as SVG; the same spec is drawn once and kept."""
    return _kept(spec, "svg", lambda body: _clean(vl_convert.vegalite_to_svg(body)))


def as_png(spec: Spec, *, scale: float = 2) -> bytes:
    """Draw a spec as PNG on white, in `scale` dots a point."""
    opaque = spec | {"background": "white"}
    return _kept(opaque, f"png{scale}", lambda body: vl_convert.vegalite_to_png(body, scale=scale))


def as_file(svg: str, *, origin: str) -> str:
    """An SVG that stands alone: its links lead back to `origin`."""
    linked = svg.replace('href="/', f'href="{origin}/')
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{linked}\n'


def _kept[T](spec: Spec, way: str, draw: Callable[[str], T]) -> T:
    body = json.dumps(spec, sort_keys=True)
    key = f"chart:{way}:{hashlib.sha256(body.encode()).hexdigest()}"
    made: T | None = cache.get(key)
    if made is None:
        made = draw(body)
        cache.set(key, made, KEPT)
    return made


def _clean(svg: str) -> str:
    """Leave out what says nothing or would be heard twice, give the marks tips, and let their
    links stay here."""
    svg = re.sub(r' aria-roledescription="[^"]*"', "", svg).replace(_BASE, "")
    svg = re.sub(r' font-family="[^"]*"', "", svg)
    svg = re.sub(r'<path aria-label="([^"]*)"([^>]*)/>', r"<path\2><title>\1</title></path>", svg)
    svg = re.sub(r'<g class="mark-text[^>]*>.*?</g>', _unstopped, svg, flags=re.DOTALL)
    svg = re.sub(r' (?:d|transform|[xy][12]?)="[^"]*"', _shortened, svg)
    return svg.replace('class="marks"', f'class="chart" font-family="{FONT}"', 1)


def _unstopped(words: re.Match[str]) -> str:
    """Words that lead where their mark leads are for pointers: by keyboard the mark is enough."""
    return words[0].replace("<a ", '<a tabindex="-1" ')


def _shortened(place: re.Match[str]) -> str:
    """A place in the picture to a hundredth of a dot."""
    return re.sub(r"(\d+\.\d\d)\d+", r"\1", place[0])


def axes() -> Spec:
    """How axes look in every picture."""
    axis = {
        "labelColor": QUIET,
        "labelFontSize": 12,
        "labelPadding": 6,
        "domain": False,
        "gridColor": GRID,
        "tickColor": GRID,
    }
    return {"font": FONT, "view": {"stroke": None}, "axis": axis}


def time_axis(days: int, *, field: str = "day", wide: bool = True) -> Spec:
    """Years, months or days along the foot, whatever `days` call for."""
    long = days > 1_500
    return {
        "field": field,
        "type": "temporal",
        "scale": {"type": "utc"},
        "axis": {
            "title": None,
            "grid": False,
            "format": "%Y" if long else "%b %Y" if days > 60 else "%-d %b %Y",
            "tickCount": ("year" if long else "month" if days < 500 else 8) if wide else 3,
            "labelOverlap": "greedy",
            "labelSeparation": 12,
        },
    }


def lines(name: str, letters: int) -> list[str]:
    """A name in at most two lines; what is longer is cut, and told in full beside the picture."""
    return wrap(name, letters, max_lines=2, placeholder=" …")


def titled(spec: Spec, title: list[str], subtitle: list[str], *, size: int = 22) -> Spec:
    """A picture that says by itself what it shows and where it is from."""
    words = {
        "text": title,
        "subtitle": subtitle,
        "anchor": "start",
        "frame": "group",
        "fontSize": size,
        "subtitleFontSize": 12,
        "color": INK,
        "subtitleColor": QUIET,
        "lineHeight": round(size * 1.25),
        "subtitleLineHeight": 16,
        "subtitlePadding": 8,
        "offset": 14,
    }
    return spec | {"title": words}


def as_card(spec: Spec, title: list[str], subtitle: list[str]) -> bytes:
    """The same as a PNG of 1200 × 630 dots, as other sites show it beside a link."""
    card = titled(spec, title, subtitle, size=20)
    fitted = {"width": 600, "height": 315, "autosize": {"type": "fit", "contains": "padding"}}
    edges = {"left": 24, "right": 24, "top": 22, "bottom": 16}
    return as_png(card | fitted | {"padding": edges})

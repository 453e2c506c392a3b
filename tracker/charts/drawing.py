"""Renders Vega-Lite specs as SVG or PNG.

The SVG has no inline styles, as the content policy requires. The stylesheet colours it by the names
of the layers, in a light and a dark scheme.
"""

import hashlib
import json
import re
import threading
from collections.abc import Callable
from textwrap import wrap
from typing import Any
from unicodedata import east_asian_width

import vl_convert
from babel import Locale
from django.core.cache import cache
from django.utils.translation import get_language, to_locale

from tracker.domain.problems import Unavailable
from tracker.language_formats import decimal, is_english

type Spec = dict[str, Any]

FONT = "Liberation Sans, Arial, sans-serif"
# The colours on white; the stylesheet has those on dark.
INK, QUIET, GRID, LINE, UP, DOWN = "#1c1f24", "#5b6470", "#e3e5e8", "#2456a6", "#0b6e69", "#a83a0c"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
CACHE_SECONDS = 86_400
# A process draws one picture at a time, and one more waits: the other threads are for readers.
DRAWING_SECONDS = 10
_turn = threading.Lock()
_places = threading.BoundedSemaphore(2)
# The converter adds this to addresses without a host.
_BASE = "https://vega.github.io/vega-datasets/"
BUSY = "other pictures are being drawn: try again in a few seconds"


class Busy(Unavailable):
    """Others are drawing."""

    wait = 5


def svg(spec: Spec) -> str:
    """Render a spec as SVG, from the cache where it was rendered before."""
    return _cached(spec, "svg", lambda body: _clean(vl_convert.vegalite_to_svg(body)))


def png(spec: Spec, *, scale: float = 2) -> bytes:
    """Render a spec as PNG on white, with `scale` pixels a point."""
    opaque = spec | {"background": "white"}
    return _cached(
        opaque, f"png{scale}", lambda body: vl_convert.vegalite_to_png(body, scale=scale)
    )


def svg_file(svg: str, *, origin: str) -> str:
    """An SVG as a file; its links point to `origin`."""
    linked = svg.replace('href="/', f'href="{origin}/')
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{linked}\n'


def _cached[T](spec: Spec, form: str, render: Callable[[str], T]) -> T:
    """:raises Busy: if it would have to wait too long."""
    body = json.dumps(spec, sort_keys=True)
    key = f"chart:{form}:{hashlib.sha256(body.encode()).hexdigest()}"
    image: T | None = cache.get(key)
    return _drawn(body, key, render) if image is None else image


def _drawn[T](body: str, key: str, render: Callable[[str], T]) -> T:
    if not _places.acquire(blocking=False):
        raise Busy(BUSY)
    try:
        if not _turn.acquire(timeout=DRAWING_SECONDS):
            raise Busy(BUSY)
        try:
            image = render(body)
        finally:
            _turn.release()
    finally:
        _places.release()
    cache.set(key, image, CACHE_SECONDS)
    return image


def _clean(svg: str) -> str:
    """Remove fonts, repeated labels and the base address of links; give marks tooltips; shorten
    coordinates. The class of the picture is not "chart": the desk's admin takes those for canvases.
    """
    svg = re.sub(r' aria-roledescription="[^"]*"', "", svg).replace(_BASE, "")
    svg = re.sub(r' font-family="[^"]*"', "", svg)
    svg = re.sub(r'<path aria-label="([^"]*)"([^>]*)/>', r"<path\2><title>\1</title></path>", svg)
    svg = re.sub(r'<g class="mark-text[^>]*>.*?</g>', _without_tab_stop, svg, flags=re.DOTALL)
    svg = re.sub(r' (?:d|transform|[xy][12]?)="[^"]*"', _shortened, svg)
    return svg.replace('class="marks"', f'class="plot" font-family="{FONT}"', 1)


def _without_tab_stop(text: re.Match[str]) -> str:
    """A text with the same link as its mark: the keyboard stops at the mark only."""
    return text[0].replace("<a ", '<a tabindex="-1" ')


def _shortened(coordinates: re.Match[str]) -> str:
    """Coordinates to a tenth of a point."""
    return re.sub(r"(\d+\.\d)\d+", r"\1", coordinates[0])


def axes(*, text: float = 12) -> Spec:
    """The look of axes in every picture; `text` is the size of letters."""
    axis = {
        "labelColor": QUIET,
        "labelFontSize": text,
        "labelPadding": 6,
        "domain": False,
        "gridColor": GRID,
        "tickColor": GRID,
    }
    return {"font": FONT, "view": {"stroke": None}, "axis": axis, **_locale()}


def _locale() -> Spec:
    """How the language writes numbers and months; nothing for English, which programs know."""
    if is_english():
        return {}
    names = Locale.parse(to_locale(get_language() or "en"))
    months, days = names.months["stand-alone"], names.days["stand-alone"]
    week = (6, 0, 1, 2, 3, 4, 5)
    time = {
        "dateTime": "%x %X",
        "date": "%Y-%m-%d",
        "time": "%H:%M",
        "periods": ["", ""],
        "days": [days["wide"][day] for day in week],
        "shortDays": [days["abbreviated"][day] for day in week],
        "months": [*months["wide"].values()],
        "shortMonths": [*months["abbreviated"].values()],
    }
    number = {"decimal": decimal("."), "thousands": "\N{NO-BREAK SPACE}", "grouping": [3]}
    return {"locale": {"number": number | {"currency": ["", ""]}, "time": time}}


# Months between ticks, of which the first is taken that leaves room for the labels, and the width
# of a label.
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
LABEL_WIDTH = 78
# Years, months and days where they are not written as in English.
_DATES = {
    "kk": ("%Y", "%Y %b", "%Y %-d %b"),
    "zh-hans": ("%Y年", "%Y年%-m月", "%Y年%-m月%-d日"),
}


def time_axis(
    days: int, *, field: str = "day", wide: bool = True, width: int | None = None
) -> Spec:
    """A time axis with ticks by year, month or day, depending on the number of days and on the
    `width` of the plot in points."""
    long = days > 1_500
    count: Any = ("year" if long else "month" if days < 500 else 8) if wide else 3
    if width and days > 60:
        most = width // LABEL_WIDTH
        months = next((step for step in MONTHS if days / 30.4 / step <= most), MONTHS[-1])
        long = months >= 12
        count = {"interval": "month", "step": months}
        if long:
            count = {"interval": "year", "step": months // 12}
    elif width:
        count = max(2, width // (2 * LABEL_WIDTH))
    year, month, day = _DATES.get(get_language() or "en", ("%Y", "%b %Y", "%-d %b %Y"))
    return {
        "field": field,
        "type": "temporal",
        "scale": {"type": "utc"},
        "axis": {
            "title": None,
            "grid": False,
            "format": year if long else month if days > 60 else day,
            "tickCount": count,
            "labelOverlap": "greedy",
            "labelSeparation": 12,
        },
    }


def quantity(field: str) -> Spec:
    """The encoding of a number on the scale of the picture."""
    return {"field": field, "type": "quantitative"}


def letters(text: str) -> int:
    """The length of a text in Latin letters: Chinese ones are twice as wide."""
    return len(text) + sum(east_asian_width(letter) in "WF" for letter in text)


def lines(text: str, most: int, **cut: Any) -> list[str]:
    """A text in lines of so many Latin letters; `cut` is as for `textwrap.wrap`."""
    return wrap(text, most * len(text) // max(1, letters(text)) or 1, **cut)


def name_lines(name: str, most: int) -> list[str]:
    """A name in up to two lines of so many letters; a longer one is cut."""
    return lines(name, most, max_lines=2, placeholder=" …")


def with_title(spec: Spec, title: list[str], subtitle: list[str], *, size: int = 22) -> Spec:
    """A picture with a title and a subtitle."""
    heading = {
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
    return spec | {"title": heading}


def card_png(spec: Spec, title: list[str], subtitle: list[str]) -> bytes:
    """A PNG of 1200 × 630 pixels, which other sites show beside a link."""
    card = with_title(spec, title, subtitle, size=20)
    fitted = {"width": 600, "height": 315, "autosize": {"type": "fit", "contains": "padding"}}
    edges = {"left": 24, "right": 24, "top": 22, "bottom": 16}
    return png(card | fitted | {"padding": edges})

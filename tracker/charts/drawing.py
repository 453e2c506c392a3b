"""What all pictures share: colours, letters, the elements of an SVG, and the one place that makes a
PNG of it.

An SVG has no styles. Its attributes have the colours of files, on white; on pages the stylesheet
replaces them by the names of the layers, in a light and a dark scheme.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable
from html import escape
from math import sqrt
from textwrap import wrap
from typing import Any
from unicodedata import east_asian_width

import vl_convert
from django.core.cache import cache

from tracker.domain.problems import Unavailable

FONT = "Liberation Sans, Arial, sans-serif"
# The colours on white; the stylesheet has those on dark.
INK, QUIET, GRID, LINE, UP, DOWN = "#1c1f24", "#5b6470", "#e3e5e8", "#2456a6", "#0b6e69", "#a83a0c"
# The mean width of a letter of 12 points, how much wider a bold one is, and where a text in the
# middle of a line begins below its place, in parts of its size.
LETTER, BOLD, MIDDLE = 7.6, 1.1, 0.3
CACHE_SECONDS = 86_400
# A process draws one picture at a time, and one more waits: the other threads are for readers.
DRAWING_SECONDS = 10
_turn = threading.Lock()
_places = threading.BoundedSemaphore(2)
BUSY = "other pictures are being drawn: try again in a few seconds"
# The beginning of every picture.
OPENED = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    f' class="plot" font-family="{FONT}"'
)


class Busy(Unavailable):
    """Others are drawing."""

    wait = 5


def png(svg: str, *, scale: float = 2) -> bytes:
    """Render an SVG as PNG, with `scale` pixels a point, from the cache where it was rendered
    before.

    :raises Busy: if it would have to wait too long.
    """
    key = f"chart:png{scale}:{hashlib.sha256(svg.encode()).hexdigest()}"
    image: bytes | None = cache.get(key)
    if image is None:
        image = _alone(lambda: vl_convert.svg_to_png(svg, scale=scale))
        cache.set(key, image, CACHE_SECONDS)
    return image


def _alone[T](render: Callable[[], T]) -> T:
    if not _places.acquire(blocking=False):
        raise Busy(BUSY)
    try:
        if not _turn.acquire(timeout=DRAWING_SECONDS):
            raise Busy(BUSY)
        try:
            return render()
        finally:
            _turn.release()
    finally:
        _places.release()


def tag(name: str, *inside: str, **attributes: Any) -> str:
    """An element. In the name of an attribute `_` stands for `-`, at its end for nothing; one that
    is None is left out. Numbers are to a tenth of a point."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_written(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{given}>{''.join(inside)}</{name}>" if inside else f"<{name}{given}/>"


def _written(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else number(value)


def layer(name: str, *shapes: str, hidden: bool = True, **look: Any) -> str:
    """Shapes that the stylesheet knows by the name of their layer; empty without any. A `hidden`
    one has nothing that is read or leads anywhere."""
    if not any(shapes):
        return ""
    return tag("g", *shapes, class_=f"{name}_marks", aria_hidden="true" if hidden else None, **look)


def link(url: str, *shapes: str, stops: bool = True) -> str:
    """Shapes that lead somewhere; `stops`: the keyboard stops there."""
    tab = "" if stops else ' tabindex="-1"'
    return f'<a{tab} xlink:href="{escape(url)}">{"".join(shapes)}</a>'


def text(x: float, y: float, words: str, **look: Any) -> str:
    return tag("text", escape(words), x=x, y=y, **look)


def titled(words: str) -> str:
    """What a shape shows when it is pointed at."""
    return tag("title", escape(words))


def path(points: Iterable[tuple[float, float]]) -> str:
    """A line through points, for the attribute `d`."""
    return "M" + "L".join(f"{number(x)},{number(y)}" for x, y in points)


def symbol(shape: str, size: float) -> str:
    """A symbol of an area, around the origin, for the attribute `d`."""
    r = sqrt(size) / 2
    if shape == "circle":
        left, right = number(-r), number(r)
        return f"M{right},0A{right},{right},0,1,1,{left},0A{right},{right},0,1,1,{right},0"
    if shape == "diamond":
        return path([(0, -r), (r, 0), (0, r), (-r, 0)]) + "Z"
    down = r * sqrt(3) / 2 * (-1 if shape == "triangle-down" else 1)
    return path([(0, -down), (-r, down), (r, down)]) + "Z"


def number(value: float) -> str:
    """A coordinate to a tenth of a point."""
    return f"{value:.1f}".removesuffix(".0")


def letters(text: str) -> int:
    """The length of a text in Latin letters: Chinese ones are twice as wide."""
    return len(text) + sum(east_asian_width(letter) in "WF" for letter in text)


def lines(text: str, most: int, **cut: Any) -> list[str]:
    """A text in lines of so many Latin letters; `cut` is as for `textwrap.wrap`."""
    return wrap(text, most * len(text) // max(1, letters(text)) or 1, **cut)


def name_lines(name: str, most: int) -> list[str]:
    """A name in up to two lines of so many letters; a longer one is cut."""
    return lines(name, most, max_lines=2, placeholder=" …")

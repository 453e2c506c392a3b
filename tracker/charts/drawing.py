"""What all pictures share: colours, letters, and the one place that makes a PNG of an SVG.

An SVG has no styles. Its attributes have the colours of files, on white; on pages the stylesheet
replaces them by the names of the layers, in a light and a dark scheme.
"""

import hashlib
import threading
from collections.abc import Callable
from textwrap import wrap
from typing import Any
from unicodedata import east_asian_width

import vl_convert
from django.core.cache import cache

from tracker.domain.problems import Unavailable

# The layers of a picture, from back to front, each with its mark and the rows that it shows.
type Spec = dict[str, Any]

FONT = "Liberation Sans, Arial, sans-serif"
# The colours on white; the stylesheet has those on dark.
INK, QUIET, GRID, LINE, UP, DOWN = "#1c1f24", "#5b6470", "#e3e5e8", "#2456a6", "#0b6e69", "#a83a0c"
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

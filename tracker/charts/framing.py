"""A picture of a page as a file: on white, with a title, and a size of its own."""

import re
from collections.abc import Sequence
from html import escape

from tracker.charts.drawing import INK, OPENED, QUIET, letters, number

# The size of the letters of a title and of the lines below it, and the heights of their lines.
TITLE, SMALL, SMALL_LINE = 22, 12, 16
# The room between the title and the lines below it, and between these and the picture.
BETWEEN, BELOW_TITLE = 8, 14
EDGE = 12.0
# The mean width of a bold letter, in parts of its size.
LETTER = 0.56
# A card that other sites show beside a link, in points of two pixels.
CARD_WIDTH, CARD_HEIGHT, CARD_TITLE, CARD_EDGE = 600, 315, 20, 24.0


def as_file(svg: str, title: Sequence[str] = (), small: Sequence[str] = ()) -> str:
    """A picture with its title and small lines above it. It needs no stylesheet."""
    width, height = _size(svg)
    top = EDGE + heading_height(title, small, TITLE)
    inside = _heading(title, small, TITLE, EDGE) + _put(svg, EDGE, top, width, height)
    long = LETTER * TITLE * max(map(letters, title), default=0)
    return _framed(inside, title, max(width, long) + 2 * EDGE, top + height + EDGE)


def as_card(svg: str, title: Sequence[str], small: Sequence[str]) -> str:
    """A picture of 600 × 315 points with its title above it."""
    top = CARD_EDGE + heading_height(title, small, CARD_TITLE)
    width, height = card_room(title, small)
    inside = _heading(title, small, CARD_TITLE, CARD_EDGE)
    return _framed(
        inside + _put(svg, CARD_EDGE, top, width, height), title, CARD_WIDTH, CARD_HEIGHT
    )


def card_room(title: Sequence[str], small: Sequence[str]) -> tuple[float, float]:
    """The width and the height that a card leaves for its picture, in points."""
    heading = heading_height(title, small, CARD_TITLE)
    return CARD_WIDTH - 2 * CARD_EDGE, CARD_HEIGHT - 1.5 * CARD_EDGE - heading


def heading_height(title: Sequence[str], small: Sequence[str], size: float) -> float:
    """The height of a title and the lines below it, with the room below them."""
    if not title and not small:
        return 0.0
    return len(title) * size * 1.25 + BETWEEN + len(small) * SMALL_LINE + BELOW_TITLE


def linked(svg: str, *, origin: str) -> str:
    """An SVG as the text of a file; its links lead to `origin`."""
    absolute = svg.replace('href="/', f'href="{escape(origin)}/')
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{absolute}\n'


def _heading(title: Sequence[str], small: Sequence[str], size: float, edge: float) -> str:
    middle = edge + len(title) * size * 1.25 + BETWEEN
    return _lines(title, edge, edge, size, size * 1.25, f'fill="{INK}" font-weight="700"') + _lines(
        small, edge, middle, SMALL, SMALL_LINE, f'fill="{QUIET}"'
    )


def _lines(
    texts: Sequence[str], x: float, top: float, size: float, height: float, look: str
) -> str:
    return "".join(
        f'<text x="{number(x)}" y="{number(top + place * height + 0.8 * size)}"'
        f' font-size="{size}" {look}>{escape(text)}</text>'
        for place, text in enumerate(texts)
    )


def _size(svg: str) -> tuple[float, float]:
    box = re.search(r' viewBox="\S+ \S+ (\S+) (\S+)"', svg)
    if box is None:
        raise ValueError("a picture has a viewBox")
    return float(box[1]), float(box[2])


def _put(svg: str, x: float, y: float, width: float, height: float) -> str:
    """A picture in a place. It keeps its proportions."""
    place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
    return svg.replace("<svg ", f'<svg {place} overflow="visible" ', 1)


def _framed(inside: str, title: Sequence[str], width: float, height: float) -> str:
    across, down = number(width), number(height)
    named = f"<title>{escape(' '.join(title))}</title>" if title else ""
    return (
        f'{OPENED} width="{across}" height="{down}" viewBox="0 0 {across} {down}">{named}'
        f'<rect width="{across}" height="{down}" fill="white"/>{inside}</svg>'
    )

"""The picture of a triangle as SVG: which way each side went, and what moved it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain
from math import ceil, floor
from textwrap import wrap

from tracker.charts.drawing import (
    BOLD,
    DOWN,
    INK,
    LETTER,
    OPENED,
    QUIET,
    UP,
    layer,
    link,
    name_lines,
    number,
    tag,
    titled,
)
from tracker.charts.known_ways import Way
from tracker.domain.triads import Edge
from tracker.wording import Names, signed

COLOURS: dict[Way, str] = {"better": UP, "worse": DOWN, "unsure": QUIET, "silent": QUIET}
# The dashes of a side: worse is broken, unknown is dotted.
DASHES: dict[Way, str] = {"worse": "14,6", "unsure": "2,6", "silent": "2,6"}
# The corners in a box of 2 × 1.7: one at the top, two at the foot.
CORNERS = ((1.0, 1.5), (0.2, 0.32), (1.8, 0.32))
TOP = 1.7
# The widest and the narrowest stroke of a side whose direction is known, the stroke of others, and
# the movement that has the widest, in points.
WIDEST, THINNEST, UNKNOWN, LARGEST = 12.0, 3.0, 1.5, 3.0
# Letters and lines of a cause beside a side, and below the triangle.
CAUSE_LETTERS, CAUSE_LINES, FOOT_LETTERS, FOOT_LINES = 32, 3, 60, 2
# The room of a card beside the triangle for names, and below it.
CARD_BESIDE, CARD_BELOW = 60, 24
# The heights of lines of text, the room around the picture, and where a text begins below its
# upper edge, in parts of its size.
LINE_HEIGHT, CAUSE_HEIGHT, EDGE, BELOW = 18, 15, 8, 0.79


@dataclass(frozen=True, slots=True, kw_only=True)
class TriangleSide:
    """A side: which way its pair went, in words, and by how many `points`, if that is known; when,
    and the title of the claim that moved it most (both may be empty); and the address of its
    page."""

    edge: Edge
    way: Way
    words: str
    points: float
    link: str
    when: str = ""
    cause: str = ""

    @property
    def sure(self) -> bool:
        return self.way in ("better", "worse")

    @property
    def key(self) -> str:
        return self.edge.pair.replace("-", "")

    @property
    def width(self) -> float:
        share = min(1.0, abs(self.points) / LARGEST)
        return THINNEST + (WIDEST - THINNEST) * share if self.sure else UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class TriangleSize:
    """The size of the triangle in points, how much of its box there is beside and below it for
    words, and the sizes and the letters of names and words. A `wide` one has the causes."""

    width: int
    height: int
    beside: float = 0.0
    foot: float = 0.0
    name: int = 15
    way: int = 13
    letters: int = 13
    wide: bool = False


WIDE = TriangleSize(
    width=780, height=400, beside=0.55, foot=0.18, name=18, way=15, letters=20, wide=True
)
NARROW = TriangleSize(width=300, height=260)


def card_size(width: float, height: float) -> TriangleSize:
    """The size of a triangle in a card; its names reach beyond it at both sides."""
    return TriangleSize(width=round(width - 2 * CARD_BESIDE), height=round(height - CARD_BELOW))


def triangle(sides: Sequence[TriangleSide], named: Names, size: TriangleSize = WIDE) -> str:
    """The triangle, without styles: it is as wide as its box. Each side links to its pair."""
    return _TriangleDrawing(sides, named, size).svg()


class _TriangleDrawing:
    """The layers of a triangle, and how far their texts reach to the left and to the right."""

    def __init__(self, sides: Sequence[TriangleSide], named: Names, size: TriangleSize) -> None:
        self.sides, self.named, self.size = sides, named, size
        codes = sorted({code for side in sides for code in side.edge.pair.split("-")})
        self.corners = {
            code: self._place(*corner) for code, corner in zip(codes, CORNERS, strict=True)
        }
        self.left, self.right = 0.0, float(size.width)

    def svg(self) -> str:
        layers = [
            *(self._side(side) for side in self.sides),
            *chain.from_iterable(self._words(side) for side in self.sides),
            *self._names(),
        ]
        left = floor(self.left) - EDGE
        width, height = ceil(self.right) + EDGE - left, self.size.height + 2 * EDGE
        return f'{OPENED} viewBox="{left} {-EDGE} {width} {height}">{"".join(layers)}</svg>'

    def _place(self, x: float, y: float) -> tuple[float, float]:
        """A place of the box in points from the left and the top."""
        across = (x + self.size.beside) / (2 + 2 * self.size.beside)
        down = (TOP - y) / (TOP + self.size.foot)
        return across * self.size.width, down * self.size.height

    def _ends(self, side: TriangleSide) -> tuple[tuple[float, float], tuple[float, float]]:
        first, second = (self.corners[code] for code in side.edge.pair.split("-"))
        return first, second

    def _side(self, side: TriangleSide) -> str:
        (x1, y1), (x2, y2) = self._ends(side)
        line = tag(
            "line",
            titled(f"{self.named.joined(side.edge.pair)}: {side.words}"),
            x1=x1,
            y1=y1,
            x2=x2,
            y2=y2,
            stroke=COLOURS[side.way],
            stroke_width=side.width,
            stroke_dasharray=DASHES.get(side.way),
        )
        return layer(f"side_{side.way}_{side.key}", link(side.link, line), hidden=False)

    def _words(self, side: TriangleSide) -> list[str]:
        """The way in words beside the middle of a side, outside the triangle, and its cause
        below."""
        (x1, y1), (x2, y2) = self._ends(side)
        x, y, middle = (x1 + x2) / 2, (y1 + y2) / 2, self.corners[min(self.corners)][0]
        foot = abs(x - middle) < 1
        anchor, beside = ("middle", 0) if foot else ("end", -16) if x < middle else ("start", 16)
        cause = _cause(side, foot=foot) if self.size.wide else []
        # Above the middle, since the side leans away from there.
        y += 14 if foot else -LINE_HEIGHT - CAUSE_HEIGHT * len(cause)
        x, size = x + beside, self.size.way
        way = self._lines(
            [_headed(side, wide=self.size.wide)], (x, y), size, anchor=anchor, bold=True
        )
        found = [layer(f"ways_{side.way}_{side.key}", way, fill=COLOURS[side.way])]
        if cause:
            y += LINE_HEIGHT + 2
            below = self._lines(cause, (x, y), 12, anchor=anchor, height=CAUSE_HEIGHT)
            found.append(layer(f"caption_{side.key}", below, fill=QUIET))
        return found

    def _names(self) -> list[str]:
        """The names: the top one above its corner, the others below theirs."""
        size, height = self.size.name, round(self.size.name * 1.2)
        found = []
        for place, (code, (x, y)) in enumerate(self.corners.items()):
            words = name_lines(self.named.country(code), self.size.letters)
            top = y + 10 if place else y - 8 - height * (len(words) - 1) - size
            name = self._lines(words, (x, top), size, anchor="middle", bold=True, height=height)
            found.append(layer("corners_foot" if place else "corner_top", name, fill=INK))
        return found

    def _lines(
        self,
        words: Sequence[str],
        at: tuple[float, float],
        size: float,
        *,
        anchor: str,
        bold: bool = False,
        height: float = 0.0,
    ) -> str:
        """A text of several lines whose upper edge is `at` a place. The picture then reaches so far
        that it has room."""
        x, y = at
        long = LETTER * size / 12 * (BOLD if bold else 1) * max(map(len, words))
        before = {"start": 0.0, "end": 1.0, "middle": 0.5}[anchor]
        self.left = min(self.left, x - before * long)
        self.right = max(self.right, x + (1 - before) * long)
        parts = "".join(
            f'<tspan x="{number(x)}" y="{number(y + BELOW * size + height * place)}">'
            f"{escape(line)}</tspan> "
            for place, line in enumerate(words)
        )
        return tag(
            "text", parts, font_size=size, font_weight="700" if bold else "400", text_anchor=anchor
        )


def _headed(side: TriangleSide, *, wide: bool) -> str:
    """ "▼ worse −0.8", "? probably worse, about 85 %", "? no reported act"."""
    if side.sure:
        return f"{side.words} {signed(side.points)}"
    return side.words if wide else "?"


def _cause(side: TriangleSide, *, foot: bool) -> list[str]:
    """When it moved, and what moved it."""
    letters, lines = (FOOT_LETTERS, FOOT_LINES) if foot else (CAUSE_LETTERS, CAUSE_LINES)
    cause = wrap(side.cause, letters, max_lines=lines, placeholder=" …")
    return [*([side.when] if side.when else []), *cause]

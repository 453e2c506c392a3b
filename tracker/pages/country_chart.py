"""The picture of a country's relations as SVG: a dot plot with intervals, sorted."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from textwrap import shorten

from tracker.charts import axes
from tracker.charts.drawing import DOWN, GRID, LINE, OPENED, QUIET, UP, letters, number, symbol
from tracker.domain.scoring.bands import BANDS, scale
from tracker.vocabulary import word
from tracker.wording import signed

# Letters of a name, which is cut after them, the mean width of one, and the height of a row, in
# points.
LETTERS, SHORT, LETTER, ROW = 28, 15, 7.4, 26
# Letters of the name of a band at its usual size.
LONGEST = 13
# The width of the plot, wide and narrow; the room above it, for the names of bands, below it, for
# the axis, and on its right.
WIDTH, NARROW, ABOVE, BELOW, RIGHT = 620, 170, 22, 28, 22
# The area of a mark.
SIZE = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A relation: its value with its 90 % interval, of a flow twice the value, and its `sign`
    ("positive", "negative", or "undetermined" where the interval contains 0). `says` is its
    title."""

    name: str
    value: float
    low: float
    high: float
    sign: str
    says: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The axis runs from −top to top; `banded`: it has the bands of a level."""

    top: float
    banded: bool = False

    @property
    def edges(self) -> list[float]:
        """The ends of the bands."""
        return [-self.top, *scale(self.top)[1], self.top]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plot:
    """The axis, and the width and the height of the plot in points."""

    axis: Axis
    width: float
    height: float

    def x(self, value: float) -> str:
        return number(self.across(value))

    def across(self, value: float) -> float:
        return (value + self.axis.top) / (2 * self.axis.top) * self.width


# The layers of marks by their signs: the name, the shape, and its look.
MARKS = {
    "positive": ("better", "triangle-up", f'fill="{UP}"'),
    "negative": ("worse", "triangle-down", f'fill="{DOWN}"'),
    "undetermined": ("open", "circle", f'fill="white" stroke="{QUIET}" stroke-width="2"'),
}


def dots(relations: Sequence[Dot], axis: Axis, *, wide: bool = True) -> str:
    """One row a relation, the highest value first. Up and down triangles are relations whose sign
    is known, rings those whose sign is not."""
    ordered = sorted(relations, key=lambda dot: (-dot.value, dot.name))
    names = [shorten(dot.name, LETTERS if wide else SHORT, placeholder=" …") for dot in ordered]
    plot = _Plot(axis=axis, width=WIDTH if wide else NARROW, height=ROW * len(ordered))
    left = max(LETTER * max(map(letters, names)) + 14, 26)
    zero = f'<line x1="{plot.x(0)}" x2="{plot.x(0)}" y2="{plot.height}"/>'
    parts = [
        *(_bands(plot, wide=wide) if axis.banded else []),
        _grid(plot, names, wide=wide),
        f'<g class="zero_marks" stroke="{QUIET}">{zero}</g>',
        _reach(plot, ordered),
        *(_marks(plot, ordered, sign) for sign in MARKS),
    ]
    box = f"{number(-left)} {-ABOVE} {number(left + plot.width + RIGHT)}"
    return f'{OPENED} viewBox="{box} {plot.height + ABOVE + BELOW}">{"".join(parts)}</svg>'


def _bands(plot: _Plot, *, wide: bool) -> list[str]:
    """The bands of a level as stripes with their names, which have room on a wide picture."""
    names = [str(word(name)) for name in BANDS]
    ends = [*pairwise(plot.axis.edges)]
    stripes = "".join(
        f'<path d="M{plot.x(low)},0H{plot.x(high)}V{plot.height}H{plot.x(low)}Z"/>'
        for low, high in ends[1::2]
    )
    # In small letters where the longest has no room between two edges.
    size = 10 if max(map(letters, names)) > LONGEST else 12
    captions = "".join(
        f'<text x="{plot.x((low + high) / 2)}" y="-6">{escape(name)}</text>'
        for name, (low, high) in zip(names, ends, strict=True)
    )
    look = f'font-size="{size}" fill="{QUIET}" text-anchor="middle" aria-hidden="true"'
    shown = [f'<g class="stripes_marks" fill="{GRID}" opacity=".5">{stripes}</g>']
    return [*shown, f'<g class="caption_marks" {look}>{captions}</g>'] if wide else shown


def _grid(plot: _Plot, names: Sequence[str], *, wide: bool) -> str:
    """A line and a name for each row, and the labels of the axis. Each mark has its name too."""
    rows = [(ROW * (place + 0.5), name) for place, name in enumerate(names)]
    ticks = _ticks(plot.axis, wide=wide)
    places = int(any(tick % 1 for tick in ticks))
    lines = "".join(f'<line x2="{plot.width}" y1="{number(y)}" y2="{number(y)}"/>' for y, _ in rows)
    lines += "".join(
        f'<line x1="{plot.x(tick)}" x2="{plot.x(tick)}" y2="{plot.height}"/>' for tick in ticks
    )
    said = "".join(f'<text x="-8" y="{number(y + 4)}">{escape(name)}</text>' for y, name in rows)
    values = "".join(
        f'<text x="{plot.x(tick)}" y="{plot.height + 18}">{signed(tick, places)}</text>'
        for tick in ticks
    )
    opened = f'<g class="role-axis-label" fill="{QUIET}" aria-hidden="true"'
    return (
        f'<g class="role-axis-grid" stroke="{GRID}">{lines}</g>'
        f'{opened} font-size="13" text-anchor="end">{said}</g>'
        f'{opened} font-size="12" text-anchor="middle">{values}</g>'
    )


def _ticks(axis: Axis, *, wide: bool) -> Sequence[float]:
    """The ticks of the axis: the edges of the bands, or a few round numbers; of a narrow one the
    ends and the middle."""
    around = axes.rounded(-axis.top, axis.top).ticks
    ticks = axis.edges if axis.banded else [tick for tick in around if abs(tick) <= axis.top]
    return ticks if wide else ticks[:: len(ticks) // 2]


def _reach(plot: _Plot, ordered: Sequence[Dot]) -> str:
    lines = "".join(
        f'<line x1="{plot.x(dot.low)}" x2="{plot.x(dot.high)}" y1="{y}" y2="{y}"/>'
        for y, dot in _rows(ordered)
        if dot.low < dot.high
    )
    look = f'stroke="{LINE}" stroke-width="3" opacity=".45" aria-hidden="true"'
    return f'<g class="reach_marks" {look}>{lines}</g>' if lines else ""


def _marks(plot: _Plot, ordered: Sequence[Dot], sign: str) -> str:
    name, shape, look = MARKS[sign]
    path = symbol(shape, SIZE)
    marks = "".join(
        f'<a xlink:href="{escape(dot.url)}"><path transform="translate({plot.x(dot.value)},{y})"'
        f' d="{path}"><title>{escape(dot.says)}</title></path></a>'
        for y, dot in _rows(ordered)
        if dot.sign == sign
    )
    return f'<g class="{name}_marks" {look}>{marks}</g>' if marks else ""


def _rows(ordered: Sequence[Dot]) -> list[tuple[str, Dot]]:
    """The relations with the heights of their rows."""
    return [(number(ROW * (place + 0.5)), dot) for place, dot in enumerate(ordered)]

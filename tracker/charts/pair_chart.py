"""The picture of a pair as SVG: a line with its interval, and the events below it.

Pages and files have the same picture. The stylesheet and the crosshair know its layers by name.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from tracker.charts import event_lane
from tracker.charts.axes import ChartPoint, Plot, PlotSize, Scale, time_ticks
from tracker.charts.drawing import (
    BOLD,
    GRID,
    LETTER,
    LINE,
    MIDDLE,
    OPENED,
    QUIET,
    layer,
    letters,
    link,
    number,
    path,
    tag,
    text,
)
from tracker.charts.event_lane import MarkedClaim
from tracker.domain.levels import TOP
from tracker.domain.scoring import bands
from tracker.language_formats import decimal
from tracker.wording import day_in_words, signed

WIDE = PlotSize(width=860, height=300)
MEDIUM = PlotSize(width=560, height=260, text=13)
NARROW = PlotSize(width=270, height=220, wide=False, text=13, rows=3)
# What the plot of a card leaves for its values at both sides, and for the axis and a row of events.
CARD_BESIDE, CARD_BELOW = 90, 66
# The room above a plot and below it, and beside it at least.
ABOVE, BELOW, BESIDE = 10.0, 26.0, 14.0
# The least distance of two texts, one above the other; how far a text is from the edge of the plot,
# and from an upright line; and the places that are tried for it, from left to right.
APART, INSIDE, UPRIGHT, PLACES = 17.0, 11.0, 3.0, 5
# The distance of the middle of the interval's label from the end of the interval.
CAPTION = 13.0

type Label = tuple[float, float, str]
type Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a picture shows: a line, with its `interval` unless it is of a flow; `claims`, which are
    marked in the lane below it; and assessed `levels`, the latest first, of which the first before
    the line is drawn at its beginning.

    The line is dashed after the day of the last source (`reported`), which is one of its points.
    Its value is written at its end if that is the day of the page (`valued`). A mark of several
    claims leads to `several`. `all_marked`: every event of its days has a mark."""

    points: Sequence[ChartPoint]
    scale: Scale
    claims: Sequence[MarkedClaim] = ()
    levels: Sequence[MarkedClaim] = ()
    interval: bool = True
    reported: date | None = None
    valued: bool = True
    several: str = ""
    all_marked: bool = True


class Drawn(NamedTuple):
    """An SVG without styles and sizes: it is as wide as its box. `low` is the value at the lower
    edge of its plot."""

    svg: str
    low: float


def card_size(width: float, height: float) -> PlotSize:
    """The plot that a card has room for."""
    return PlotSize(
        width=round(width - CARD_BESIDE), height=round(height - CARD_BELOW), wide=False, rows=1
    )


def draw(picture: Picture, size: PlotSize = WIDE) -> Drawn:
    return _PairDrawing(picture, size).drawn()


class _PairDrawing:
    """The layers of a picture, from back to front, and how far their texts reach to the right."""

    def __init__(self, picture: Picture, size: PlotSize) -> None:
        self.picture = picture
        self.points = picture.points
        start, end = self.points[0].day, self.points[-1].day
        self.plot = Plot(start=start, end=end, scale=picture.scale, size=size)
        self.places = event_lane.places(picture.claims, self.plot)
        rows = max((place.row + 1 for place in self.places), default=0)
        self.plot = Plot(start=start, end=end, scale=picture.scale, size=size, rows=rows)
        self.right = size.width + BESIDE
        self.layers: list[str] = []

    def drawn(self) -> Drawn:
        picture = self.picture
        self._bands()
        self._zero()
        self._days_without_source()
        self.layers += event_lane.layers(
            picture.claims, self.places, self.plot, at=self._value, several=picture.several
        )
        if picture.interval:
            self._interval()
        self._line()
        if picture.valued:
            self._values()
        if picture.interval and self.plot.size.wide:
            self._caption()
        self._levels()
        self._ends()
        return Drawn(self._framed(), self.plot.floor)

    def _add(self, name: str, *shapes: str, **look: Any) -> None:
        self.layers.append(layer(name, *shapes, **look))

    def _write(
        self,
        name: str,
        labels: Sequence[Label],
        *,
        anchor: str = "start",
        size: float | None = None,
        **look: Any,
    ) -> None:
        """Add texts as a layer; those that begin at their place may reach beyond the plot."""
        size = size or self.plot.size.text
        self._add(
            name,
            *(text(x, y + MIDDLE * size, words) for x, y, words in labels),
            font_size=size,
            text_anchor=anchor,
            **{"fill": QUIET} | look,
        )
        if anchor == "start":
            letter = LETTER * size / 12 * (BOLD if "font_weight" in look else 1)
            ends = [x + letter * letters(words) + 4 for x, _y, words in labels]
            self.right = max([self.right, *ends])

    def _framed(self) -> str:
        """The picture with its axes, and with room for what reaches beyond the plot."""
        plot, size = self.plot, self.plot.size.text
        places = int(any(value % 1 for value in plot.scale.ticks))
        values = [(plot.y(value), signed(value, places)) for value in plot.scale.ticks]
        days = [
            (plot.x(day), words)
            for day, words in time_ticks(plot.start, plot.end, width=plot.size.width)
        ]
        letter = LETTER * size / 12
        left = max(
            12 + letter * max(len(words) for _y, words in values),
            *(2 + letter * letters(words) / 2 - x for x, words in days[:1]),
        )
        right = max(self.right, *(2 + x + letter * letters(words) / 2 for x, words in days[-1:]))
        across, down = number(plot.size.width), number(plot.height)
        inside = tag(
            "g",
            tag("path", class_="background", fill="none", d=f"M0,0h{across}v{down}h-{across}Z"),
            *_axes(plot, values, days),
            *self.layers,
            class_="role-frame",
        )
        box = f"0 0 {number(left + right)} {number(ABOVE + plot.height + BELOW)}"
        moved = tag("g", inside, transform=f"translate({number(left)},{number(ABOVE)})")
        return f'{OPENED} role="presentation" viewBox="{box}">{moved}</svg>'

    def _bands(self) -> None:
        """The bands of levels behind a line, with their names at the left."""
        plot = self.plot
        if not plot.scale.banded:
            return
        names = []
        edges = [-TOP, *bands.scale(TOP)[1], TOP]
        for place, (name, *ends) in enumerate(zip(bands.BANDS, edges, edges[1:], strict=False)):
            foot, head = (plot.y(min(max(edge, plot.scale.low), plot.scale.top)) for edge in ends)
            if foot <= head:
                continue
            shade = 0.04 if place % 2 else 0.12
            self._add(f"tint_{place}", _box(0, plot.size.width, head, foot, opacity=f"{shade}"))
            if foot - head >= APART:
                names.append((6, (head + foot) / 2, _(name)))
        self._write("caption_bands", names)

    def _zero(self) -> None:
        if self.plot.scale.low <= 0 <= self.plot.scale.top:
            y = self.plot.y(0)
            self._add("zero", tag("line", x2=self.plot.size.width, y1=y, y2=y), stroke=QUIET)

    def _days_without_source(self) -> None:
        """A shade over the days after the last source, which says so where it has room."""
        plot, reported = self.plot, self.picture.reported
        if reported is None or reported >= plot.end:
            return
        x = plot.x(max(reported, plot.start))
        self._add("unsourced", _box(x, plot.size.width, 0, plot.size.height, opacity="0.07"))
        if note := self._source_note():
            self._write("caption_unsourced", [(note[0], INSIDE, _("no later source"))])

    def _source_note(self) -> Span | None:
        """The ends of the note that there is no later source; None without room for it."""
        plot, reported = self.plot, self.picture.reported
        if reported is None or reported >= plot.end:
            return None
        left = plot.x(max(reported, plot.start)) + 5
        right = left + self._long(_("no later source"))
        if right > plot.size.width or self._is_crossed(left, right, INSIDE):
            return None
        return left, right

    def _value(self, day: date) -> float:
        """The value of the line on a day; between two points it is straight."""
        place = bisect_right(self.points, day, key=lambda point: point.day)
        before = self.points[max(0, place - 1)]
        after = self.points[min(place, len(self.points) - 1)]
        share = (day - before.day).days / ((after.day - before.day).days or 1)
        return before.value + share * (after.value - before.value)

    def _interval(self) -> None:
        """There along the lower ends and back along the upper ones."""
        there = [(self.plot.x(one.day), self.plot.y(one.low)) for one in self.points]
        back = [(self.plot.x(one.day), self.plot.y(one.high)) for one in reversed(self.points)]
        self._add("band", tag("path", fill=LINE, opacity=".16", d=path([*there, *back]) + "Z"))

    def _line(self) -> None:
        """Solid up to the day of the last source, dashed after it."""
        until = self.picture.reported or date.max
        for name, own, dashes in (
            ("line", [one for one in self.points if one.day <= until], None),
            ("line_unreported", [one for one in self.points if one.day >= until], "5,5"),
        ):
            if own:
                line = path((self.plot.x(one.day), self.plot.y(one.value)) for one in own)
                look = {"fill": "none", "stroke": LINE, "stroke_width": "2.5"}
                self._add(name, tag("path", **look, stroke_dasharray=dashes, d=line))

    def _values(self) -> None:
        """The value and its interval where the line ends, without an end that would cover the
        value."""
        last, size = self.points[-1], self.plot.size
        x, y = size.width + 7, self.plot.y(last.value)
        value = [(x, y, signed(last.value))]
        self._write("value", value, size=size.text + 5, fill=LINE, font_weight="600")
        ends = [(x, self.plot.y(end), signed(end)) for end in (last.low, last.high)]
        self._write("limits", [end for end in ends if abs(end[1] - y) > APART + 2])

    def _caption(self) -> None:
        """The label of the interval, inside it at its end, where it has room and meets no line."""
        last, plot = self.points[-1], self.plot
        words, right = _("90 % interval"), plot.size.width - 8
        low, high, line = (plot.y(value) for value in (last.low, last.high, last.value))
        for middle, other in ((high + CAPTION, low), (low - CAPTION, high)):
            inside = all(abs(middle - y) > 1.2 * CAPTION for y in (line, other))
            if inside and not self._is_crossed(right - self._long(words), right, middle):
                return self._write("caption", [(right, middle, words)], anchor="end")
        return None

    def _levels(self) -> None:
        """A diamond with a whisker of one sd each way for each assessed level, which links to its
        claim; on wide pictures with its value, sd and day."""
        plot, scale = self.plot, self.plot.scale
        whiskers, marks = [], []
        labels: dict[bool, list[Label]] = {False: [], True: []}
        for claim in self._drawn_levels():
            value, sd = claim.pull.value, claim.pull.sd or 0.0
            x = plot.x(max(claim.day, plot.start))
            y, low, high = (
                plot.y(max(scale.low, min(scale.top, one)))
                for one in (value, value - sd, value + sd)
            )
            words = _level(claim, earlier=claim.day < plot.start)
            whiskers.append(tag("line", x1=x, x2=x, y1=low, y2=high))
            mark = event_lane.mark("diamond", 150, x, y, LINE, f"{words}: {claim.title}")
            marks.append(link(claim.link, mark))
            left = x > plot.size.width / 2
            labels[left].append(
                (x - 11 if left else x + 11, y - 12, f"{words}, {day_in_words(claim.day)}")
            )
        self._add("level_whiskers", *whiskers, stroke=LINE, stroke_width="1.5")
        self._add("levels", *marks, hidden=False)
        for left, own in labels.items() if plot.size.wide else ():
            side = "end" if left else "start"
            # A rim, because the line may pass behind.
            rim: dict[str, Any] = {
                "stroke": "white",
                "stroke_width": "3",
                "stroke_linejoin": "round",
            }
            self._write(f"rim_levels_{side}", own, anchor=side, fill="white", **rim)
            self._write(f"level_caption_{side}", own, anchor=side)

    def _drawn_levels(self) -> Iterable[MarkedClaim]:
        for claim in self.picture.levels:
            if claim.day <= self.plot.end:
                yield claim
            if claim.day < self.plot.start:
                return

    def _ends(self) -> None:
        """The names of the ends of the scale, above and below, where they meet neither the line nor
        what goes down from it to a mark."""
        low, high = self.plot.scale.ends
        foot = self.plot.size.height - INSIDE
        note = self._source_note()
        uprights = [
            (x - UPRIGHT, x + UPRIGHT)
            for claim in self.picture.claims
            if self.plot.y(self._value(claim.day)) < foot
            for x in [self.plot.x(claim.day)]
        ]
        for name, words, y, taken in (
            ("ceiling", high, INSIDE, [note] if note else []),
            ("floor", low, foot, uprights),
        ):
            start = self._free(words, y, taken)
            if start is not None:
                self._write(name, [(start, y, words)])

    def _free(self, words: str, y: float, taken: Sequence[Span]) -> float | None:
        """Where a text at a height may begin; None for no text, or no room."""
        long = self._long(words)
        for part in range(PLACES) if words else ():
            start = 5 + (self.plot.size.width - long - 10) * part / (PLACES - 1)
            if any(left < start + long and start < right for left, right in taken):
                continue
            if not self._is_crossed(start, start + long, y):
                return start
        return None

    def _is_crossed(self, start: float, end: float, y: float) -> bool:
        """Whether the line meets a text of one line at a height, from `start` to `end`."""
        before = self.plot.y(self.points[0].value)
        for point in self.points:
            x, at = self.plot.x(point.day), self.plot.y(point.value)
            if x >= start and min(before, at) - APART / 2 < y < max(before, at) + APART / 2:
                return True
            if x > end:
                return False
            before = at
        return False

    def _long(self, words: str) -> float:
        """The width of a text."""
        return event_lane.LETTER_WIDTH * letters(words) * self.plot.size.text / 12


def _axes(
    plot: Plot, values: Sequence[tuple[float, str]], days: Sequence[tuple[float, str]]
) -> list[str]:
    """The grid, and the labels of the values and of the days."""
    size = plot.size.text
    look = {"class_": "role-axis-label", "font_size": size, "fill": QUIET}
    grid = [tag("line", x2=plot.size.width, y1=y, y2=y) for y, _words in values]
    beside = [text(-8, y + MIDDLE * size, words) for y, words in values]
    below = [text(x, plot.height + 8 + size, words) for x, words in days]
    return [
        tag("g", *grid, class_="role-axis-grid", stroke=GRID),
        tag("g", *beside, text_anchor="end", **look),
        tag("g", *below, text_anchor="middle", **look),
    ]


def _box(left: float, right: float, head: float, foot: float, **look: str) -> str:
    edges = f"M{number(left)},{number(head)}H{number(right)}V{number(foot)}H{number(left)}Z"
    return tag("path", fill=QUIET, **look, d=edges)


def _level(claim: MarkedClaim, *, earlier: bool) -> str:
    """An assessed level; an arrow points to one of a day before the picture."""
    says = _("Level %(value)s ± %(sd)s") % {
        "value": signed(claim.pull.value),
        "sd": decimal(f"{claim.pull.sd or 0:.1f}"),
    }
    return f"← {says}" if earlier else says

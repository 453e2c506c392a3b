"""The pictures of a pair's page: how far it moved, and where its level may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tracker.charts import captions, picture
from tracker.charts.axes import ChartPoint
from tracker.charts.pair_chart import MEDIUM, NARROW, WIDE, Picture, draw
from tracker.charts.picture import Marked, PictureSpan
from tracker.domain.movements import WindowMovement
from tracker.language_formats import decimal
from tracker.pages import request_params
from tracker.pages.listed_claims import ListedClaim
from tracker.pages.pair_context import PairContext
from tracker.wording import day_in_words, signed

# The CSS classes of the sizes, of which a page shows one.
SIZES = {"wide": WIDE, "middle": MEDIUM, "narrow": NARROW}
# Sources that the files name.
MOST_NAMED = 3
# The files of a pair, with the name and the form of the address of each.
FILES = {
    lazy("The picture as SVG"): ("pair-picture", "svg"),
    lazy("The picture as PNG"): ("pair-picture", "png"),
    lazy("A brief as a Word file"): ("pair-brief", "docx"),
    lazy("The scores by month as CSV"): ("pair-scores", "csv"),
    lazy("The scores by month as JSON, with the citation"): ("pair-scores", "json"),
}
# Where the list of the marked claims is on the page.
LIST = "#moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture as SVG for one `size` of pages; `low` is the value at its lower edge."""

    size: str
    svg: str
    low: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture for all sizes of pages: its title, what it shows in a sentence (`label`), and
    notes. `interval`: its line has one. `marks` is the number of events in its lane, `all_marked`
    whether those are all events of its days, `top` the value at the upper edge. `says` is the
    sentence about a day, with the places {day}, {value}, and of an interval {low} and {high}, and
    `decimal_mark` how its numbers are written; `last` is the sentence about the last day; of a
    movement, that about all of it. `told` is the sentence about the part of it that the page tells
    of, if it is not all."""

    drawings: Sequence[Drawing]
    title: str
    label: str
    notes: Sequence[str]
    interval: bool
    start: date
    end: date
    top: float
    marks: int
    all_marked: bool
    says: str
    decimal_mark: str
    last: str
    told: str


def chart(pair: PairContext, causes: Sequence[ListedClaim], told: str = "") -> Chart | None:
    """The main picture; None where nothing is recorded. `told` is a sentence about the part of the
    movement that the page tells of."""
    if pair.span is None:
        return None
    return _chart(pair, main(pair, pair.span, causes), told, is_main=True)


def level_chart(pair: PairContext) -> Chart | None:
    """The course of the level since it was last assessed; None where it never was, or where the
    main picture shows it."""
    assessed = pair.reading.score.assessed
    if pair.span is None or pair.moved is None or assessed is None or assessed.day is None:
        return None
    found = picture.of_levels(pair.series, pair.span, _marked(pair, ()), day=pair.day)
    return _chart(pair, found, "", is_main=False)


def main(pair: PairContext, span: PictureSpan, causes: Sequence[ListedClaim]) -> Picture:
    """The movement of a level; of a level that no act moved, its course; else that of the score."""
    series, marked = pair.series, _marked(pair, causes)
    if pair.moved:
        return picture.of_movement(
            series, pair.pulls, span, marked, moved=pair.moved, since=pair.params.since
        )
    if series.lens.model.levels:
        return picture.of_levels(series, span, marked, day=pair.day)
    return picture.of_values(series, span, marked, day=pair.day)


def _marked(pair: PairContext, causes: Sequence[ListedClaim]) -> Marked:
    return Marked(
        claims=causes,
        levels=pair.listed(pair.levels),
        reported=pair.reported,
        several=request_params.address(pair.path, pair.params) + LIST,
    )


def _chart(pair: PairContext, shown: Picture, told: str, *, is_main: bool) -> Chart:
    start, end = shown.points[0].day, shown.points[-1].day
    found = [(name, draw(shown, size)) for name, size in SIZES.items()]
    moved = pair.moved if is_main else None
    says = _says(moved.since if moved else None, interval=shown.interval)
    point = shown.points[-1]
    # The picture ends some time after the last event, on a day that means nothing.
    last = _said(says, moved, _("In all")) if moved else _said(says, point, _last_day(end, pair))
    return Chart(
        drawings=[Drawing(size=size, svg=drawn.svg, low=drawn.low) for size, drawn in found],
        title=title(pair, is_main=is_main),
        label=captions.movement(
            pair.name, moved._replace(value=point.value, low=point.low, high=point.high)
        )
        if moved
        else captions.course(pair.name, pair.series, PictureSpan(start=start, end=end)),
        notes=_notes(pair, end, moved),
        interval=shown.interval,
        start=start,
        end=end,
        top=shown.scale.top,
        marks=len(shown.claims),
        all_marked=shown.all_marked,
        says=says,
        decimal_mark=decimal("."),
        last=last,
        told=told,
    )


def _said(says: str, last: ChartPoint | WindowMovement, day: str) -> str:
    """The sentence about the last day of a picture, or about all of a movement."""
    value, low, high = (signed(one) for one in (last.value, last.low, last.high))
    return says.format(day=day, value=value, low=low, high=high)


def _notes(pair: PairContext, end: date, moved: WindowMovement | None) -> list[str]:
    """Why a line is dashed, and what comes after its end."""
    after = captions.unmoved(end, pair.day) if moved else captions.after(pair.series, end, pair.day)
    return [note for note in (captions.dashed(pair.reported, end), after) if note]


def _last_day(end: date, pair: PairContext) -> str:
    """The last day of a picture; of one that ends before the day of the page, as such."""
    if end >= pair.day:
        return day_in_words(end)
    return _("At the end of the picture, %(day)s") % {"day": day_in_words(end)}


def title(pair: PairContext, *, is_main: bool = True) -> str:
    """What a picture shows, as its heading."""
    if is_main and pair.moved:
        return _("How far the relation moved since %(day)s, in points") % {
            "day": day_in_words(pair.moved.since)
        }
    if pair.series.lens.model.levels:
        return _("Where the level may be, of −9 to +9")
    return _("The score day by day")


def sources(pair: PairContext) -> str:
    """Who reported what a picture shows, and as known when."""
    names = dict.fromkeys(root for cause in pair.causes() for root in cause.roots)
    known = {"sources": "; ".join([*names][:MOST_NAMED]), "known": pair.known_on}
    if len(names) > MOST_NAMED:
        return _("Sources: %(sources)s and others. As known on %(known)s.") % known
    if not names:
        return _("As known on %(known)s.") % known
    return _("Sources: %(sources)s. As known on %(known)s.") % known


def _says(since: date | None, *, interval: bool) -> str:
    """What the crosshair says of a day."""
    if not interval:
        return _("{day}: {value}")
    if since is None:
        return _("{day}: {value}, 90 % interval {low} to {high}")
    said = _("{day}: moved {value} since %(since)s, 90 %% interval {low} to {high}")
    return said % {"since": day_in_words(since)}

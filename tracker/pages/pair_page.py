"""What the page of a pair shows: the sentence, the picture, why, and what else is at hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tracker.domain.disclosure import Reader
from tracker.pages import (
    download_list,
    drawing,
    headlines,
    pair_context,
    picture,
    request_params,
    words,
)
from tracker.pages.drawing import Spec
from tracker.pages.page_cache import embedding, kept, shown, today
from tracker.pages.pair_chart import NARROW, WIDE, Size
from tracker.pages.pair_context import Cause, Ground
from tracker.pages.pair_context import of_pair as ground_of
from tracker.pages.picture import Span
from tracker.pages.request_params import Asked, Choice
from tracker.queries import moment
from tracker.queries.claims import worklists
from tracker.queries.claims.listing import Filed
from tracker.queries.evidence import causes
from tracker.queries.evidence.causes import Stop
from tracker.queries.records import pair_names
from tracker.queries.scores import measures
from tracker.queries.scores.measures import Measure
from tracker.queries.scores.pairs import Reading, Series

TABS = {"chart": "Chart", "table": "Table", "sources": "Sources", "download": "Download"}
# Marks beyond the claims that are told would only darken the picture.
MOST_STOPS = 12
MOST_RETRACTED = 10
MOST_MEASURES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The course of a pair as a picture, wide and narrow, and as a sentence."""

    svg: str
    narrow: str
    says: str
    after: str
    start: date
    end: date
    top: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was known when: the last positions that changed it, and claims that were taken back.
    `position` is that of the page, `first` the last at which nothing was, `last` the one after
    which nothing changed any more.
    """

    position: int
    first: int
    last: int
    stops: Sequence[Stop]
    retracted: Sequence[Filed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """`start` is what is left of the start, called `starts`; with the causes, and those `others`
    that are not shown (too many, or `withheld`), it sums to the score. `most` is the largest
    amount, for the bars."""

    causes: Sequence[Cause]
    others: int
    others_amount: float
    withheld: bool
    start: float
    starts: str
    most: float

    @property
    def faded(self) -> bool:
        """Whether nothing of any can be seen any more in two decimals."""
        return self.most < 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The move that the headline names. What `causes` and the `others` give to it and what is due
    to time alone, `faded`, sum to its amount."""

    month: str
    amount: float
    causes: Sequence[Cause]
    others: int
    others_amount: float
    faded: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PairPage:
    """What every tab of the page has."""

    called: str
    headline: str
    evidence: str
    series: Series
    reading: Reading
    tab: str
    tabs: Sequence[Choice]
    directions: Sequence[Choice]
    lenses: Sequence[Choice]
    api: Sequence[Choice]


def context_of(pair: str, asked: Asked, *, today: date) -> Ground:
    """Read what the page is about.

    :raises pairs.NoSuchDirection: :raises lenses.NoSuchLens: :raises moment.AheadOfLog:
    """
    return ground_of(pair, asked, today=today, known_on=moment.day_of(asked.as_of))


def build(on: Ground) -> PairPage:
    """Gather what every tab of the page has."""
    asked, series = on.asked, on.series
    return PairPage(
        called=on.called,
        headline=headline(on),
        evidence=words.evidence(on.reading),
        series=series,
        reading=on.reading,
        tab=asked.show,
        tabs=request_params.of_tab(on.path, asked, TABS),
        directions=request_params.of_direction(on.path, asked, series, on.naming),
        lenses=request_params.of_lens(on.path, asked),
        api=request_params.of_api(asked, series, on.span, on.day.isoformat()),
    )


def here(on: Ground) -> str:
    """The address of the page as it was asked for, on its chart."""
    return request_params.address(on.path, on.asked, show="")


def pinned(on: Ground) -> str:
    """An address that shows the same for ever: it names lens version, day and position."""
    return request_params.address(
        on.path,
        on.asked,
        show="",
        lens=on.series.lens.label,
        day=on.day.isoformat(),
        as_of=str(on.series.position),
    )


def cited(on: Ground, address: str) -> str:
    """How to cite the page."""
    return download_list.citation(
        on.called,
        lens=on.series.lens.label,
        position=on.series.position,
        day=on.day.isoformat(),
        address=address,
    )


def headline(on: Ground) -> str:
    passed_over = [one for one in on.uncounted if not one.collection.lenses]
    if passed_over and not on.reading.claims:
        return passed_over[0].says
    return headlines.headline(on.facts)


def moved(on: Ground) -> Moved | None:
    """The move that the headline names, claim by claim."""
    move = on.move
    if move is None:
        return None
    given = sum(part.amount for part in move.parts)
    causes = on.told(on.movers)
    return Moved(
        month=f"{move.ended:%B %Y}",
        amount=move.amount,
        causes=causes,
        others=len(move.parts) - len(causes),
        others_amount=given - sum(one.amount for one in causes),
        faded=move.amount - given,
        most=max((abs(one.amount) for one in causes), default=0.0),
    )


def seen(on: Ground, causes: Sequence[Cause]) -> Seen | None:
    """The picture; nothing where nothing was ever recorded."""
    if on.span is None:
        return None
    wide, narrow = (drawn(on, on.span, causes, size=size) for size in (WIDE, NARROW))
    return Seen(
        svg=drawing.drawn(wide),
        narrow=drawing.drawn(narrow),
        says=picture.says(on.called, on.series, on.span),
        after=picture.after(on.series, on.span, on.day, reported=on.reported),
        start=on.span.start,
        end=on.span.end,
        top=picture.top(on.series),
    )


def drawn(on: Ground, span: Span, causes: Sequence[Cause], *, size: Size = WIDE) -> Spec:
    """The picture as a spec."""
    return picture.spec(on.series, span, causes, day=on.day, reported=on.reported, size=size)


def reasons(on: Ground) -> Why:
    causes = on.causes()
    told = {one.pull.claim for one in causes}
    rest = [amount for pull, amount in on.ordered if pull.claim not in told]
    return Why(
        causes=causes,
        others=len(rest),
        others_amount=sum(rest),
        withheld=len(causes) < on.reach,
        start=on.explanation.start,
        starts="remaining effect of the anchor" if on.series.anchored(on.day) else "the start",
        most=max((abs(one.amount) for one in causes), default=0.0),
    )


def table(on: Ground) -> Sequence[Reading]:
    """The scores by month, as the picture has them."""
    return on.series.over(on.span.start, on.span.end, every="month") if on.span else []


def known(on: Ground) -> Known:
    lens, pair, position = on.series.lens, on.series.pair, on.series.position
    course = causes.course(lens, pair, until=position, limit=MOST_STOPS, reader=Reader.PUBLIC)
    return Known(
        position=position,
        first=course.first - 1,
        last=course.last,
        stops=course.stops,
        retracted=causes.retracted(
            lens, pair, until=position, limit=MOST_RETRACTED, reader=Reader.PUBLIC
        ),
    )


def measured(on: Ground) -> Sequence[Measure]:
    """What was measured between the two, the latest first; it moves no score."""
    found = measures.measured(
        on.series.pair,
        measures.Span(),
        lens=on.series.lens.label,
        as_of=on.asked.as_of,
        reader=Reader.PUBLIC,
    )
    return found.measures[:MOST_MEASURES]


MOST_BOTH = 10
FILES = {
    "The picture as SVG": ("pair-picture", "svg"),
    "The picture as PNG": ("pair-picture", "png"),
    "The scores by month as CSV": ("pair-scores", "csv"),
    "The scores by month as JSON, with the citation": ("pair-scores", "json"),
}


@kept
def pair(request: HttpRequest, one: str, other: str) -> HttpResponse:
    on = requested_context(request, one, other)
    if on.asked.show not in TABS:
        raise request_params.Unclear(f"show is one of {', '.join(TABS)}")
    context = {
        "page": build(on),
        "asked": on.asked,
        "on": on,
        "citation": cited(on, request.build_absolute_uri(pinned(on))),
        "card": request.build_absolute_uri(_of(on, "pair-card")) if on.span else "",
        **_TABS[on.asked.show](request, on),
    }
    return shown(request, "pages/pair.html", context)


def requested_context(request: HttpRequest, one: str, other: str) -> Ground:
    """What a page, picture or file of a pair is about.

    :raises pair_names.NoSuchPair: and what else cannot be shown.
    """
    wanted = request_params.read(request.GET)
    return context_of(pair_names.named(one, other), wanted, today=today())


def _chart(_request: HttpRequest, on: Ground) -> dict[str, Any]:
    why = reasons(on)
    return {
        "why": why,
        "moved": moved(on),
        "both": _both(on) if not why.causes else (),
        "seen": seen(on, why.causes),
        "known": known(on),
        "measures": measured(on),
        "triangles": pair_context.triangles(on),
    }


def _both(on: Ground) -> Sequence[Filed]:
    """What is on record of both countries where nothing moves their score; of the past not asked
    for."""
    if on.asked.as_of is not None:
        return ()
    found = worklists.recent_of_pair(on.series.pair, lens=on.asked.lens, reader=Reader.PUBLIC)
    return found[:MOST_BOTH]


def _table(_request: HttpRequest, on: Ground) -> dict[str, Any]:
    return {"table": table(on)}


def _sources(_request: HttpRequest, on: Ground) -> dict[str, Any]:
    return {"witnesses": pair_context.documents_behind(on)}


def _download(request: HttpRequest, on: Ground) -> dict[str, Any]:
    found = [Choice(label=label, link=_of(on, *place)) for label, place in FILES.items()]
    return {
        "files": found if on.span else found[2:],
        "embed": embedding(request, _of(on, "embed-pair"), on.called),
    }


def _of(on: Ground, name: str, *form: str) -> str:
    """The address of something else that shows the same."""
    return request_params.address(
        reverse(f"pages:{name}", args=(on.one, on.other, *form)), on.asked, show=""
    )


_TABS = {"chart": _chart, "table": _table, "sources": _sources, "download": _download}

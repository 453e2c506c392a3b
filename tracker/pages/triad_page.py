"""The page of a triangle: its picture, balance, history and downloads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as lazy

from tracker import wording
from tracker.charts import picture, triangle
from tracker.charts.triangle import TriangleSide, TriangleSize
from tracker.domain.triads import Flip
from tracker.findings.facts import Finding
from tracker.findings.triangle import Side, moves_of_sides, triangle_finding
from tracker.pages import (
    headlines,
    movement_pictures,
    request_params,
    structured_data,
    triad_sides,
)
from tracker.pages.movement_pictures import MovedPair, MovementPicture, NamedPair
from tracker.pages.page_cache import cached_page, embed_code, render_page, today
from tracker.pages.request_params import LinkChoice, PageParams
from tracker.pages.triad_sides import SideCause, TriadSide
from tracker.queries.records import names
from tracker.queries.scores import triads
from tracker.queries.scores.pairs import Every, Series
from tracker.queries.scores.triads import LEVEL, DetailedTriad, TriadPoint, TriadReading, TriadSpan
from tracker.wording import Names

# Rows of the table of balance.
TABLE_ROWS = 60
# The history of more days than these is by month, otherwise by week.
MOST_WEEKLY_DAYS = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class TriadPage:
    """The page; `triangle` draws its picture in a size, and `course` has the movements of its pairs
    on one axis."""

    name: str
    finding: Finding
    headline: str
    asof: str
    link: str
    permanent_link: str
    api: str
    compare: str
    reading: TriadReading
    sides: Sequence[TriadSide]
    triangle: Callable[[TriangleSize], str]
    course: MovementPicture | None
    points: Sequence[TriadPoint]
    rows: Sequence[TriadPoint]
    flips: Sequence[Flip]
    lenses: Sequence[LinkChoice]

    @property
    def wide(self) -> str:
        return self.triangle(triangle.WIDE)

    @property
    def narrow(self) -> str:
        return self.triangle(triangle.NARROW)


def build(countries: tuple[str, str, str], params: PageParams, *, today: date) -> TriadPage:
    """Build the page of a triangle.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises triads.NoLevel:
    :raises impacts.CatchingUp:
    """
    day = params.day or params.as_of.day() or today
    series = triads.read_sides(countries, lens=params.lens, as_of=params.as_of)
    pairs = movement_pictures.moved_pairs(series, day, since=params.since)
    reading = triads.detailed_of(
        series, day, moved={one.series.pair: one.movement for one in pairs}
    )
    named = Names(by_code=names.countries(countries))
    own = [Side(one.series, one.pulls) for one in pairs]
    moved = moves_of_sides(reading, own, chosen=params.since is not None)
    found = triangle_finding(reading, moved, named)
    by_pair = {edge.pair: move for edge, move in zip(reading.triad.edges, moved, strict=True)}
    sides = triad_sides.sides_of(reading, pairs, by_pair, params, named)
    points, flips = _history(series, _span(series, day))
    path = reverse("pages:triad", args=countries)
    return TriadPage(
        name=wording.three(reading.triad, named),
        finding=found,
        headline=found.text,
        asof=headlines.as_of(day, max(filter(None, (one.reported for one in pairs)), default=None)),
        link=request_params.address(path, params),
        **_links(countries, params, reading),
        reading=reading,
        sides=sides,
        triangle=partial(triangle.triangle, _drawn_sides(sides), named),
        course=_course(sides, pairs, day, named),
        points=points,
        rows=_table_rows(points),
        flips=flips,
        lenses=request_params.lens_choices(path, params, model=LEVEL),
    )


def _links(
    countries: tuple[str, str, str], params: PageParams, reading: DetailedTriad
) -> dict[str, str]:
    """The addresses of what the page shows: for ever, for programs, and beside other pairs."""
    fixed = {
        "day": reading.day.isoformat(),
        "as_of": str(reading.position),
        "lens": reading.lens.label,
    }
    codes = ",".join(edge.pair for edge in reading.triad.edges)
    path = reverse("pages:triad", args=countries)
    return {
        "permanent_link": request_params.address(path, params, **fixed),
        "api": request_params.with_parameters(reverse("api:triad", args=countries), **fixed),
        "compare": request_params.address(reverse("pages:compare"), params, pairs=codes),
    }


def _history(
    series: Sequence[Series], span: TriadSpan | None
) -> tuple[Sequence[TriadPoint], Sequence[Flip]]:
    if span is None:
        return (), ()
    history = triads.history_of(series, span)
    return history.points, history.flips


def _drawn_sides(sides: Sequence[TriadSide]) -> list[TriangleSide]:
    return [
        TriangleSide(
            edge=side.edge,
            way=side.way,
            words=side.words_of_way,
            points=side.points,
            when=side.when,
            cause=_cuttable(side.cause),
            link=side.link,
        )
        for side in sides
    ]


def _course(
    sides: Sequence[TriadSide], pairs: Sequence[MovedPair], day: date, named: Names
) -> MovementPicture | None:
    by_name = {pair.series.pair: pair for pair in pairs}
    lines = [
        NamedPair(pair=by_name[side.edge.pair], name=named.joined(side.edge.pair), link=side.link)
        for side in sides
    ]
    return movement_pictures.movement_picture(lines, day)


def _cuttable(cause: SideCause | None) -> str:
    """The title of a claim for a picture, which may cut it; none that ends with a verdict."""
    return "" if cause is None or cause.title.endswith("]") else cause.title


def citation(page: TriadPage, address: str) -> str:
    """The citation of the page."""
    return headlines.citation(
        page.name,
        lens=page.reading.lens.label,
        position=page.reading.position,
        day=page.reading.day.isoformat(),
        address=address,
    )


def _span(series: Sequence[Series], day: date) -> TriadSpan | None:
    """The days of the three pictures together; None where no pair has a claim."""
    spans = [span for side in series if (span := picture.span_of(side, today=day))]
    if not spans:
        return None
    start = min(span_.start for span_ in spans)
    end = max(*(span_.end for span_ in spans), start + timedelta(days=1))
    every: Every = "week" if (end - start).days < MOST_WEEKLY_DAYS else "month"
    return TriadSpan(start=start, end=end, every=every)


def _table_rows(points: Sequence[TriadPoint]) -> Sequence[TriadPoint]:
    """Points at equal distances, as many as the table shows, with the last one."""
    step = 1 + len(points) // TABLE_ROWS
    return points[::-1][::step][::-1]


FILES = {
    lazy("Picture, SVG"): ("triad-picture", "svg"),
    lazy("picture, PNG"): ("triad-picture", "png"),
    lazy("a brief, Word"): ("triad-brief", "docx"),
    lazy("history, CSV"): ("triad-history", "csv"),
    lazy("history, JSON with citation"): ("triad-history", "json"),
}


@cached_page(*request_params.OF_COUNTRIES)
def triad(request: HttpRequest, first: str, middle: str, last: str) -> HttpResponse:
    params = request_params.read(request.GET)
    countries = triads.ordered_codes(first, middle, last)
    page = build(countries, params, today=today())
    embed = request_params.address(reverse("pages:embed-triad", args=countries), params)
    context = {
        "page": page,
        "params": params,
        "citation": citation(page, request.build_absolute_uri(page.permanent_link)),
        "downloads": _files(countries, params),
        "embed": embed_code(request, embed, page.name),
        "frozen": embed_code(request, _frozen(page, countries), page.name),
        "card": request.build_absolute_uri(_link("triad-card", countries, params)),
        "structured": structured_data.of_triad(
            request,
            page.reading,
            page.points,
            name=page.name,
            says=page.headline,
            link=page.permanent_link,
        ),
    }
    return render_page(request, "pages/triad.html", context)


def _files(countries: tuple[str, ...], params: PageParams) -> list[LinkChoice]:
    return [
        LinkChoice(label=str(label), link=_link(name, (*countries, form), params))
        for label, (name, form) in FILES.items()
    ]


def _link(name: str, place: tuple[str, ...], params: PageParams) -> str:
    return request_params.address(reverse(f"pages:{name}", args=place), params)


def _frozen(page: TriadPage, countries: Sequence[str]) -> str:
    """The address of the embedded triangle with the parameters of the permanent one."""
    return f"{reverse('pages:embed-triad', args=countries)}?{page.permanent_link.partition('?')[2]}"

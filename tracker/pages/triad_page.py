"""The page of a triangle: its picture, balance, history and downloads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tracker import wording
from tracker.charts import drawing, picture, triangle_chart
from tracker.charts.drawing import Spec
from tracker.charts.pair_chart import Scale
from tracker.charts.triangle_chart import Course
from tracker.domain.movements import WindowMovement
from tracker.domain.triads import Edge, Flip
from tracker.findings.facts import Finding
from tracker.findings.triangle import moves_of_sides, triangle_finding
from tracker.pages import headlines, request_params
from tracker.pages.page_cache import cached_page, embed_code, render_page, today
from tracker.pages.request_params import LinkChoice, PageParams
from tracker.queries.records import names
from tracker.queries.scores import triads
from tracker.queries.scores.pair_overview import DirectionReading
from tracker.queries.scores.pairs import Every, Series
from tracker.queries.scores.triads import LEVEL, TriadPoint, TriadReading, TriadSpan
from tracker.wording import Names

# Larger than for a pair, because a panel is a third as high.
TOLERANCE = 0.005
# Points of a panel, and rows of the table.
COURSE_POINTS, TABLE_ROWS = 400, 60
# The history of more days than these is by month, otherwise by week.
MOST_WEEKLY_DAYS = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class TriadSide:
    """A pair of the triangle, with its name and the link to its page."""

    edge: Edge
    words: str
    movement: WindowMovement | None
    name: str
    label: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An SVG for wide pages and one for narrow pages."""

    svg: str
    narrow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Charts:
    """The triangle, as a spec and drawn, and the course of its pairs on one scale."""

    spec: Spec
    triangle: Picture
    course: Picture | None
    scale: Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class TriadPage:
    name: str
    finding: Finding
    headline: str
    link: str
    permanent_link: str
    api: str
    reading: TriadReading
    sides: Sequence[TriadSide]
    nearest: Edge | None
    charts: Charts
    points: Sequence[TriadPoint]
    rows: Sequence[TriadPoint]
    flips: Sequence[Flip]
    lenses: Sequence[LinkChoice]


def build(countries: tuple[str, str, str], params: PageParams, *, today: date) -> TriadPage:
    """Build the page of a triangle.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises triads.NoLevel:
    :raises impacts.CatchingUp:
    """
    day = params.day or params.as_of.day() or today
    series = triads.read_sides(countries, lens=params.lens, as_of=params.as_of)
    reading = triads.detailed_of(series, day, since=params.since)
    named = Names(by_code=names.countries(countries))
    sides = [
        _side(edge, side, params, named, reading.silent)
        for edge, side in zip(reading.triad.edges, reading.sides, strict=True)
    ]
    span = _span(series, day)
    points, flips = _history(series, span)
    moved = moves_of_sides(reading, series, chosen=params.since is not None)
    found = triangle_finding(reading, moved, named)
    path = reverse("pages:triad", args=countries)
    fixed = {"day": day.isoformat(), "as_of": str(reading.position), "lens": reading.lens.label}
    return TriadPage(
        name=wording.three(reading.triad, named),
        finding=found,
        headline=found.text,
        link=request_params.address(path, params),
        permanent_link=request_params.address(path, params, **fixed),
        api=request_params.with_parameters(reverse("api:triad", args=countries), **fixed),
        reading=reading,
        sides=sides,
        nearest=None if reading.triad.undetermined else reading.triad.nearest_flip,
        charts=_charts(reading, sides, series, span, named),
        points=points,
        rows=_table_rows(points),
        flips=flips,
        lenses=request_params.lens_choices(path, params, model=LEVEL),
    )


def _history(
    series: Sequence[Series], span: TriadSpan | None
) -> tuple[Sequence[TriadPoint], Sequence[Flip]]:
    if span is None:
        return (), ()
    history = triads.history_of(series, span)
    return history.points, history.flips


def _charts(
    reading: TriadReading,
    sides: Sequence[TriadSide],
    series: Sequence[Series],
    span: TriadSpan | None,
    named: Names,
) -> Charts:
    links = {side.edge.pair: side.link for side in sides}
    wide, narrow = (
        triangle_chart.triangle(reading.triad, named, links, wide=wide, silent=reading.silent)
        for wide in (True, False)
    )
    return Charts(
        spec=wide,
        triangle=Picture(svg=drawing.svg(wide), narrow=drawing.svg(narrow)),
        course=_course(series, span, named) if span else None,
        scale=picture.scale(series[0]),
    )


def citation(page: TriadPage, address: str) -> str:
    """The citation of the page."""
    reading = page.reading
    return headlines.citation(
        page.name,
        lens=reading.lens.label,
        position=reading.position,
        day=reading.day.isoformat(),
        address=address,
    )


def _side(
    edge: Edge, side: DirectionReading, params: PageParams, named: Names, silent: Collection[str]
) -> TriadSide:
    path = reverse("pages:pair", args=edge.pair.split("-"))
    return TriadSide(
        edge=edge,
        words=side.score.words,
        movement=side.movement,
        name=named.direction(edge.pair),
        label=wording.NO_CLAIMS if edge.pair in silent else wording.sign(edge),
        link=request_params.address(path, params, country=""),
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


def _course(series: Sequence[Series], span: TriadSpan, named: Names) -> Picture:
    days = picture.PictureSpan(start=span.start, end=span.end)
    step = 1 + (span.end - span.start).days // COURSE_POINTS
    courses = [
        Course(
            name=named.joined(side.pair),
            points=picture.points(side, days, every=step, near=TOLERANCE),
        )
        for side in series
    ]
    scale = picture.scale(series[0])
    return Picture(
        svg=drawing.svg(triangle_chart.course(courses, scale=scale)),
        narrow=drawing.svg(triangle_chart.course(courses, scale=scale, wide=False)),
    )


def _table_rows(points: Sequence[TriadPoint]) -> Sequence[TriadPoint]:
    """Points at equal distances, as many as the table shows, with the last one."""
    step = 1 + len(points) // TABLE_ROWS
    return points[::-1][::step][::-1]


FILES = {
    "Picture, SVG": ("triad-picture", "svg"),
    "picture, PNG": ("triad-picture", "png"),
    "history, CSV": ("triad-history", "csv"),
    "history, JSON with citation": ("triad-history", "json"),
}


@cached_page
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
        "card": request.build_absolute_uri(_link("triad-card", countries, params)),
    }
    return render_page(request, "pages/triad.html", context)


def _files(countries: tuple[str, ...], params: PageParams) -> list[LinkChoice]:
    return [
        LinkChoice(label=label, link=_link(name, (*countries, form), params))
        for label, (name, form) in FILES.items()
    ]


def _link(name: str, place: tuple[str, ...], params: PageParams) -> str:
    return request_params.address(reverse(f"pages:{name}", args=place), params)

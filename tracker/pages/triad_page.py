"""What the page of a triangle shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tracker import wording
from tracker.domain.triads import Edge, Flip, Triad
from tracker.pages import download_list, drawing, picture, request_params, triangle_chart
from tracker.pages.drawing import Spec
from tracker.pages.page_cache import embedding, kept, shown, today
from tracker.pages.pair_chart import Scale
from tracker.pages.request_params import Asked, Choice
from tracker.pages.triangle_chart import Course
from tracker.queries import moment
from tracker.queries.moment import AsOf
from tracker.queries.records import names
from tracker.queries.scores import lenses, pairs, triads
from tracker.queries.scores.pairs import Every, Series
from tracker.queries.scores.triads import LEVEL, Found, Point, Span
from tracker.wording import Names

# A panel is a third as high as the picture of a pair.
NEAR = 0.005
# So many points are enough across it, and so many rows of a table.
COURSE, ROWS = 400, 60
# Beyond so many days the history goes by months.
WEEKLY = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A pair of the triangle by its name, and where it is told."""

    edge: Edge
    called: str
    says: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing for wide pages and one for narrow ones."""

    svg: str
    narrow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriadPage:
    name: str
    called: str
    headline: str
    here: str
    pinned: str
    api: str
    found: Found
    spec: Spec
    sides: Sequence[Side]
    nearest: Edge | None
    drawn: Picture
    course: Picture | None
    scale: Scale
    points: Sequence[Point]
    rows: Sequence[Point]
    flips: Sequence[Flip]
    lenses: Sequence[Choice]


def build(countries: tuple[str, str, str], asked: Asked, *, today: date) -> TriadPage:
    """Gather the page of a triangle.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises triads.NoLevel:
    :raises impacts.CatchingUp:
    """
    day = asked.day or moment.day_of(asked.as_of) or today
    lens = asked.lens
    found = triads.found(countries, day, lens=lens, as_of=asked.as_of)
    named = Names(by_code=names.countries(countries))
    series = _series(found.triad, lens, asked.as_of)
    silent = found.silent
    sides = [_side(edge, asked, named, silent) for edge in found.triad.edges]
    span = _span(series, day)
    told = triads.history(countries, span, lens=lens, as_of=asked.as_of) if span else None
    path = reverse("pages:triad", args=countries)
    spec = _triangle(found.triad, sides, named, silent)
    fixed = {"day": day.isoformat(), "as_of": str(found.position), "lens": found.lens.label}
    return TriadPage(
        name=found.name,
        called=wording.three(found.triad, named),
        headline=wording.triangle(found.triad, named, silent=silent),
        here=request_params.address(path, asked),
        pinned=request_params.address(path, asked, **fixed),
        api=request_params.with_parameters(reverse("api:triad", args=countries), **fixed),
        found=found,
        spec=spec,
        sides=sides,
        nearest=None if silent else found.triad.nearest_flip,
        drawn=Picture(
            svg=drawing.drawn(spec),
            narrow=drawing.drawn(_triangle(found.triad, sides, named, silent, wide=False)),
        ),
        course=_course(series, span, named) if span else None,
        scale=picture.scale(series[0]),
        points=told.points if told else [],
        rows=_rows(told.points) if told else [],
        flips=told.flips if told else [],
        lenses=[one for one in request_params.of_lens(path, asked) if one.label in _levels()],
    )


def cited(page: TriadPage, address: str) -> str:
    """How to cite the page."""
    found = page.found
    return download_list.citation(
        page.called,
        lens=found.lens.label,
        position=found.position,
        day=found.day.isoformat(),
        address=address,
    )


def _triangle(
    triad: Triad,
    sides: Sequence[Side],
    named: Names,
    silent: Collection[str],
    *,
    wide: bool = True,
) -> Spec:
    links = {one.edge.pair: one.link for one in sides}
    return triangle_chart.triangle(triad, named, links, wide=wide, silent=silent)


def _side(edge: Edge, asked: Asked, named: Names, silent: Collection[str]) -> Side:
    path = reverse("pages:pair", args=edge.pair.split("-"))
    return Side(
        edge=edge,
        called=named.direction(edge.pair),
        says=wording.NO_CLAIMS if edge.pair in silent else wording.SIGNS[edge.sign],
        link=request_params.address(path, asked, country=""),
    )


def _series(triad: Triad, lens: str, as_of: AsOf) -> list[Series]:
    return [
        pairs.series(edge.pair, direction=edge.pair, lens=lens, as_of=as_of) for edge in triad.edges
    ]


def _span(series: Sequence[Series], day: date) -> Span | None:
    """From a month before the first claim of any side to the day, or soon after the last."""
    spans = [one for one in (picture.span_of(each, today=day) for each in series) if one]
    if not spans:
        return None
    start = min(one.start for one in spans)
    end = max(*(one.end for one in spans), start + timedelta(days=1))
    every: Every = "week" if (end - start).days < WEEKLY else "month"
    return Span(start=start, end=end, every=every)


def _course(series: Sequence[Series], span: Span, named: Names) -> Picture:
    shown = picture.Span(start=span.start, end=span.end)
    step = 1 + (span.end - span.start).days // COURSE
    courses = [
        Course(
            called=named.joined(one.pair), points=picture.points(one, shown, every=step, near=NEAR)
        )
        for one in series
    ]
    scale = picture.scale(series[0])
    return Picture(
        svg=drawing.drawn(triangle_chart.course(courses, scale=scale)),
        narrow=drawing.drawn(triangle_chart.course(courses, scale=scale, wide=False)),
    )


def _rows(points: Sequence[Point]) -> Sequence[Point]:
    """As many of the points as a table has room for, the last among them."""
    step = 1 + len(points) // ROWS
    return points[::-1][::step][::-1]


def _levels() -> set[str]:
    return {one.lens.name for one in lenses.latest() if one.lens.model == LEVEL}


FILES = {
    "Picture, SVG": ("triad-picture", "svg"),
    "picture, PNG": ("triad-picture", "png"),
    "history, CSV": ("triad-history", "csv"),
    "history, JSON with citation": ("triad-history", "json"),
}


@kept
def triad(request: HttpRequest, one: str, two: str, three: str) -> HttpResponse:
    wanted = request_params.read(request.GET)
    countries = triads.named(one, two, three)
    page = build(countries, wanted, today=today())
    embed = request_params.address(reverse("pages:embed-triad", args=countries), wanted)
    context = {
        "page": page,
        "asked": wanted,
        "citation": cited(page, request.build_absolute_uri(page.pinned)),
        "downloads": _files(countries, wanted),
        "embed": embedding(request, embed, page.called),
        "card": request.build_absolute_uri(_of("triad-card", countries, wanted)),
    }
    return shown(request, "pages/triad.html", context)


def _files(countries: tuple[str, ...], wanted: Asked) -> list[Choice]:
    return [
        Choice(label=label, link=_of(name, (*countries, form), wanted))
        for label, (name, form) in FILES.items()
    ]


def _of(name: str, place: tuple[str, ...], wanted: Asked) -> str:
    return request_params.address(reverse(f"pages:{name}", args=place), wanted)

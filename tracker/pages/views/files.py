"""Pictures and tables to take away: SVG, PNG, CSV and JSON of a pair or a triangle, and the cards
that other sites show beside a link."""

from django.http import Http404, HttpRequest, HttpResponse

from tracker.pages import asked, drawing, files, pairpage, triadpage
from tracker.pages.charts import NARROW
from tracker.pages.drawing import Spec
from tracker.pages.ground import Ground
from tracker.pages.triadpage import TriadPage
from tracker.pages.views.pairs import ground
from tracker.pages.views.showing import kept, today
from tracker.queries.scores import triads

SVG, PNG = "image/svg+xml; charset=utf-8", "image/png"
CSV, JSON = "text/csv; charset=utf-8", "application/json"


@kept
def pair_picture(request: HttpRequest, one: str, other: str, form: str) -> HttpResponse:
    on = ground(request, one, other)
    if on.span is None:
        raise Http404("nothing was ever recorded")
    spec = pairpage.drawn(on, on.span, on.causes())
    whole = files.signed_picture(spec, pairpage.headline(on), cited(request, on))
    return _drawn(request, whole, form, name=on.series.pair)


@kept
def pair_scores(request: HttpRequest, one: str, other: str, form: str) -> HttpResponse:
    """By month, as the table of the page."""
    on = ground(request, one, other)
    readings = pairpage.table(on)
    if form == "csv":
        return _file(files.readings_csv(readings), CSV, f"{on.series.pair}.csv")
    said = files.readings_json(on.series, readings, cited=cited(request, on))
    return _file(said, JSON, f"{on.series.pair}.json")


@kept
def pair_card(request: HttpRequest, one: str, other: str) -> HttpResponse:
    on = ground(request, one, other)
    if on.span is None:
        raise Http404("nothing was ever recorded")
    spec = pairpage.drawn(on, on.span, on.causes(), size=NARROW)
    return HttpResponse(files.card(spec, pairpage.headline(on), on.called), content_type=PNG)


@kept
def triad_picture(request: HttpRequest, one: str, two: str, three: str, form: str) -> HttpResponse:
    page = triad_page(request, one, two, three)
    whole = files.signed_picture(page.spec, page.headline, _cited_triad(request, page))
    return _drawn(request, whole, form, name=page.name)


@kept
def triad_history(request: HttpRequest, one: str, two: str, three: str, form: str) -> HttpResponse:
    page = triad_page(request, one, two, three)
    if form == "csv":
        return _file(files.points_csv(page.points), CSV, f"{page.name}.csv")
    found = page.found
    said = files.points_json(
        page.name,
        page.points,
        lens=found.lens.label,
        position=found.position,
        cited=_cited_triad(request, page),
    )
    return _file(said, JSON, f"{page.name}.json")


@kept
def triad_card(request: HttpRequest, one: str, two: str, three: str) -> HttpResponse:
    page = triad_page(request, one, two, three)
    return HttpResponse(
        files.card(page.spec, page.headline, page.called, lines=3), content_type=PNG
    )


def triad_page(request: HttpRequest, one: str, two: str, three: str) -> TriadPage:
    wanted = asked.read(request.GET)
    return triadpage.build(triads.named(one, two, three), wanted, today=today())


def cited(request: HttpRequest, on: Ground) -> str:
    return pairpage.cited(on, request.build_absolute_uri(pairpage.pinned(on)))


def _cited_triad(request: HttpRequest, page: TriadPage) -> str:
    return triadpage.cited(page, request.build_absolute_uri(page.pinned))


def _drawn(request: HttpRequest, spec: Spec, form: str, *, name: str) -> HttpResponse:
    if form == "png":
        return _file(drawing.as_png(spec), PNG, f"{name}.png")
    origin = request.build_absolute_uri("/").rstrip("/")
    svg = drawing.as_file(drawing.drawn(spec | {"background": "white"}), origin=origin)
    return _file(svg, SVG, f"{name}.svg")


def _file(body: str | bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response

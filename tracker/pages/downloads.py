"""Pictures and tables to take away: SVG, PNG, CSV and JSON of a pair or a triangle, and the cards
that other sites show beside a link."""

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt

from tracker.pages import download_list, drawing, pair_page, request_params
from tracker.pages import triad_page as page_triad_page
from tracker.pages.drawing import Spec
from tracker.pages.page_cache import kept, shown, today
from tracker.pages.pair_chart import NARROW
from tracker.pages.pair_context import Ground
from tracker.pages.pair_page import requested_context
from tracker.pages.triad_page import TriadPage
from tracker.queries.scores import triads

SVG, PNG = "image/svg+xml; charset=utf-8", "image/png"
CSV, JSON = "text/csv; charset=utf-8", "application/json"


@kept
def pair_picture(request: HttpRequest, one: str, other: str, form: str) -> HttpResponse:
    on = requested_context(request, one, other)
    if on.span is None:
        raise Http404("nothing was ever recorded")
    spec = pair_page.drawn(on, on.span, on.causes())
    whole = download_list.signed_picture(spec, pair_page.headline(on), cited(request, on))
    return _drawn(request, whole, form, name=on.series.pair)


@kept
def pair_scores(request: HttpRequest, one: str, other: str, form: str) -> HttpResponse:
    """By month, as the table of the page."""
    on = requested_context(request, one, other)
    readings = pair_page.table(on)
    if form == "csv":
        return _file(download_list.readings_csv(readings), CSV, f"{on.series.pair}.csv")
    said = download_list.readings_json(on.series, readings, cited=cited(request, on))
    return _file(said, JSON, f"{on.series.pair}.json")


@kept
def pair_card(request: HttpRequest, one: str, other: str) -> HttpResponse:
    on = requested_context(request, one, other)
    if on.span is None:
        raise Http404("nothing was ever recorded")
    spec = pair_page.drawn(on, on.span, on.causes(), size=NARROW)
    return HttpResponse(
        download_list.card(spec, pair_page.headline(on), on.called), content_type=PNG
    )


@kept
def triad_picture(request: HttpRequest, one: str, two: str, three: str, form: str) -> HttpResponse:
    page = triad_page(request, one, two, three)
    whole = download_list.signed_picture(page.spec, page.headline, _cited_triad(request, page))
    return _drawn(request, whole, form, name=page.name)


@kept
def triad_history(request: HttpRequest, one: str, two: str, three: str, form: str) -> HttpResponse:
    page = triad_page(request, one, two, three)
    if form == "csv":
        return _file(download_list.points_csv(page.points), CSV, f"{page.name}.csv")
    found = page.found
    said = download_list.points_json(
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
        download_list.card(page.spec, page.headline, page.called, lines=3), content_type=PNG
    )


def triad_page(request: HttpRequest, one: str, two: str, three: str) -> TriadPage:
    wanted = request_params.read(request.GET)
    return page_triad_page.build(triads.named(one, two, three), wanted, today=today())


def cited(request: HttpRequest, on: Ground) -> str:
    return pair_page.cited(on, request.build_absolute_uri(pair_page.pinned(on)))


def _cited_triad(request: HttpRequest, page: TriadPage) -> str:
    return page_triad_page.cited(page, request.build_absolute_uri(page.pinned))


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


ANYWHERE = {"frame-ancestors": ["*"]}


@xframe_options_exempt
@csp_replace(ANYWHERE)
@kept
def pair(request: HttpRequest, one: str, other: str) -> HttpResponse:
    on = requested_context(request, one, other)
    causes = on.causes()
    context = {
        "called": on.called,
        "headline": pair_page.headline(on),
        "seen": pair_page.seen(on, causes),
        "link": request.build_absolute_uri(pair_page.here(on)),
        "retracted": pair_page.known(on).retracted,
        "hidden": True,
    }
    return shown(request, "pages/embed.html", context)


@xframe_options_exempt
@csp_replace(ANYWHERE)
@kept
def triad(request: HttpRequest, one: str, two: str, three: str) -> HttpResponse:
    page = triad_page(request, one, two, three)
    context = {
        "called": page.called,
        "headline": page.headline,
        "seen": page.drawn,
        "link": request.build_absolute_uri(page.here),
        "hidden": True,
    }
    return shown(request, "pages/embed.html", context)

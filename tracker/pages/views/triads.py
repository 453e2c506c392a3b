"""The page of a triangle of countries."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tracker.pages import asked, choices, triadpage
from tracker.pages.asked import Asked
from tracker.pages.choices import Choice
from tracker.pages.views.showing import embedding, kept, shown, today
from tracker.queries.scores import triads

FILES = {
    "Picture, SVG": ("triad-picture", "svg"),
    "picture, PNG": ("triad-picture", "png"),
    "history, CSV": ("triad-history", "csv"),
    "history, JSON with citation": ("triad-history", "json"),
}


@kept
def triad(request: HttpRequest, one: str, two: str, three: str) -> HttpResponse:
    wanted = asked.read(request.GET)
    countries = triads.named(one, two, three)
    page = triadpage.build(countries, wanted, today=today())
    embed = choices.address(reverse("pages:embed-triad", args=countries), wanted)
    context = {
        "page": page,
        "asked": wanted,
        "citation": triadpage.cited(page, request.build_absolute_uri(page.pinned)),
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
    return choices.address(reverse(f"pages:{name}", args=place), wanted)

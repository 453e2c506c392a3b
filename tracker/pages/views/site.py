"""Pages about the site itself: its method, how it is doing, and what search engines may list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tracker import log
from tracker.pages import method as methodtext
from tracker.pages.views.showing import kept, page, shown
from tracker.queries import audits, editions, lenses, moment, progress, ranking

# A sitemap may have fifty thousand.
MOST_PAIRS = 20_000
USUAL = "standing"


@kept
def method(request: HttpRequest) -> HttpResponse:
    return shown(request, "pages/method.html", {"text": methodtext.text()})


@page
def status(request: HttpRequest) -> HttpResponse:
    """How fresh all is, asked anew each time."""
    latest = editions.listing(lens=None, after=None, limit=1)
    followers = progress.followers()
    behind = max((one.late for one in followers if not one.stopped_by), default=0)
    context = {
        "head": log.head(),
        "followers": followers,
        "names": _by_view(),
        "waiting": progress.waiting(),
        "aside": progress.set_aside(),
        "behind": behind,
        "edition": latest[0] if latest else None,
        "audit": audits.last(),
    }
    return shown(request, "pages/status.html", context)


@kept
def sitemap(request: HttpRequest) -> HttpResponse:
    try:
        lens = lenses.named(USUAL, position=moment.resolve(None))
        rows = ranking.page(lens, ranking.BY_NAME, limit=MOST_PAIRS)
    except lenses.NoSuchLens:
        rows = []
    codes = sorted({code for row in rows for code in row.pair.split("-")})
    fixed = ("overview", "shifts", "editions", "method", "status")
    paths = [
        *(reverse(f"pages:{one}") for one in fixed),
        *(reverse("pages:actor", args=[one]) for one in codes),
        *(reverse("pages:pair", args=row.pair.split("-")) for row in rows),
    ]
    addresses = [request.build_absolute_uri(one) for one in paths]
    return render(
        request, "pages/sitemap.xml", {"addresses": addresses}, content_type="application/xml"
    )


@page
def robots(request: HttpRequest) -> HttpResponse:
    lines = (
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /api/",
        f"Sitemap: {request.build_absolute_uri(reverse('pages:sitemap'))}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _by_view() -> dict[str, str]:
    """The lenses that look through each view."""
    found: dict[str, list[str]] = {}
    for one in lenses.latest():
        found.setdefault(one.lens.view.id, []).append(one.lens.name)
    return {view: ", ".join(names) for view, names in found.items()}

"""Pages about the site itself: its method, how it is doing, and what search engines may list."""

from django.contrib.sitemaps import views as sitemapviews
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tracker import log
from tracker.pages import method as methodtext
from tracker.pages.sitemaps import PARTS
from tracker.pages.views.showing import kept_by, page, shown
from tracker.queries import progress
from tracker.queries.scores import editions, lenses


@kept_by(progress.of_tables, ())
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
        "audit": progress.last(),
    }
    return shown(request, "pages/status.html", context)


@kept_by(progress.of_tables, ("p",))
def sitemap(request: HttpRequest, section: str | None = None) -> HttpResponse:
    """The list of parts, or one of them."""
    if section is None:
        found = sitemapviews.index(request, PARTS, sitemap_url_name="pages:sitemap-part")
    else:
        found = sitemapviews.sitemap(request, PARTS, section=section)
    return found.render()


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

"""Pictures for other sites' pages: these alone may be framed."""

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt

from tracker.pages import pairpage
from tracker.pages.views.files import triad_page
from tracker.pages.views.pairs import ground
from tracker.pages.views.showing import kept, shown

ANYWHERE = {"frame-ancestors": ["*"]}


@xframe_options_exempt
@csp_replace(ANYWHERE)
@kept
def pair(request: HttpRequest, one: str, other: str) -> HttpResponse:
    on = ground(request, one, other)
    causes = on.causes()
    context = {
        "called": on.called,
        "headline": pairpage.headline(on),
        "seen": pairpage.seen(on, causes),
        "link": request.build_absolute_uri(pairpage.here(on)),
        "retracted": pairpage.known(on).retracted,
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

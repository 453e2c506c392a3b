"""The first page."""

from django.http import HttpRequest, HttpResponse

from tracker.pages import asked, overview
from tracker.pages.views.showing import kept, shown, today


@kept
def first(request: HttpRequest) -> HttpResponse:
    wanted = asked.read(request.GET)
    context = {"page": overview.build(wanted, today=today()), "asked": wanted}
    return shown(request, "pages/overview.html", context)

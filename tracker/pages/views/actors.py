"""The page of a country."""

from django.http import Http404, HttpRequest, HttpResponse

from tracker.pages import actorpage, asked
from tracker.pages.views.showing import kept, shown, today
from tracker.queries.records import states


@kept
def actor(request: HttpRequest, code: str) -> HttpResponse:
    found = states.countries([code.upper()]).get(code.upper())
    if found is None:
        raise Http404(f"no country on record has the code {code}")
    wanted = asked.read(request.GET)
    page = actorpage.build(found, wanted, today=today())
    return shown(request, "pages/actor.html", {"page": page, "asked": wanted})

"""What changed: the scores that moved further than their own history lets one expect."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse

from tracker.domain.disclosure import Reader
from tracker.pages import request_params
from tracker.pages.page_cache import kept, shown, today
from tracker.queries.claims import listing, worklists
from tracker.queries.records import names
from tracker.queries.scores import shifts
from tracker.queries.scores.shifts import Found
from tracker.wording import Names

SINCE = timedelta(days=366)
MOST = 50
FEW = 5
MOST_CLAIMS = 20
ONLY_NOW = (
    "as_of is not for the list of shifts, which is of what is known now; the page of a pair shows"
    " what was known then"
)


@kept
def listed(request: HttpRequest) -> HttpResponse:
    wanted = request_params.read(request.GET)
    if wanted.as_of is not None:
        raise request_params.Unclear(ONLY_NOW)
    end = wanted.day or today()
    span = shifts.Wanted(start=end - SINCE, end=end, country=wanted.country)
    found = _listed(span, wanted.lens, MOST)
    before = () if found.found else _before(span, wanted.lens)
    every = (*found.found, *before)
    claims = {one.claim for each in every for one in each.claims}
    titles = listing.titles(claims, reader=Reader.PUBLIC)
    codes = {code for each in every for code in each.pair.split("-")}
    context = {
        "asked": wanted,
        "found": found,
        "before": before,
        "named": Names(by_code=names.countries(codes)),
        "titles": titles,
        "start": span.start,
        "end": end,
        "recent": worklists.recent_of_lens(wanted.lens, reader=Reader.PUBLIC)[:MOST_CLAIMS],
        "lenses": request_params.of_lens(request.path, wanted),
    }
    return shown(request, "pages/shifts.html", context)


def _before(span: shifts.Wanted, lens: str) -> Sequence[Found]:
    """The last shifts before a year in which there were none."""
    earlier = shifts.Wanted(start=date.min, end=span.start, country=span.country)
    return _listed(earlier, lens, FEW).found


def _listed(span: shifts.Wanted, lens: str, most: int) -> shifts.Listed:
    return shifts.listed(span, lens=lens, as_of=None, after=None, limit=most, reader=Reader.PUBLIC)

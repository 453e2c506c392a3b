"""What changed: the scores that moved more than their own history explains."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse

from tracker.domain.disclosure import Reader
from tracker.pages import request_params
from tracker.pages.page_cache import cached_page, render_page, today
from tracker.queries import moment
from tracker.queries.claims import listing, recent
from tracker.queries.records import names
from tracker.queries.scores import shifts
from tracker.queries.scores.shifts import ExplainedShift
from tracker.wording import Names

SINCE = timedelta(days=366)
MOST = 50
FEW = 5
MOST_CLAIMS = 20
ONLY_NOW = (
    "The list of shifts has no parameter as_of, because past shifts are not kept. The page of a"
    " pair shows what was known at an earlier moment."
)


@cached_page("lens", "as_of", "day", "country")
def shift_list(request: HttpRequest) -> HttpResponse:
    params = request_params.read(request.GET)
    if not params.as_of.is_now:
        raise request_params.InvalidParameter(ONLY_NOW)
    end = params.day or today()
    span = shifts.ShiftFilter(start=end - SINCE, end=end, country=params.country)
    listed = shifts.page(
        span, lens=params.lens, as_of=moment.now(), after=None, limit=MOST, reader=Reader.PUBLIC
    )
    before = () if listed.shifts else _before(span, params.lens)
    every = (*listed.shifts, *before)
    titles = listing.titles(
        {claim.claim for shift in every for claim in shift.claims}, reader=Reader.PUBLIC
    )
    codes = {code for shift in every for code in shift.pair.split("-")}
    context = {
        "params": params,
        "listed": listed,
        "before": before,
        "named": Names(by_code=names.countries(codes)),
        "titles": titles,
        "start": span.start,
        "end": end,
        "recent": recent.recent_of_lens(params.lens, reader=Reader.PUBLIC, most=MOST_CLAIMS),
        "lenses": request_params.lens_choices(request.path, params),
    }
    return render_page(request, "pages/shifts.html", context)


def _before(span: shifts.ShiftFilter, lens: str) -> Sequence[ExplainedShift]:
    """The last shifts before a year without shifts."""
    earlier = shifts.ShiftFilter(start=date.min, end=span.start, country=span.country)
    return _listed(earlier, lens, FEW).shifts


def _listed(span: shifts.ShiftFilter, lens: str, most: int) -> shifts.ListedShifts:
    return shifts.page(
        span, lens=lens, as_of=moment.now(), after=None, limit=most, reader=Reader.PUBLIC
    )

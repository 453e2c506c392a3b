"""The monthly digest: worse, better or no certain change, with one claim for each pair."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tracker.domain.disclosure import Reader
from tracker.pages.page_cache import begin_long_work, page_cached_by, render_page, today
from tracker.pages.request_params import LinkChoice
from tracker.queries import progress
from tracker.queries.records import names
from tracker.queries.scores import digests
from tracker.wording import Names


@page_cached_by(progress.of_tables, ())
def month_list(request: HttpRequest) -> HttpResponse:
    begin_long_work(request)
    context = {"months": digests.months(today=today())}
    return render_page(request, "pages/digests.html", context)


@page_cached_by(progress.of_tables, ())
def month(request: HttpRequest, month: date) -> HttpResponse:
    begin_long_work(request)
    found = digests.of_month(month, today=today(), reader=Reader.PUBLIC)
    codes = {code for one in found.changes for code in one.pair.split("-")}
    context = {
        "digest": found,
        "parts": {turn: found.of_turn(turn) for turn in ("worse", "better", "unchanged")},
        "named": Names(by_code=names.countries(codes)),
        "files": [
            LinkChoice(label=form.upper(), link=reverse("pages:digest-file", args=[month, form]))
            for form in ("csv", "json")
        ],
        # The present month changes each day.
        "hidden": not found.is_over or not found.changes,
    }
    return render_page(request, "pages/digest.html", context)

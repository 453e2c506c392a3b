"""The page of corrections: changes of claims after they were recorded."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tracker.domain.disclosure import Reader
from tracker.pages import request_params
from tracker.pages.page_cache import page_cached_by, render_page
from tracker.queries import progress
from tracker.queries.claims import corrections
from tracker.queries.records import names
from tracker.wording import Names

MOST = 25


@page_cached_by(progress.of_views, ("before",))
def show(request: HttpRequest) -> HttpResponse:
    found = corrections.page(before=_before(request), limit=MOST, reader=Reader.PUBLIC)
    codes = {code for one in found.entries for pair in one.pairs for code in pair.split("-")}
    context = {
        "entries": found.entries,
        "before": found.before,
        "first": "before" not in request.GET,
        "named": Names(by_code=names.countries(codes)),
        "hidden": "before" in request.GET,
    }
    return render_page(request, "pages/corrections.html", context)


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("before")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:19]) < 2**62):
        raise request_params.InvalidParameter(
            _("before=%(text)s is not a position of the record. Leave it out for the latest.")
            % {"text": text[:40]}
        )
    return int(text[:19])

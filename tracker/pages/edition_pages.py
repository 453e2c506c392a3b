"""What was published when: the list of editions, and each of them."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse

from tracker.pages.page_cache import kept_by, shown
from tracker.queries import progress
from tracker.queries.scores import editions, values
from tracker.wording import counted, day_in_words

MOST = 120
MOST_LINES = 500


@kept_by(progress.of_editions, ())
def listed(request: HttpRequest) -> HttpResponse:
    found = editions.listing(lens=None, after=None, limit=MOST)
    context = {"editions": found, "count": editions.count(lens=None)}
    return shown(request, "pages/editions.html", context)


@kept_by(progress.of_editions, ())
def edition(request: HttpRequest, label: str, day: str) -> HttpResponse:
    try:
        kept_then = editions.kept(label, date.fromisoformat(day))
    except ValueError as problem:
        raise Http404(f"there is no day {day}") from problem
    try:
        lines = [line.split(",") for line in editions.lines(kept_then)]
    except values.Behind:
        lines = []
    context = {
        "edition": kept_then,
        "lines": lines[:MOST_LINES],
        "others": len(lines[MOST_LINES:]),
        "title": f"Edition of {day_in_words(kept_then.day)}, {kept_then.lens.label}",
        "says": f"What {counted(kept_then.pairs, 'pair')} of countries came to, as known at"
        f" position {kept_then.position} of the record.",
    }
    return shown(request, "pages/edition.html", context)

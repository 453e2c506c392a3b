"""The pages of documents and sources: what they are, what rests on them, what happened to them."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from tracker import log
from tracker.pages.views.showing import kept, shown
from tracker.queries import catalogue, forecasts, shelf

MOST = 200


@kept
def document(request: HttpRequest, record: UUID) -> HttpResponse:
    context = {
        "entry": _entry("document", record),
        "claims": shelf.claims_from(record, limit=MOST),
        "history": log.history([record], words=False),
    }
    return shown(request, "pages/document.html", context)


@kept
def source(request: HttpRequest, record: UUID) -> HttpResponse:
    context = {
        "entry": _entry("source", record),
        "documents": shelf.documents_of(record, limit=MOST),
        "claims": shelf.claims_rooted(record, limit=MOST),
        "forecasts": forecasts.record(record).record,
        "history": log.history([record], words=False),
    }
    return shown(request, "pages/source.html", context)


def _entry(noun: str, record: UUID) -> catalogue.Entry:
    found = catalogue.entry(noun, record)
    if found is None:
        raise Http404(f"there is no {noun} {record}")
    return found

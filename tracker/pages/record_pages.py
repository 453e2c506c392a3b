"""The pages of documents and sources: what they are, what rests on them, what happened to them."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from tracker import log
from tracker.domain.disclosure import Reader
from tracker.pages import request_params
from tracker.pages.page_cache import kept, shown
from tracker.queries import moment
from tracker.queries.claims import detail, listing
from tracker.queries.claims.listing import Filed, Filters
from tracker.queries.records import catalogue
from tracker.queries.scores import forecasts

MOST = 200


@kept
def document(request: HttpRequest, record: UUID) -> HttpResponse:
    at = _position(request)
    context = {
        "entry": _entry("document", record, at),
        "claims": _taken(record, at),
        "history": log.history([record], until=at, words=False),
        "position": at,
    }
    return shown(request, "pages/document.html", context)


@kept
def source(request: HttpRequest, record: UUID) -> HttpResponse:
    """Of a past moment what rests on it is not looked for."""
    at = _position(request)
    context = {
        "entry": _entry("source", record, at),
        "documents": detail.documents_of(record, limit=MOST) if at is None else (),
        "claims": (
            detail.claims_rooted(record, limit=MOST, reader=Reader.PUBLIC) if at is None else ()
        ),
        "forecasts": forecasts.record(record, as_of=at, reader=Reader.PUBLIC).record,
        "history": log.history([record], until=at, words=False),
        "position": at,
    }
    return shown(request, "pages/source.html", context)


def _position(request: HttpRequest) -> int | None:
    """As of which the page is to be; None for now."""
    as_of = request_params.read(request.GET).as_of
    return None if as_of is None else moment.resolve(as_of)


def _taken(document: UUID, at: int | None) -> list[Filed]:
    if at is None:
        return detail.claims_from(document, limit=MOST, reader=Reader.PUBLIC)
    held = Filters(document=document)
    found = listing.past_ids(held, after=None, limit=MOST, position=at, reader=Reader.PUBLIC)
    return listing.filed_as_of(found, at, reader=Reader.PUBLIC)


def _entry(noun: str, record: UUID, at: int | None) -> catalogue.Entry:
    found = catalogue.entry(noun, record, as_of=at)
    if found is None:
        raise Http404(f"there is no {noun} {record}")
    return found

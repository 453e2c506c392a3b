"""Finds documents by their titles, addresses and references."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Length, Lower, StrIndex
from django.db.models.lookups import In

from tracker.domain import state as f
from tracker.models import search_columns
from tracker.models.derived import StandingRecord
from tracker.queries.records import names, states
from tracker.queries.records.names import AmbiguousName, NamedRecord, NoSuchName
from tracker.queries.records.search import records_called, values_of

# Shorter titles occur in references by chance.
SHORTEST_TITLE = 12
MOST_SHARED = 5
_ID = re.compile(r"\[?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]?\s*$")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
# Query parameters that only track who followed a link.
_TRACKING = re.compile(r"utm_|fbclid$|gclid$|mc_(cid|eid)$", re.IGNORECASE)


class DocumentDirectory:
    """The documents, looked up one by one, since there may be too many to read at once."""

    noun = "document"

    def __contains__(self, identifier: UUID) -> bool:
        return identifier in states.records([identifier], at=None)

    def label(self, identifier: UUID) -> str:
        """Return the text with which `find` finds this document."""
        state = states.records([identifier], at=None).get(identifier)
        if not isinstance(state, f.DocumentState):
            return str(identifier)
        title = state.document.title
        shared = title and _rows().filter(name=title).exclude(id=identifier).exists()
        if not title:
            return state.document.url or str(identifier)
        record = NamedRecord(id=identifier, name=title)
        return names.told_apart([record])[identifier] if shared else title

    def find(self, text: str) -> NamedRecord:
        """Return the only document with this address, title or id, or whose title is in a
        reference.

        :raises NoSuchName: with a hint what to do.
        """
        query = text.strip().replace("\0", "")
        for matches in self._matches(query):
            if len(matches) > 1:
                several = " or ".join(values_of(matches[:MOST_SHARED], "document").values())
                raise AmbiguousName(f"{query[:200]!r} may be {len(matches)}: write {several}")
            if matches:
                return matches[0]
        raise NoSuchName(f"no document on record has the address or title {query[:200]!r}: add it")

    def _matches(self, query: str) -> Iterator[list[NamedRecord]]:
        if identified := _ID.search(query):
            yield _documents(_rows().filter(id=identified[1]))
            return
        if numbered := names.numbered(query):
            yield _documents(_rows().filter(id=numbered.id, name__iexact=numbered.name))
        if address := _ADDRESS.search(query):
            yield at_address(address[0].rstrip(".,;)"))
        yield titled(query)
        yield _quoted(query)


def at_address(url: str) -> list[NamedRecord]:
    """Return the documents at an address, in any spelling."""
    for key in ("url", "archive_url"):
        if documents := _documents(_rows().filter(at_any(key, spellings(url)))):
            return documents
    return []


def titled(title: str) -> list[NamedRecord]:
    """Return the documents with a title, in any case."""
    return (
        _documents(_rows().filter(records_called("document", title), name__iexact=title))
        if title
        else []
    )


def address_parts(url: str) -> SplitResult | None:
    """Return the parts of an address; None if it is none, such as `http://[::1`."""
    try:
        return urlsplit(url)
    except ValueError:
        return None


def spellings(url: str) -> tuple[str, ...]:
    """Return the spellings under which an address may be on record: with and without www, a last
    slash, and tracking parameters.

    >>> spellings("http://www.ex.org/a/?utm_source=x#top")[0]
    'https://ex.org/a'
    """
    parts = address_parts(url)
    if parts is None:
        return (url,)
    parameters = [
        parameter
        for parameter in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.match(parameter[0])
    ]
    host = _host(url)
    path = parts.path.rstrip("/")
    addresses = [
        urlunsplit((scheme, f"{www}{host}", f"{path}{slash}", urlencode(parameters), ""))
        for scheme in ("https", "http")
        for www in ("", "www.")
        for slash in ("", "/")
    ]
    return tuple(dict.fromkeys([*addresses, url]))


def publisher_at(url: str) -> NamedRecord | None:
    """Return the only source whose own address has the host of a document's address, or a part of
    that host such as news.ex.org of ex.org."""
    host = _host(url) if _ADDRESS.match(url) else ""
    if not host:
        return None
    rows = StandingRecord.objects.filter(noun="source", state__source__url__icontains=host)
    addresses = rows.values_list("id", "state__source__url")
    found = [key for key, address in addresses if f".{_host(address)}".endswith(f".{host}")]
    if len(found) != 1:
        return None
    return names.named_records(StandingRecord.objects.filter(id=found[0]))[0]


def _host(url: str) -> str:
    """The host of an address without www; empty if it has none."""
    parts = address_parts(url)
    return parts.netloc.casefold().removeprefix("www.") if parts else ""


def _rows() -> QuerySet[StandingRecord]:
    return StandingRecord.objects.filter(noun="document")


def _quoted(reference: str) -> list[NamedRecord]:
    """The documents whose title is in a reference; only those with the longest title."""
    rows = (
        _rows()
        .annotate(long=Length("name"), at=StrIndex(Lower(Value(reference)), Lower(F("name"))))
        .filter(long__gte=SHORTEST_TITLE, at__gt=0)
        .order_by("-long", "id")
    )
    documents = _documents(rows)
    return [document for document in documents if len(document.name) == len(documents[0].name)]


def _documents(rows: QuerySet[StandingRecord]) -> list[NamedRecord]:
    return names.named_records(rows[: MOST_SHARED + 1])


def at_any(key: str, addresses: Sequence[str]) -> Q:
    """Documents with any of some addresses, as `url` or `archive_url`."""
    return Q(In(search_columns.of_document(key), addresses))

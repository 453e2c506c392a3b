"""What is on record by names alone, so that that of two databases can be compared."""

from collections.abc import Mapping
from typing import Any

from tracker.domain import codec
from tracker.domain.disclosure import Reader
from tracker.queries import moment
from tracker.queries.claims import listing
from tracker.queries.claims.listing import Filters
from tracker.queries.records import catalogue, names
from tracker.queries.records.catalogue import DocumentEntry, RecordFilter

MOST = 500
NOUNS = ("collection", "actor", "source", "document")


def named() -> list[dict[str, Any]]:
    """Every claim with names in the place of ids, by its sentence."""
    labels = _labels()
    filed = listing.listing(Filters(), after=None, limit=MOST, reader=Reader.DESK)
    claims = (_by_name(codec.plain(one.state.claim), labels) for one in filed)
    return sorted(claims, key=lambda one: one["summary"])


def documents() -> list[dict[str, Any]]:
    """Every document, with the name of its source."""
    labels = _labels()
    wanted = RecordFilter(noun="document", as_of=moment.now())
    entries = catalogue.listing(wanted, after=None, limit=MOST)
    documents = (one.document for _, one in entries if isinstance(one, DocumentEntry))
    return [_by_name(codec.plain(one), labels) for one in documents]


def _labels() -> dict[str, str]:
    return {str(one.id): one.name for noun in NOUNS for one in names.directory(noun)}


def _by_name(value: Any, labels: Mapping[str, str]) -> Any:
    """The same, with names in the place of ids."""
    match value:
        case dict():
            return {key: _by_name(one, labels) for key, one in value.items()}
        case list() | tuple():
            return [_by_name(one, labels) for one in value]
    return labels.get(str(value), value)

"""The claims of a document, a source or actors, also in the order of their days, and the documents
of a source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from psycopg.errors import QueryCanceled

from tracker import log
from tracker.domain.disclosure import Reader
from tracker.domain.problems import BadParameter
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.queries.claims import detail, disclosure, listing
from tracker.queries.claims.detail import Sheet
from tracker.queries.claims.listing import ClaimEntry
from tracker.queries.sql import select

_DOCUMENTS = (
    "SELECT id, name, state #>> '{document,date}' FROM standing_record WHERE noun = 'document'"
    " AND state #>> '{document,source}' = %(source)s"
    " ORDER BY state #>> '{document,date}' DESC NULLS LAST, name, id LIMIT %(limit)s"
)
_ABOUT = (
    "SELECT id FROM standing_claim WHERE {shown} AND latest IS NOT NULL AND actors && %(actors)s"
    " ORDER BY latest DESC NULLS LAST, id DESC LIMIT %(limit)s"
)
_FROM = (
    "SELECT id FROM standing_claim WHERE {shown} AND documents @> ARRAY[%(document)s::uuid]"
    " ORDER BY earliest, id LIMIT %(limit)s"
)
_ROOTED = (
    "SELECT id FROM standing_claim WHERE {shown} AND sources @> ARRAY[%(source)s::uuid]"
    " AND sources <> '{{}}'"
    " ORDER BY latest DESC NULLS LAST, id LIMIT %(limit)s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLabel:
    """A document by its title, with its date as EDTF."""

    id: UUID
    title: str
    date: str | None


def documents_of(source: UUID, *, limit: int) -> list[DocumentLabel]:
    """Return the documents that a source published, the latest first."""
    rows = select(_DOCUMENTS, {"source": str(source), "limit": limit})
    return [DocumentLabel(id=key, title=name, date=day) for key, name, day in rows]


def claims_about(actors: Iterable[UUID], *, limit: int, reader: Reader) -> list[ClaimEntry]:
    """Return the dated claims that name any of some actors, the latest first."""
    return _filed(_ABOUT, reader, limit=limit, actors=list(actors))


def claims_from(document: UUID, *, limit: int, reader: Reader) -> list[ClaimEntry]:
    """Return the claims that cite a document, the earliest first."""
    return _filed(_FROM, reader, limit=limit, document=document)


def claims_rooted(source: UUID, *, limit: int, reader: Reader) -> list[ClaimEntry]:
    """Return the claims with a source in their chains behind the publisher, the latest first."""
    return _filed(_ROOTED, reader, limit=limit, source=source)


def _filed(query: str, reader: Reader, **parameters: Any) -> list[ClaimEntry]:
    """The first claims of a query that the reader may see, in its order."""
    position = log.head().position
    shown = disclosure.condition("standing_claim.id", at=position, reader=reader)
    order = [row[0] for row in select(query.format(shown=shown), parameters)]
    entries = {
        entry.state.id: entry for entry in listing.claim_entries(order, position, reader=reader)
    }
    return [entries[key] for key in order if key in entries]


# The most claims of a document that are sorted by the log.
MOST_ORDERED = 1_000
# How long the query for claims of feeds may take.
FEEDS_TIMEOUT = "3s"
_OF_FEEDS = (
    "SELECT id, collection FROM standing_claim WHERE {shown}"
    " AND documents @> ARRAY[%(document)s::uuid] AND collection <> ALL(%(people)s::uuid[])"
    " LIMIT %(limit)s"
)


class TooMany(BadParameter):
    """There are too many claims on record to search all of them."""

    parameter = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentClaim:
    """A claim from a document, with its printed title."""

    id: UUID
    title: str
    kind: str
    code: str | None
    status: str
    edtf: str
    basis: str


def from_document(document: UUID, *, limit: int, reader: Reader) -> list[DocumentClaim]:
    """Return up to `limit` claims that cite a document, the latest recorded first."""
    rows = disclosure.only_disclosed(_rows(document), at=None, reader=reader)
    ids = rows.order_by("-id").values_list("id", flat=True)[:MOST_ORDERED]
    latest = sorted(log.firsts(ids), key=lambda event: -event.position)
    return _listed([event.stream for event in latest[:limit]], reader)


def _listed(ids: list[UUID], reader: Reader) -> list[DocumentClaim]:
    """Claims of a list, in the given order."""
    dated = ("state__claim__occurred__edtf", "state__claim__occurred__basis")
    columns = ("id", "kind", "code", "status", *dated)
    rows = {row[0]: row for row in StandingClaim.objects.filter(id__in=ids).values_list(*columns)}
    titles = listing.titles(ids, reader=reader)
    return [
        DocumentClaim(
            id=key,
            title=titles[key],
            kind=kind,
            code=code,
            status=status,
            edtf=edtf or "",
            basis=basis or "stated",
        )
        for key, kind, code, status, edtf, basis in (rows[claim] for claim in ids if claim in rows)
    ]


def count_citing(document: UUID, *, reader: Reader) -> int:
    """Return the number of claims that cite a document."""
    return disclosure.only_disclosed(_rows(document), at=None, reader=reader).count()


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionClaims:
    """A machine-coded collection, and its claims from a document. `total` is at most the requested
    limit."""

    name: str
    total: int
    claims: list[DocumentClaim]


def from_feeds(document: UUID, *, limit: int, shown: int, reader: Reader) -> list[CollectionClaims]:
    """Return, by name of the feed, the number of its claims among up to `limit` that cite a
    document, and the first `shown` of them.

    :raises TooMany:
    """
    by_collection: dict[UUID, list[UUID]] = {}
    for claim, collection in _of_feeds(document, limit, reader):
        by_collection.setdefault(collection, []).append(claim)
    names = by_machines()
    feeds = [
        CollectionClaims(
            name=names[key], total=len(ids), claims=_listed(sorted(ids)[:shown], reader)
        )
        for key, ids in by_collection.items()
    ]
    return sorted(feeds, key=lambda feed: feed.name)


def _of_feeds(document: UUID, limit: int, reader: Reader) -> list[tuple[UUID, UUID]]:
    parameters: dict[str, Any] = {"document": document, "people": [*by_people()], "limit": limit}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{FEEDS_TIMEOUT}'")
            shown = disclosure.condition("standing_claim.id", at=None, reader=reader)
            cursor.execute(_OF_FEEDS.format(shown=shown), parameters)
            return list(cursor.fetchall())
    except OperationalError as problem:
        if not isinstance(problem.__cause__, QueryCanceled):
            raise
        raise TooMany(str(problem)) from problem


def by_machines() -> dict[UUID, str]:
    """Return the names of the machine-coded collections, by id."""
    return _coded("machine")


def by_people() -> dict[UUID, str]:
    """Return the names of the collections that people enter claims into, by id."""
    return _coded("curated")


def _coded(coding: str) -> dict[UUID, str]:
    rows = StandingRecord.objects.filter(noun="collection", state__collection__coding=coding)
    return dict(rows.order_by("name", "id").values_list("id", "name"))


def _rows(document: UUID) -> QuerySet[StandingClaim]:
    return StandingClaim.objects.filter(collection__in=by_people(), documents__contains=[document])


# Assessed levels are not events.
_WANTED = (
    " AND status = 'standing' AND kind <> 'level' AND actors && %(actors)s::uuid[]"
    " AND (%(partners)s::uuid[] IS NULL OR actors && %(partners)s::uuid[])"
)
_PAGE = (
    "SELECT id, latest FROM standing_claim WHERE {shown} AND latest IS NOT NULL"  # noqa: S608 # constants
    f"{_WANTED} AND latest BETWEEN %(start)s AND %(end)s"
    " ORDER BY latest DESC NULLS LAST, id DESC OFFSET %(skipped)s LIMIT %(limit)s"
)
_SITUATIONS = (
    "SELECT id FROM standing_claim WHERE {shown} AND kind = 'situation'"  # noqa: S608 # constants
    f"{_WANTED} AND earliest <= %(end)s AND (latest IS NULL OR latest >= %(start)s)"
    " ORDER BY earliest DESC, id DESC LIMIT %(limit)s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineFilter:
    """Claims that name one of some actors, and one of the `partners` unless that is None, with
    their last day from `start` to `end`."""

    actors: Sequence[UUID]
    partners: Sequence[UUID] | None
    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedClaim:
    """A claim with the last day on which it may have happened."""

    day: date
    entry: ClaimEntry


def claims_by_day(
    wanted: TimelineFilter, *, skipped: int, limit: int, reader: Reader
) -> list[DatedClaim]:
    """Return up to `limit` claims in force after the first `skipped`, the latest first."""
    position = log.head().position
    parameters = _parameters(wanted) | {"skipped": skipped, "limit": limit}
    rows = select(_shown(_PAGE, position, reader), parameters)
    entries = {
        entry.state.id: entry
        for entry in listing.claim_entries([row[0] for row in rows], position, reader=reader)
    }
    return [DatedClaim(day=day, entry=entries[key]) for key, day in rows if key in entries]


def situations(wanted: TimelineFilter, *, limit: int, reader: Reader) -> list[Sheet]:
    """Return up to `limit` situations in force that went on in the days of the filter, with their
    sources, the newest first."""
    position = log.head().position
    rows = select(_shown(_SITUATIONS, position, reader), _parameters(wanted) | {"limit": limit})
    order = [row[0] for row in rows]
    sheets = detail.sheets_at(order, position, reader=reader)
    return [sheets[key] for key in order if key in sheets]


def _shown(query: str, position: int, reader: Reader) -> str:
    shown = disclosure.condition("standing_claim.id", at=position, reader=reader)
    return query.format(shown=shown)


def _parameters(wanted: TimelineFilter) -> dict[str, Any]:
    return {
        "actors": list(wanted.actors),
        "partners": None if wanted.partners is None else list(wanted.partners),
        "start": wanted.start,
        "end": wanted.end,
    }

"""What was taken from a document: the claims of people, the latest first, and those of feeds.

Those of feeds are looked for when somebody asks: of a document they bring one or two, and it takes
long to find them.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from psycopg.errors import QueryCanceled

from tracker import log
from tracker.domain.problems import BadParameter
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.queries import claims

# Of a document's claims so many are put into the order of the log.
MOST_ORDERED = 1_000
# How long those of feeds are looked for.
PATIENCE = "3s"
_OF_FEEDS = (
    "SELECT id, collection FROM standing_claim WHERE documents @> ARRAY[%(document)s::uuid]"
    " AND collection <> ALL(%(people)s::uuid[]) LIMIT %(limit)s"
)


class TooMany(BadParameter):
    """There are too many claims on record to look through all of them."""

    parameter = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A claim from a document, with its sentence as it must be printed."""

    id: UUID
    title: str
    kind: str
    code: str | None
    status: str
    edtf: str
    basis: str


def from_document(document: UUID, *, limit: int) -> list[Taken]:
    """Give up to `limit` claims that cite a document, the latest recorded first."""
    ids = _rows(document).order_by("-id").values_list("id", flat=True)[:MOST_ORDERED]
    latest = sorted(log.firsts(ids), key=lambda one: -one.position)
    return _told([one.stream for one in latest[:limit]])


def _told(ids: list[UUID]) -> list[Taken]:
    """Claims as they are listed, in the order given."""
    dated = ("state__claim__occurred__edtf", "state__claim__occurred__basis")
    asked = ("id", "kind", "code", "status", *dated)
    rows = {row[0]: row for row in StandingClaim.objects.filter(id__in=ids).values_list(*asked)}
    titles = claims.titles(ids)
    return [
        Taken(
            id=key,
            title=titles[key],
            kind=kind,
            code=code,
            status=status,
            edtf=edtf or "",
            basis=basis or "stated",
        )
        for key, kind, code, status, edtf, basis in (rows[one] for one in ids if one in rows)
    ]


def count(document: UUID) -> int:
    """How many claims cite a document."""
    return _rows(document).count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A collection of machines, and its claims from a document. `total` is no more than was asked
    for."""

    name: str
    total: int
    claims: list[Taken]


def from_feeds(document: UUID, *, limit: int, shown: int) -> list[Feed]:
    """Give how many of up to `limit` claims that cite a document each feed brought, by its name,
    with the first `shown` of each.

    :raises TooMany:
    """
    found: dict[UUID, list[UUID]] = {}
    for claim, collection in _of_feeds(document, limit):
        found.setdefault(collection, []).append(claim)
    names = by_machines()
    feeds = [
        Feed(name=names[key], total=len(ids), claims=_told(sorted(ids)[:shown]))
        for key, ids in found.items()
    ]
    return sorted(feeds, key=lambda one: one.name)


def _of_feeds(document: UUID, limit: int) -> list[tuple[UUID, UUID]]:
    given: dict[str, Any] = {"document": document, "people": [*by_people()], "limit": limit}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
            cursor.execute(_OF_FEEDS, given)
            return list(cursor.fetchall())
    except OperationalError as problem:
        if not isinstance(problem.__cause__, QueryCanceled):
            raise
        raise TooMany(str(problem)) from problem


def by_machines() -> dict[UUID, str]:
    """The names of the collections that feeds bring claims into, by id."""
    return _coded("machine")


def by_people() -> dict[UUID, str]:
    """The names of the collections that people enter claims into, by id."""
    return _coded("curated")


def _coded(coding: str) -> dict[UUID, str]:
    rows = StandingRecord.objects.filter(noun="collection", state__collection__coding=coding)
    return dict(rows.order_by("name", "id").values_list("id", "name"))


def _rows(document: UUID) -> QuerySet[StandingClaim]:
    return StandingClaim.objects.filter(collection__in=by_people(), documents__contains=[document])

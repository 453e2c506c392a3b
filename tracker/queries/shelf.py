"""What stands on record of a source, of an actor or of a country, the latest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from tracker import log
from tracker.queries import claims, guilt
from tracker.queries.claims import Filed

_DOCUMENTS = (
    "SELECT id, name, state #>> '{document,date}' FROM standing_record WHERE noun = 'document'"
    " AND state #>> '{document,source}' = %(source)s"
    " ORDER BY state #>> '{document,date}' DESC NULLS LAST, name, id LIMIT %(limit)s"
)
_ABOUT = (
    "SELECT id FROM standing_claim WHERE latest IS NOT NULL AND actors && %(actors)s"
    " ORDER BY latest DESC NULLS LAST, id DESC LIMIT %(limit)s"
)
_FROM = (
    "SELECT id FROM standing_claim WHERE documents @> ARRAY[%(document)s::uuid]"
    " ORDER BY earliest, id LIMIT %(limit)s"
)
_ROOTED = (
    "SELECT id FROM standing_claim WHERE sources @> ARRAY[%(source)s::uuid]"
    " ORDER BY latest DESC NULLS LAST, id LIMIT %(limit)s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A document by its title, with its date as EDTF."""

    id: UUID
    title: str
    date: str | None


def documents_of(source: UUID, *, limit: int) -> list[Shelved]:
    """Give the documents that a source published, the latest first."""
    rows = _ask(_DOCUMENTS, source=str(source), limit=limit)
    return [Shelved(id=key, title=name, date=day) for key, name, day in rows]


def claims_about(actors: Iterable[UUID], *, limit: int) -> list[Filed]:
    """Give the dated claims that name any of some actors, the latest first."""
    return _filed(_ABOUT, limit=limit, actors=list(actors))


def claims_from(document: UUID, *, limit: int) -> list[Filed]:
    """Give the claims that cite a document, the earliest first."""
    return _filed(_FROM, limit=limit, document=document)


def claims_rooted(source: UUID, *, limit: int) -> list[Filed]:
    """Give the claims in whose chains a source stands behind the publisher, the latest first."""
    return _filed(_ROOTED, limit=limit, source=source)


def _filed(question: str, *, limit: int, **given: Any) -> list[Filed]:
    """The first claims that a question finds and that may be named here, in its order."""
    position = log.head().position

    def ask(most: int) -> list[UUID]:
        return [row[0] for row in _ask(question, limit=most, **given)]

    order = guilt.first_named(ask, limit=limit, at=position)
    found = {one.state.id: one for one in claims.filed_as_of(order, position)}
    return [found[key] for key in order if key in found]


def _ask(question: str, **given: Any) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return list(cursor.fetchall())

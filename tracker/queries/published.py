"""Documents on record by the address at which they were published, and their dates."""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from tracker.log.messages import id_array

# Two questions in one, each by its own index.
_FOUND = " UNION ".join(
    "SELECT id, (state #>> '{document,source}')::uuid, state #>> '{document,url}',"  # noqa: S608 # two columns of ours
    " state #>> '{document,date}'"
    f" FROM standing_record WHERE noun = 'document' AND {one}"
    for one in ("id = ANY(%s::uuid[])", "state #>> '{document,url}' = ANY(%s)")
)


class Published(NamedTuple):
    """A document on record, who published it, where, and when (EDTF)."""

    id: UUID
    source: UUID
    url: str | None
    date: str | None


def documents(*, ids: Collection[UUID], urls: Collection[str]) -> list[Published]:
    """Give the documents that have one of the ids or addresses, the oldest id of an address
    last."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_FOUND} ORDER BY 1 DESC", [id_array(ids), list(urls)])
        return [Published(*row) for row in cursor.fetchall()]


def dates(ids: Iterable[UUID]) -> dict[UUID, str | None]:
    """Give the dates of documents on record (EDTF), None of one that has none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, state #>> '{document,date}' FROM standing_record"
            " WHERE noun = 'document' AND id = ANY(%s::uuid[])",
            [id_array(list(ids))],
        )
        return dict(cursor.fetchall())


def speakers(actors: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Give the sources that are some actors, by actor, the oldest first."""
    wanted = [str(one) for one in actors]
    found: dict[UUID, list[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (state #>> '{source,actor}')::uuid, id FROM standing_record"
            " WHERE noun = 'source' AND state #>> '{source,actor}' = ANY(%s) ORDER BY id",
            [wanted],
        )
        for actor, source in cursor.fetchall():
            found.setdefault(actor, []).append(source)
    return found

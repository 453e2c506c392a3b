"""Documents on record by the address at which they were published."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from tracker.log.messages import id_array

# Two questions in one, each by its own index.
_FOUND = " UNION ".join(
    "SELECT id, (state #>> '{document,source}')::uuid, state #>> '{document,url}'"  # noqa: S608 # two columns of ours
    f" FROM standing_record WHERE noun = 'document' AND {one}"
    for one in ("id = ANY(%s::uuid[])", "state #>> '{document,url}' = ANY(%s)")
)


class Published(NamedTuple):
    """A document on record, who published it, and where."""

    id: UUID
    source: UUID
    url: str | None


def documents(*, ids: Collection[UUID], urls: Collection[str]) -> list[Published]:
    """Give the documents that have one of the ids or addresses, the oldest id of an address
    last."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_FOUND} ORDER BY 1 DESC", [id_array(ids), list(urls)])
        return [Published(*row) for row in cursor.fetchall()]

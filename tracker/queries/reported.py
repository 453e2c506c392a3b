"""Claims that others may report too: what has to be known of one to add a further report."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.db import connection

# The root of a citation is the last source of its chain, or else who published its document.
_REPORTED = """
SELECT c.id, c.version, c.status = 'standing', c.documents,
       jsonb_array_length(c.state #> '{claim,citations}'),
       coalesce((c.state #>> '{claim,citations,0,chain,-1}')::uuid,
                (d.state #>> '{document,source}')::uuid)
FROM standing_claim c
LEFT JOIN standing_record d ON d.id = (c.state #>> '{claim,citations,0,document}')::uuid
WHERE c.id = ANY(%s)
"""


class Reported(NamedTuple):
    """A claim on record: its version, whether it stands, what it cites, how many citations it has,
    and the root of the first."""

    id: UUID
    version: int
    standing: bool
    documents: list[UUID]
    citations: int
    root: UUID


def reported(claims: Collection[UUID]) -> dict[UUID, Reported]:
    """Give those of some claims that are on record, by id."""
    with connection.cursor() as cursor:
        cursor.execute(_REPORTED, [list(claims)])
        return {row[0]: Reported(*row) for row in cursor.fetchall()}


def standing_versions(claims: Collection[UUID]) -> dict[UUID, int]:
    """Give the versions of those of some claims that stand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, version FROM standing_claim WHERE id = ANY(%s) AND status = 'standing'",
            [list(claims)],
        )
        return dict(cursor.fetchall())

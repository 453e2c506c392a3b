"""Documents on record by the address at which they were published."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection


def documents(*, ids: Collection[UUID], urls: Collection[str]) -> tuple[set[UUID], dict[str, UUID]]:
    """Give which of the ids are documents on record, and the first document at each address."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, state #>> '{document,url}' FROM standing_record WHERE noun = 'document'"
            " AND (id = ANY(%s) OR state #>> '{document,url}' = ANY(%s)) ORDER BY id DESC",
            [list(ids), list(urls)],
        )
        found = cursor.fetchall()
    return {row[0] for row in found}, {row[1]: row[0] for row in found if row[1]}

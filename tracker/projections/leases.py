"""Leases: one worker at a time works on a row of a queue, and another once its worker is gone.

A row has the columns `lease`, a token of the worker that has it, `attempts`, and a moment until
which nobody else takes it. Whoever writes about the row checks that it still has its token.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Q

# Grows no further, so that a power cannot overflow.
_MOST_DOUBLINGS = 20


def take_sql(
    table: str,
    *,
    key: Sequence[str],
    until: str,
    order: str,
    free: str = "true",
    changes: str = "",
) -> str:
    """The statement that takes the first row that is free, skipping those that others are taking.

    :param until: the column with the moment until which nobody else takes a row.
    :param free: a further condition on rows.
    :param changes: further assignments, each after a comma; `%(at)s` is the time now.
    """
    columns = ", ".join(key)
    same = " AND ".join(f"{table}.{one} = oldest.{one}" for one in key)
    return (
        # A lease that a crash of the database loses is taken again.
        "WITH hasty AS (SELECT set_config('synchronous_commit', 'off', true)), oldest AS ("  # noqa: S608
        f"SELECT {columns} FROM {table}, hasty WHERE {free}"
        f" AND ({until} IS NULL OR {until} <= %(at)s)"
        f" ORDER BY {order} FOR UPDATE OF {table} SKIP LOCKED LIMIT 1)"
        f" UPDATE {table} SET lease = %(lease)s, {until} = %(until)s,"
        f" attempts = attempts + 1{changes} FROM oldest WHERE {same} RETURNING {table}.*"
    )


def take(sql: str, *, at: datetime, lasting: timedelta) -> Mapping[str, Any] | None:
    """Take a row by `take_sql`; its columns by name, or None where none is free.

    The attempt is counted before it is made, so that a row that kills its workers runs out of
    attempts too.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"lease": uuid4(), "at": at, "until": at + lasting})
        row = cursor.fetchone()
        if row is None:
            return None
        return dict(zip([one.name for one in cursor.description or ()], row, strict=True))


def is_free(*, at: datetime, until: str = "lease_until", but: UUID | None = None) -> Q:
    """The rows that nobody has, or `but` this token."""
    free = Q(**{until: None}) | Q(**{f"{until}__lte": at})
    return free | Q(lease=but) if but else free


def backoff(
    attempts: int, *, first: timedelta, factor: int = 2, longest: timedelta = timedelta.max
) -> timedelta:
    """How long to wait after so many attempts: `first`, then `factor` times as long each time."""
    times = int(factor ** min(attempts - 1, _MOST_DOUBLINGS))
    return min(first * times, longest)

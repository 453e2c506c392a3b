"""Leases: one worker at a time works on a row of a queue. When its lease expires, another may take
it.

A row has the columns `lease` (the token of its worker), `attempts`, and a time until which no other
worker takes it. Before a worker writes, it checks that the row still has its token.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Q

# A limit, so that the power cannot overflow.
_MOST_DOUBLINGS = 20


def take_sql(
    table: str, *, key: Sequence[str], until: str, order: str, free: str = "true", changes: str = ""
) -> str:
    """The statement that takes the first row that is free, skipping those that others are taking.

    :param until: the column with the moment until which no other worker takes a row.
    :param free: a further condition on rows.
    :param changes: further assignments, each after a comma; `%(at)s` is the time now.
    """
    columns = ", ".join(key)
    same_key = " AND ".join(f"{table}.{column} = oldest.{column}" for column in key)
    return (
        # If a crash of the database loses the lease, the row is taken again.
        "WITH settings AS (SELECT set_config('synchronous_commit', 'off', true)), oldest AS ("  # noqa: S608
        f"SELECT {columns} FROM {table}, settings WHERE {free}"
        f" AND ({until} IS NULL OR {until} <= %(at)s)"
        f" ORDER BY {order} FOR UPDATE OF {table} SKIP LOCKED LIMIT 1)"
        f" UPDATE {table} SET lease = %(lease)s, {until} = %(until)s,"
        f" attempts = attempts + 1{changes} FROM oldest WHERE {same_key} RETURNING {table}.*"
    )


def take(sql: str, *, at: datetime, lasting: timedelta) -> Mapping[str, Any] | None:
    """Take a free row by `take_sql`. Return its columns by name, or None if no row is free.

    The attempt is counted first, so that a row that crashes its workers also runs out of attempts.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"lease": uuid4(), "at": at, "until": at + lasting})
        row = cursor.fetchone()
        if row is None:
            return None
        return dict(zip([column.name for column in cursor.description or ()], row, strict=True))


def is_free(*, at: datetime, until: str = "lease_until", but: UUID | None = None) -> Q:
    """The rows without a current lease, or with the lease `but`."""
    free = Q(**{until: None}) | Q(**{f"{until}__lte": at})
    return free | Q(lease=but) if but else free


def backoff(
    attempts: int, *, first: timedelta, factor: int = 2, longest: timedelta = timedelta.max
) -> timedelta:
    """How long to wait after `attempts` attempts: `first`, then `factor` times as long each time,
    at most `longest`."""
    times = int(factor ** min(attempts - 1, _MOST_DOUBLINGS))
    return min(first * times, longest)

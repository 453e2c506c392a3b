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


def take_sql(  # noqa: PLR0913
    table: str,
    *,
    key: Sequence[str],
    until: str,
    order: str,
    free: str = "true",
    together: str = "false",
    changes: str = "",
) -> str:
    """The statement that takes the first row that is free, skipping those that others are taking,
    and with it some of the next, `%(most)s` in all.

    :param until: the column with the moment until which no other worker takes a row.
    :param free: a further condition on rows.
    :param together: the condition under which a row of `oldest` is taken with the row `first`.
    :param changes: further assignments, each after a comma; `%(at)s` is the time now.
    """
    keys = [f"{{0}}.{column} = {{1}}.{column}" for column in key]
    same_key = " AND ".join(keys)
    return (
        # If a crash of the database loses the lease, the row is taken again.
        "WITH settings AS (SELECT set_config('synchronous_commit', 'off', true)), oldest AS ("  # noqa: S608
        f"SELECT {table}.* FROM {table}, settings WHERE {free}"
        f" AND ({until} IS NULL OR {until} <= %(at)s)"
        f" ORDER BY {order} FOR UPDATE OF {table} SKIP LOCKED LIMIT %(most)s),"
        " first AS (SELECT * FROM oldest LIMIT 1)"
        f" UPDATE {table} SET lease = %(lease)s, {until} = %(until)s,"
        f" attempts = {table}.attempts + 1{changes} FROM oldest, first"
        f" WHERE {same_key.format(table, 'oldest')}"
        f" AND ({same_key.format('oldest', 'first')} OR {together}) RETURNING {table}.*"
    )


def take(sql: str, *, at: datetime, lasting: timedelta) -> Mapping[str, Any] | None:
    """Take a free row by `take_sql`. Return its columns by name, or None if no row is free."""
    rows = take_some(sql, at=at, lasting=lasting, most=1)
    return rows[0] if rows else None


def take_some(sql: str, *, at: datetime, lasting: timedelta, most: int) -> list[Mapping[str, Any]]:
    """Take up to `most` free rows by `take_sql`. Return the columns of each by name.

    The attempt is counted first, so that a row that crashes its workers also runs out of attempts.
    """
    parameters: dict[str, Any] = {"lease": uuid4(), "at": at, "until": at + lasting, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


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

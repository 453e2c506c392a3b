"""Queries in SQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg import Cursor

type Parameters = Sequence[Any] | Mapping[str, Any] | None


def select(sql: str, parameters: Parameters = None) -> list[tuple[Any, ...]]:
    """Return all rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def select_binary(sql: str, parameters: Parameters = None) -> list[tuple[Any, ...]]:
    """Return all rows of a query that the server sends in binary, which is faster for many."""
    connection.ensure_connection()
    # Django's own cursors receive text only.
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        return cursor.execute(sql, parameters, binary=True).fetchall()


def select_value(sql: str, parameters: Parameters = None) -> Any:
    """Return the first column of the first row of a query.

    :raises IndexError: if there is no row.
    """
    return select(sql, parameters)[0][0]

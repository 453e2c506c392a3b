"""Many rows into a table by binary COPY, the way that costs the least."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection

from tracker.log.messages import Statement, send


class Rows(NamedTuple):
    """Rows of a table; `columns` gives the type of each by its name, in the order of the rows.
    Rows that are made as they are asked for are on their way while the next are made.

    For jsonb a value is wrapped by `psycopg.types.json.Jsonb`.
    """

    table: str
    columns: Mapping[str, str]
    rows: Iterable[Sequence[Any]]


def copy(given: Rows) -> None:
    """Insert rows.

    :raises DatabaseError: as an INSERT does.
    """
    names = ", ".join(given.columns)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {given.table} ({names}) FROM STDIN (FORMAT BINARY)") as copying,
    ):
        copying.set_types(list(given.columns.values()))
        for row in given.rows:
            copying.write_row(row)


def perform(steps: Sequence[Statement | Rows]) -> None:
    """Do one after the other; statements in a row travel together."""
    waiting: list[Statement] = []
    for step in steps:
        if isinstance(step, Statement):
            waiting.append(step)
            continue
        send(*waiting)
        waiting.clear()
        copy(step)
    send(*waiting)

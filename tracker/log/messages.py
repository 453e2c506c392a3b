"""Statements that travel to the database together: one journey instead of many."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection


class Statement(NamedTuple):
    """A statement with its parameters."""

    sql: str
    parameters: Sequence[Any] = ()


def send(*statements: Statement) -> None:
    """Run statements in one message."""
    if statements:
        ask(*statements, of=0)


def ask(*statements: Statement, of: int = -1) -> list[tuple[Any, ...]]:
    """Run statements in one message and give the rows of one of them, by its place.

    Outside a transaction they are one by themselves.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "; ".join(one.sql for one in statements),
            [parameter for one in statements for parameter in one.parameters],
        )
        cursor.set_result(of)
        return cursor.fetchall() if cursor.description else []


def id_array(ids: Iterable[UUID]) -> str:
    """Ids as one parameter, for `%s::uuid[]`: a driver takes longer over a list of many."""
    return "{" + ",".join([one.hex for one in ids]) + "}"

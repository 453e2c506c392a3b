"""Several statements sent to the database in one message."""

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
    """Run statements in one message and return the rows of statement number `of`.

    Outside a transaction, the message is a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "; ".join(statement.sql for statement in statements),
            [parameter for statement in statements for parameter in statement.parameters],
        )
        cursor.set_result(of)
        return cursor.fetchall() if cursor.description else []


def id_array(ids: Iterable[UUID]) -> str:
    """Ids as one parameter for `%s::uuid[]`: faster than a list, which the driver converts."""
    return "{" + ",".join([id_.hex for id_ in ids]) + "}"

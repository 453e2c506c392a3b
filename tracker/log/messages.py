"""Several statements sent to the database in one message."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.db import connection
from psycopg.pq import Format


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
    return ask_all(*statements)[of]


def ask_all(*statements: Statement) -> list[list[tuple[Any, ...]]]:
    """Run statements in one message and return the rows of each.

    A statement must not consist of several. Outside a transaction, the message is a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "; ".join(statement.sql for statement in statements),
            [parameter for statement in statements for parameter in statement.parameters],
        )
        return [one.fetchall() if one.description else [] for one in cursor.results()]


def ask_prepared(statement: Statement) -> list[tuple[Any, ...]]:
    """Run a statement as `select_prepared` does."""
    return select_prepared(statement.sql, statement.parameters)


def select_prepared(
    sql: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None, *, binary: bool = False
) -> list[tuple[Any, ...]]:
    """Run a statement that the database plans once per connection of a web process (see
    `config.web_process`), and elsewhere each time. `binary`: how the rows are sent."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    prepared: Any = _Prepared(connection.connection)
    prepared.format = Format.BINARY if binary else Format.TEXT
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrap(prepared) as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = prepared.fetchall()
        return rows


# Above the executions of any query: only those are prepared that ask for it.
PREPARE_THRESHOLD = 2**31


@contextmanager
def planned_once() -> Iterator[None]:
    """Let the database plan the statements of `select_prepared` once, for work that repeats them:
    planning takes most of the time of a look-up. Also a decorator."""
    connection.ensure_connection()
    driver = connection.connection
    before, driver.prepare_threshold = driver.prepare_threshold, PREPARE_THRESHOLD
    try:
        yield
    finally:
        driver.prepare_threshold = before


class _Prepared(psycopg.Cursor[tuple[Any, ...]]):
    """A cursor that prepares statements. Django's own puts the parameters into the text, so that
    no two statements are equal."""

    def execute(self, query: Any, params: Any = None) -> Any:  # type: ignore[override] # Django passes no more
        return super().execute(query, params, prepare=True)


def flush() -> None:
    """Wait until all that is committed is on disk. Outside a transaction."""
    # A commit is flushed only if it wrote something. A replica gets only what is on disk.
    ask(
        Statement("SELECT pg_logical_emit_message(true, 'flush', '') WHERE NOT pg_is_in_recovery()")
    )


# The last position in a row `h` of the head, if all that was written before is on disk; else 0.
ON_DISK = (
    "CASE WHEN current_setting('synchronous_standby_names') = ''"
    " AND pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn() THEN h.position ELSE 0 END"
)


# No ids as such a parameter.
NO_IDS = "{}"


def id_array(ids: Iterable[UUID]) -> str:
    """Ids as one parameter for `%s::uuid[]`: faster than a list, which the driver converts."""
    return "{" + ",".join([id_.hex for id_ in ids]) + "}"


def text_array(texts: Iterable[str]) -> str:
    """Texts as one parameter for `%s::text[]`: faster than a list."""
    quoted = [text.replace("\\", "\\\\").replace('"', '\\"') for text in texts]
    return '{"' + '","'.join(quoted) + '"}' if quoted else "{}"

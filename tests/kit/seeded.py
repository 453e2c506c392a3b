"""The first article on record, entered once per run and copied where a test needs it."""

import functools
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.db import connection, transaction
from psycopg.rows import dict_row

from tests.kit import databases
from tests.kit.background_work import work_off
from tracker.operations import seed
from tracker.operations.ids import content_id

# The day after the article.
SEEDED = datetime(2022, 5, 25, tzinfo=UTC)
# Django's own tables, and the rows of the heads, which are there from the beginning. Nothing is
# sealed.
LEFT_OUT = ("django_", "auth_", "log_head", "seal_head")
# The log takes what follows from an event after it.
FIRST = ("event", "event_place")
TABLES = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
SEQUENCES = "SELECT quote_ident(sequencename), last_value FROM pg_sequences WHERE last_value > 0"


def claim_id(row: int) -> UUID:
    """The id of the claim of a row of the seed."""
    return content_id("curated", f"china-russia-report-2022-05-24:{row}")


def put_seed_on_record(at: datetime = SEEDED, *, scored: bool = False) -> None:
    """Do what `seed.load_seed(at=at)` does, and with `scored` then `work_off(at=at)`. The record
    must be empty."""
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            # It waits, inside its transaction, while the first one that needs a copy makes it.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    head, rows, last_values = _copied(at, scored=scored)
    with transaction.atomic(), connection.cursor() as cursor:
        # The log's guards see one append of all events; foreign keys may be met later.
        cursor.execute("SET LOCAL session_replication_role = replica")
        values = ", ".join(f"{name} = %({name})s" for name in head)
        cursor.execute(f"UPDATE log_head SET {values}", head)  # noqa: S608 # names of columns
        for table, data in rows:
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(data)
        cursor.execute("SET LOCAL session_replication_role = origin")
        for sequence, value in last_values:
            cursor.execute("SELECT setval(%s, %s)", [sequence, value])


class Copied(NamedTuple):
    """The head of the log, the rows of each table as COPY gives them, and the last value of each
    sequence."""

    head: dict[str, Any]
    rows: list[tuple[str, bytes]]
    last_values: list[tuple[str, int]]


def seeded(at: datetime = SEEDED, *, scored: bool = False) -> databases.Template:
    """The database that is copied."""
    kind = f"seed_{at:%Y%m%d_%H%M%S}"
    if scored:
        loaded = seeded(at).name
        return databases.template(f"{kind}_scored", base=loaded, make=lambda: work_off(at=at))
    return databases.template(kind, base=databases.roles(), make=lambda: _load(at))


def _load(at: datetime) -> None:
    seed.load_seed(at=at)


@functools.cache
def _copied(at: datetime, *, scored: bool) -> Copied:
    address = databases.address(seeded(at, scored=scored).name)
    with psycopg.connect(address) as there, there.cursor() as cursor:
        found = {name for (name,) in cursor.execute(TABLES) if not name.startswith(LEFT_OUT)}
        rows = [(table, _rows(cursor, table)) for table in (*FIRST, *sorted(found - {*FIRST}))]
        last_values = cursor.execute(SEQUENCES).fetchall()
        with there.cursor(row_factory=dict_row) as by_name:
            head = by_name.execute("SELECT * FROM log_head").fetchone()
        return Copied(head, [(table, data) for table, data in rows if data], last_values)


def _rows(cursor: psycopg.Cursor, table: str) -> bytes:
    """The rows of a table; nothing if it has none."""
    if not cursor.execute(f"SELECT EXISTS (SELECT FROM {table})").fetchone()[0]:  # noqa: S608
        return b""
    with cursor.copy(f"COPY {table} TO STDOUT (FORMAT BINARY)") as copy:
        return b"".join(copy)

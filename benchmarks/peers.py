"""Writers of claims: the operation, a bare ordered insert, and another event store."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate

from benchmarks import fixtures
from benchmarks.fixtures import BY, Records
from tracker.domain import codec, events
from tracker.domain.claims import Claim
from tracker.log import appended
from tracker.operations import claims
from workers import wakeups

type Append = Callable[[], object]


class Asserted(Aggregate):
    """An aggregate whose event contains a claim's body and words."""

    def __init__(self, *, body: dict[str, Any], words: dict[str, Any]) -> None:
        self.body = body
        self.words = words


def make_tables(url: str) -> None:
    """Create the tables of the two peers; those of the bare insert are minimal."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE raw_head (position bigint NOT NULL)")
        connection.execute("INSERT INTO raw_head VALUES (0)")
        connection.execute("CREATE TABLE raw_event (position bigint PRIMARY KEY, row text)")
    library(url, make_tables=True).close()


def writers(url: str, records: Records, number: int) -> dict[str, Append]:
    """The function of each contestant that writes one claim."""
    draw = random.Random(number)
    sample = fixtures.claim(records, draw=draw)

    appended.disconnect(dispatch_uid="workers")

    def append() -> None:
        claims.assert_claim(fixtures.claim(records, draw=draw), at=datetime.now(UTC), by=BY)

    def append_and_wake() -> None:
        append()
        wakeups.follow_log.send_soon()

    return {
        "ours": append,
        "with_wakeups": append_and_wake,
        "raw_ordered": _raw(url, _row_like(sample)),
        "eventsourcing": _library(library(url, make_tables=False), sample),
    }


def _raw(url: str, row: str) -> Append:
    """Lock and update the head, insert one row, commit: the log's protocol in plain psycopg."""
    connection = psycopg.connect(url, autocommit=True)

    def append() -> None:
        with connection.transaction():
            head = connection.execute(
                "UPDATE raw_head SET position = position + 1 RETURNING position"
            ).fetchone()
            assert head is not None
            connection.execute("INSERT INTO raw_event VALUES (%s, %s)", (head[0], row))

    return append


def _row_like(claim: Claim) -> str:
    """A text as long as all columns of a claim in the log, words and salt included."""
    kind, schema, body, words = events.encode(events.ClaimAsserted(claim=claim))
    at = datetime.now(UTC).isoformat()
    columns = [1, str(uuid4()), 1, kind, schema, at, BY, "x" * 32, "x" * 32, "x" * 16]
    return json.dumps(columns) + codec.canonical(body) + codec.canonical(words)


def library(url: str, *, make_tables: bool, many: bool = False) -> Application[Any]:
    """The `eventsourcing` library with PostgreSQL, set up as in its manual, with its defaults: one
    transaction per save, with a lock of the table, so that its log has no gaps.

    With `many` aggregates per save it uses its database functions: this is faster, and otherwise it
    hangs with more than about 250 of them, in a psycopg pipeline.
    """
    parts = urlsplit(url)
    return Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": parts.path.lstrip("/"),
            "POSTGRES_HOST": unquote(parts.hostname or ""),
            "POSTGRES_PORT": str(parts.port or 5432),
            "POSTGRES_USER": unquote(parts.username or ""),
            "POSTGRES_PASSWORD": unquote(parts.password or ""),
            "CREATE_TABLE": str(make_tables),
            "POSTGRES_ENABLE_DB_FUNCTIONS": str(many),
        }
    )


def _library(application: Application[Any], claim: Claim) -> Append:
    _, _, body, words = events.encode(events.ClaimAsserted(claim=claim))
    return lambda: application.save(Asserted(body=body, words=words))

"""What writes claims: the operation itself, one bare ordered insert, and another event store."""

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

from benchmarks import cast
from benchmarks.cast import BY, Cast
from tracker.domain import codec, events
from tracker.domain.claims import Claim
from tracker.log import appended
from tracker.operations import claims
from workers import wakeups

type Append = Callable[[], object]


class Asserted(Aggregate):
    """An aggregate whose one event carries a claim's body and words."""

    def __init__(self, *, body: dict[str, Any], words: dict[str, Any]) -> None:
        self.body = body
        self.words = words


def make_tables(url: str) -> None:
    """Make the tables of the two others, with no more in the first than order needs."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE raw_head (position bigint NOT NULL)")
        connection.execute("INSERT INTO raw_head VALUES (0)")
        connection.execute("CREATE TABLE raw_event (position bigint PRIMARY KEY, row text)")
    library(url, make_tables=True).close()


def writers(url: str, on_record: Cast, number: int) -> dict[str, Append]:
    """What each contestant does for one claim."""
    draw = random.Random(number)
    sample = cast.claim(on_record, draw=draw)

    appended.disconnect(dispatch_uid="workers")

    def append() -> None:
        claims.assert_claim(cast.claim(on_record, draw=draw), at=datetime.now(UTC), by=BY)

    def append_and_wake() -> None:
        append()
        wakeups.follow_log.send_soon()

    return {
        "ours": append,
        "with_wakeups": append_and_wake,
        "raw_ordered": _raw(url, _row_like(sample)),
        "eventsourcing": _saved(library(url, make_tables=False), sample),
    }


def _raw(url: str, row: str) -> Append:
    """Lock and move the head, insert one row, commit: the log's protocol in plain psycopg."""
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
    """Text as long as all the columns that the log keeps of a claim, words and salt included."""
    kind, schema, body, words = events.encode(events.ClaimAsserted(claim=claim))
    at = datetime.now(UTC).isoformat()
    columns = [1, str(uuid4()), 1, kind, schema, at, BY, "x" * 32, "x" * 32, "x" * 16]
    return json.dumps(columns) + codec.canonical(body) + codec.canonical(words)


def library(url: str, *, make_tables: bool, many: bool = False) -> Application[Any]:
    """The `eventsourcing` library with PostgreSQL as its manual sets it up, all else left as it
    is: one transaction a save, in which the table is locked, so that the notification log has no
    gaps that a reader could miss.

    For saving `many` aggregates at once it uses its own database functions: it is faster so, and
    otherwise hangs with more than some 250 of them, in a pipeline of psycopg's.
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


def _saved(application: Application[Any], claim: Claim) -> Append:
    _, _, body, words = events.encode(events.ClaimAsserted(claim=claim))
    return lambda: application.save(Asserted(body=body, words=words))

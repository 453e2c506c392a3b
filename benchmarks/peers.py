"""Peers that write the same events: a bare ordered insert, a bare binary COPY, and another event
store, the `eventsourcing` library."""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import ApplicationSubscription, Projection
from psycopg.sql import SQL, Identifier

from benchmarks.records import BY
from tracker import log
from tracker.domain import codec, events
from tracker.domain.claims import Claim
from tracker.log import Recorded

# The events that the bulk peers write; aggregates that the library saves in one transaction, and
# notifications that it reads at once.
SAMPLE = 100_000
BATCH = 1_000
_TYPES = {
    "position": "int8",
    "stream": "uuid",
    "version": "int4",
    "kind": "text",
    "schema": "int2",
    "recorded_at": "timestamptz",
    "recorded_by": "text",
    "body": "text",
    "text_sha256": "bytea",
    "leaf_hash": "bytea",
}
_TABLE = ", ".join(f"{name} {kind}" for name, kind in _TYPES.items())

type Append = Callable[[], object]
type Library = Application[Any]


class Asserted(Aggregate):
    """An aggregate whose event contains a claim's body and words."""

    def __init__(self, *, body: dict[str, Any], words: dict[str, Any]) -> None:
        self.body = body
        self.words = words


class EventRows(PostgresTrackingRecorder):
    """The library's view: a table with a row for each event, and the position that it reaches."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sql_create_statements.append(
            SQL("CREATE TABLE {} (position int8 PRIMARY KEY, stream uuid, at text)").format(
                Identifier("projected_event")
            )
        )

    def add(self, event: Aggregate.Event, tracking: Tracking) -> None:
        """Write the row of an event and the position in one transaction."""
        row = (tracking.notification_id, event.originator_id, str(event.timestamp))
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute("INSERT INTO projected_event VALUES (%s, %s, %s)", row, prepare=True)
            self._insert_tracking(cursor, tracking)


class EventProjection(Projection[EventRows]):
    """Writes a row for each event."""

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.add(domain_event, tracking)


def make_tables(url: str) -> None:
    """Create the tables of the library and of the bare insert; the latter are minimal."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE raw_head (position bigint NOT NULL)")
        connection.execute("INSERT INTO raw_head VALUES (0)")
        connection.execute("CREATE TABLE raw_event (position bigint PRIMARY KEY, row text)")
    _library(url, make_tables=True).close()


def insert_by(url: str, claim: Claim) -> Append:
    """Lock and update the head, insert one row, commit: the log's protocol in plain psycopg."""
    connection, row = psycopg.connect(url, autocommit=True), _row_like(claim)

    def append() -> None:
        with connection.transaction():
            head = connection.execute(
                "UPDATE raw_head SET position = position + 1 RETURNING position"
            ).fetchone()
            assert head is not None
            connection.execute("INSERT INTO raw_event VALUES (%s, %s)", (head[0], row))

    return append


def save_by(url: str, claim: Claim) -> Append:
    """Let the library save an aggregate with the body and the words of a claim."""
    library = _library(url, make_tables=False)
    _, _, body, words = events.encode(events.ClaimAsserted(claim=claim))
    return lambda: library.save(Asserted(body=body, words=words))


def sample() -> list[Recorded]:
    """The first events of the log, as they are stored."""
    found: list[Recorded] = []
    while page := log.read(after=len(found), limit=min(BATCH, SAMPLE - len(found))):
        found += page
        if len(found) >= SAMPLE:
            break
    return found


def copy_all(connection: psycopg.Connection, stored: Sequence[Recorded]) -> None:
    """Write the rows of the event table by one binary COPY into a logged table with only a primary
    key."""
    connection.execute("DROP TABLE IF EXISTS bare_event")
    connection.execute(f"CREATE TABLE bare_event ({_TABLE}, PRIMARY KEY (position))")
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY bare_event FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(list(_TYPES.values()))
        for event in stored:
            copy.write_row(event[: len(_TYPES)])


def contents(stored: Sequence[Recorded]) -> list[Any]:
    """The body and the words of each event."""
    return [(event.content, event.content_words or {}) for event in stored]


def save_all(library: Library, bodies_and_words: Sequence[Any]) -> None:
    """Let the library save an aggregate for each event, a thousand per transaction."""
    for some in itertools.batched(bodies_and_words, BATCH):
        library.save(*(Asserted(body=body, words=words) for body, words in some))


def replay(library: Library, number: int) -> None:
    """Let the library read and decode events in order."""
    read = 0
    while read < number:
        page = library.recorder.select_notifications(read + 1, BATCH)
        for event in page:
            library.mapper.to_domain_event(event)
        read += len(page)


def project(library: Library, number: int) -> None:
    """Let the library project events in order, as its runner does: an event per transaction."""
    view = cast("EventRows", library.factory.tracking_recorder(EventRows))
    projection = EventProjection(view)
    with ApplicationSubscription(library) as subscription:
        for event, tracking in subscription:
            projection.process_event(event, tracking)
            if tracking.notification_id == number:
                break


@contextmanager
def bulk_library(url: str) -> Iterator[Library]:
    """The library, with its tables, for many aggregates per save."""
    library = _library(url, make_tables=True, many=True)
    try:
        yield library
    finally:
        library.close()


def _row_like(claim: Claim) -> str:
    """A text as long as all columns of a claim in the log, words and salt included."""
    kind, schema, body, words = events.encode(events.ClaimAsserted(claim=claim))
    at = datetime.now(UTC).isoformat()
    columns = [1, str(uuid4()), 1, kind, schema, at, BY, "x" * 32, "x" * 32, "x" * 16]
    return json.dumps(columns) + codec.canonical(body) + codec.canonical(words)


def _library(url: str, *, make_tables: bool, many: bool = False) -> Library:
    """The library with PostgreSQL, set up as in its manual, with its defaults: one transaction per
    save, with a lock of the table, so that its log has no gaps.

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

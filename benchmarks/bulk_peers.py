"""Peers that write the same events: a bare binary COPY, and another event store."""

import itertools
import json
import time
from collections.abc import Sequence
from typing import Any

import psycopg
from eventsourcing.application import Application

from benchmarks.peers import Asserted, library
from tracker import log
from tracker.log import Stored

# Aggregates that the library saves in one transaction, and notifications that it reads at once.
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


def sample(most: int) -> list[Stored]:
    """The first events of the log, as they are stored."""
    found: list[Stored] = []
    while len(found) < most:
        page = log.stored(after=len(found), limit=min(BATCH, most - len(found)))
        if not page:
            break
        found += page
    return found


def copy_seconds(url: str, events: Sequence[Stored]) -> float:
    """Write the rows of the event table by one binary COPY into a logged table with only a primary
    key."""
    width = len(_TYPES)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bare_event")
        connection.execute(f"CREATE TABLE bare_event ({_TABLE}, PRIMARY KEY (position))")
        start = time.monotonic()
        with (
            connection.cursor() as cursor,
            cursor.copy("COPY bare_event FROM STDIN (FORMAT BINARY)") as copy,
        ):
            copy.set_types(list(_TYPES.values()))
            for one in events:
                copy.write_row(one[:width])
        seconds = time.monotonic() - start
        connection.execute("DROP TABLE bare_event")
    return seconds


def save_seconds(store: Application[Any], events: Sequence[Stored]) -> float:
    """Let the library save an aggregate with the body and the words of each event, a thousand per
    transaction."""
    contents = [(json.loads(one.body), json.loads(one.text) if one.text else {}) for one in events]
    start = time.monotonic()
    for some in itertools.batched(contents, BATCH):
        store.save(*(Asserted(body=body, words=words) for body, words in some))
    return time.monotonic() - start


def replay_seconds(store: Application[Any], number: int) -> float:
    """Let the library read and decode events in order."""
    start, read = time.monotonic(), 0
    while read < number:
        page = store.recorder.select_notifications(read + 1, BATCH)
        for one in page:
            store.mapper.to_domain_event(one)
        read += len(page)
    return time.monotonic() - start


def store(url: str) -> Application[Any]:
    """The library, with its tables."""
    return library(url, make_tables=True, many=True)

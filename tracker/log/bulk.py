"""Appending many events at once: the same rows as one by one, by COPY, in one transaction.

All that can be done before is done before the head is locked; while it is, others wait.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from tracker.log.appending import announce
from tracker.log.copying import Rows, copy, perform
from tracker.log.leaves import Unplaced, ends, leaf, micros, opening
from tracker.log.messages import Statement, send
from tracker.log.records import Draft, Head, Pending, Sealed, Written
from tracker.log.versions import conflicts_named, numbered

_EVENT = {
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
_WORDS = {"position": "int8", "salt": "bytea", "text": "text"}
_ADVANCE = "SELECT log_id, position, last_recorded_at FROM log_advance(%s, %s)"
_TICK = timedelta(microseconds=1)


class Span(NamedTuple):
    """What a bulk append came to: its first and last position, and for how many seconds the
    head was held."""

    first: int
    last: int
    held: float = 0.0


# An event with all that can be known before its place: the hash of its words, the ends of its leaf.
type _Bound = tuple[Sealed, bytes | None, tuple[str, str]]


def append_bulk(
    drafts: Sequence[Draft],
    *,
    at: datetime,
    by: str,
    project: Callable[[Sequence[Sealed]], Sequence[Statement | Rows]],
    beside: Callable[[Span], Sequence[Statement]],
) -> Span:
    """Add events, at least one, in one transaction, and say where they stand.

    `project` gives what must stand at once, and is asked before the head is locked; `beside` gives
    what goes with the positions.

    :raises VersionConflict: where a stream is not at the version that its draft expects.
    :raises LogBusy: when another writer keeps a lock for two seconds.
    """
    with conflicts_named(drafts):
        with transaction.atomic():
            sealed = [_sealed(one) for one in numbered(drafts)]
            perform(project(sealed))
            bound = [_bound(one, by) for one in sealed]
            head = _advance(len(bound), at)
            began = time.perf_counter()
            span = _write(bound, head, by=by)
            send(*beside(span))
            transaction.on_commit(announce)
        return span._replace(held=time.perf_counter() - began)


def _sealed(one: Pending) -> Sealed:
    written = one.written or Written.of(one.event)
    salt = secrets.token_bytes(16) if written.words else b""
    return Sealed(one.stream, one.version, one.event, written, salt)


def _bound(one: Sealed, by: str) -> _Bound:
    stream, version, _, (kind, schema, body, words, _), salt = one
    hashed = hashlib.sha256(salt + words.encode()).digest() if words else None
    return one, hashed, ends(Unplaced(stream, version, kind, schema, by, body, hashed))


def _advance(number: int, at: datetime) -> Head:
    """Move the head on and lock it until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_ADVANCE, [number, at])
        return Head(*cursor.fetchone())


def _write(bound: Sequence[_Bound], head: Head, *, by: str) -> Span:
    """Write the events that end at the head."""
    first = head.position - len(bound) + 1
    copy(Rows("event", _EVENT, _events(bound, head, first=first, by=by)))
    spoken = [
        (position, one.salt, one.written.words)
        for position, (one, words, _) in enumerate(bound, start=first)
        if words is not None
    ]
    if spoken:
        copy(Rows("event_text", _WORDS, spoken))
    return Span(first, head.position)


def _events(
    bound: Sequence[_Bound], head: Head, *, first: int, by: str
) -> Iterator[tuple[Any, ...]]:
    """The rows of the event table, each a tick later than the one before."""
    opens = opening(head.log_id)
    at = head.recorded_at - _TICK * (len(bound) - 1)
    since = micros(at)
    for place, (one, hashed, ends_) in enumerate(bound):
        stream, version, _, (kind, schema, body, _, _), _ = one
        hash_ = leaf(opens, first + place, since + place, ends_)
        moment = at + _TICK * place
        yield first + place, stream, version, kind, schema, moment, by, body, hashed, hash_

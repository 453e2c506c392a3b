"""Appending to the log, in one transaction, in the order of the head."""

import hashlib
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.dispatch import Signal

from tracker.domain import codec
from tracker.domain.events import encode
from tracker.log.integrity import Unplaced, ends, leaf, micros, opening
from tracker.log.messages import Statement, ask, send
from tracker.log.reading import Draft, Head, Pending, Recorded, Sealed, Written
from tracker.log.versions import conflicts_named, numbered

# Sent after each commit that appended. A hint: whoever misses it finds the events by position.
appended = Signal()


def append(
    drafts: Sequence[Draft],
    *,
    at: datetime,
    by: str,
    project: Callable[[Sequence[Pending]], Sequence[Statement]],
) -> list[Recorded]:
    """Add events in one transaction and return them with their positions.

    `project` gives what must stand at once. It is written before the head is locked, so that the
    writers wait for one another only during the insert. It may read, but writes nothing itself.

    :raises VersionConflict: where a stream is not at the version that its draft expects.
    :raises LogBusy: when another writer keeps a lock for two seconds.
    """
    if not drafts:
        return []
    alone = connection.get_autocommit()
    # With nothing to read first, one message is a transaction by itself.
    whole = alone and all(draft.expected == 0 for draft in drafts)
    with conflicts_named(drafts), nullcontext() if whole else transaction.atomic():
        pending = numbered(drafts)
        end = [Statement("COMMIT")] if alone and not whole else []
        recorded = _insert(pending, first=project(pending), last=end, at=at, by=by)
        transaction.on_commit(announce)
    return recorded


def hold_head() -> Head:
    """Lock the head until the end of the transaction, so that nobody appends meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT log_id, position, last_recorded_at FROM log_head FOR UPDATE")
        return Head(*cursor.fetchone())


def delete_text(position: int) -> None:
    """Delete the words of an event; the database allows it once `TextWithheld` names it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT log_delete_text(%s)", [position])


def announce() -> None:
    """Tell whoever listens that the log has grown."""
    appended.send_robust(sender=None)


def _insert(
    pending: Sequence[Pending],
    *,
    first: Sequence[Statement],
    last: Sequence[Statement],
    at: datetime,
    by: str,
) -> list[Recorded]:
    encoded = [encode(one.event) for one in pending]
    drafts = [_draft(one, *parts) for one, parts in zip(pending, encoded, strict=True)]
    insert = Statement("SELECT * FROM log_append(%s, %s, %s)", [codec.canonical(drafts), at, by])
    # In one message, the commit too if it may: while the head is locked, nobody waits for this
    # process to get its turn.
    places = ask(*first, insert, *last, of=len(first))
    return [
        _recorded(one, *parts, *place, by=by)
        for one, parts, place in zip(pending, encoded, places, strict=True)
    ]


def _draft(
    one: Pending, kind: str, schema: int, body: codec.Plain, words: codec.Plain
) -> dict[str, Any]:
    """An event as the database's `log_append` takes it. The salt keeps short words unguessable."""
    draft = {
        "stream": str(one.stream),
        "version": one.version,
        "kind": kind,
        "schema": schema,
        "body": codec.canonical(body),
    }
    if words:
        draft |= {"words": codec.canonical(words), "salt": secrets.token_bytes(16).hex()}
    return draft


def _recorded(one: Pending, *parts: Any, by: str) -> Recorded:
    kind, schema, body, words, position, recorded_at, leaf = parts
    return Recorded(
        position=position,
        stream=one.stream,
        version=one.version,
        kind=kind,
        schema=schema,
        recorded_at=recorded_at,
        recorded_by=by,
        body=body,
        words=words or None,
        withheld=False,
        leaf_hash=leaf,
    )


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

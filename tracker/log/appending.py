"""Appending to the log, in one transaction, in the order of the head."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import DatabaseError, connection, transaction
from django.dispatch import Signal

from tracker.domain import codec
from tracker.domain.events import encode
from tracker.log.messages import Statement, ask
from tracker.log.records import Draft, Head, Pending, Recorded

# Sent after each commit that appended. A hint: whoever misses it finds the events by position.
appended = Signal()

# Streams share this many locks, so that no transaction fills the server's table of locks.
_STREAM_LOCKS = 1024
_LOCK_SPACE = 20260


class VersionConflict(Exception):
    """Somebody wrote to the stream first. `actual` is its version now."""

    def __init__(self, stream: UUID, *, expected: int | None, actual: int) -> None:
        super().__init__(
            f"{stream} was changed meanwhile: expected version {expected}, found {actual};"
            " read it again"
        )
        self.stream = stream
        self.expected = expected
        self.actual = actual


class LogBusy(Exception):
    """A writer holds the log for longer than two seconds; try again."""


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
    try:
        with nullcontext() if whole else transaction.atomic():
            pending = _numbered(drafts)
            end = [Statement("COMMIT")] if alone and not whole else []
            recorded = _insert(pending, first=project(pending), last=end, at=at, by=by)
            transaction.on_commit(_announce)
    except DatabaseError as problem:
        named = _named(problem, drafts)
        if named is None:
            raise
        raise named from problem
    return recorded


def hold_head() -> Head:
    """Lock the head until the end of the transaction, so that nobody appends meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT log_id, position, last_recorded_at FROM log_head FOR UPDATE")
        return Head(*cursor.fetchone())


def delete_text(position: int) -> None:
    """Delete the words of an event; the database allows it once `TextWithheld` names it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM event_text WHERE position = %s", [position])


def _announce() -> None:
    appended.send_robust(sender=None)


def _numbered(drafts: Sequence[Draft]) -> list[Pending]:
    """Give each draft the next version of its stream, and refuse those that expect another.

    A stream that is expected to be new is not looked up: a unique key refuses it if it is not.
    """
    versions = _held_versions({draft.stream for draft in drafts if draft.expected != 0})
    pending = []
    for draft in drafts:
        actual = versions.get(draft.stream, 0)
        if draft.expected not in (None, actual):
            raise VersionConflict(draft.stream, expected=draft.expected, actual=actual)
        versions[draft.stream] = actual + 1
        pending.append(Pending(stream=draft.stream, version=actual + 1, event=draft.event))
    return pending


def _held_versions(streams: set[UUID]) -> dict[UUID, int]:
    """Give the streams' versions, and keep other writers off them until the transaction ends."""
    if not streams:
        return {}
    locks = sorted({stream.int % _STREAM_LOCKS for stream in streams})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, lock) FROM unnest(%s::int[]) AS lock",
            [_LOCK_SPACE, locks],
        )
    return _versions(streams)


def _versions(streams: Iterable[UUID]) -> dict[UUID, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stream, max(version) FROM event WHERE stream = ANY(%s) GROUP BY stream",
            [list(streams)],
        )
        return dict(cursor.fetchall())


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
        draft |= {"words": codec.canonical(words), "salt": secrets.token_hex(16)}
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


def _named(problem: DatabaseError, drafts: Sequence[Draft]) -> Exception | None:
    """Give a database error the name of what went wrong, where it is one of ours."""
    match problem.__cause__:
        case psycopg.errors.LockNotAvailable() | psycopg.errors.DeadlockDetected():
            return LogBusy("another writer holds the log: try again in a moment")
        case psycopg.errors.UniqueViolation():
            return _conflict(drafts)
    return None


def _conflict(drafts: Sequence[Draft]) -> VersionConflict | None:
    """The first draft that took its stream for new where it is not."""
    versions = _versions(draft.stream for draft in drafts)
    return next(
        (
            VersionConflict(draft.stream, expected=0, actual=versions[draft.stream])
            for draft in drafts
            if draft.expected == 0 and draft.stream in versions
        ),
        None,
    )

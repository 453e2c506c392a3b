"""The versions of streams: numbered for what is appended, and what it is called when they clash."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import psycopg
from django.db import DatabaseError, connection

from tracker.domain.problems import Conflict, Unavailable
from tracker.log.reading import Draft, Pending

# Streams share this many locks, so that no transaction fills the server's table of locks.
STREAM_LOCKS = 1024
LOCK_SPACE = 20260


class VersionConflict(Conflict):
    """Somebody wrote to the stream first. `actual` is its version now."""

    kind = "version-conflict"

    def __init__(self, stream: UUID, *, expected: int | None, actual: int) -> None:
        super().__init__(
            f"{stream} was changed meanwhile: expected version {expected}, found {actual};"
            " read it again"
        )
        self.stream = stream
        self.expected = expected
        self.actual = actual


class LogBusy(Unavailable):
    """A writer holds the log for longer than two seconds; try again."""


def numbered(drafts: Sequence[Draft]) -> list[Pending]:
    """Give each draft the next version of its stream, and refuse those that expect another.

    A stream that is expected to be new is not looked up: a unique key refuses it if it is not.

    :raises VersionConflict:
    """
    firsts: dict[UUID, int | None] = {}
    for draft in drafts:
        firsts.setdefault(draft.stream, draft.expected)
    versions = _held({stream for stream, expected in firsts.items() if expected != 0})
    pending = []
    for stream, event, expected, written in drafts:
        actual = versions.get(stream, 0)
        if expected is not None and expected != actual:
            raise VersionConflict(stream, expected=expected, actual=actual)
        versions[stream] = actual + 1
        pending.append(Pending(stream, actual + 1, event, written))
    return pending


@contextmanager
def conflicts_named(drafts: Sequence[Draft]) -> Iterator[None]:
    """Give a database error the name of what went wrong, where it is one of ours.

    :raises VersionConflict: where a draft took its stream for new and it is not.
    :raises LogBusy: when another writer keeps a lock for two seconds.
    """
    try:
        yield
    except DatabaseError as problem:
        named = _named(problem, drafts)
        if named is None:
            raise
        raise named from problem


def _held(streams: set[UUID]) -> dict[UUID, int]:
    """Give the streams' versions, and keep other writers off them until the transaction ends."""
    if not streams:
        return {}
    locks = sorted({stream.int % STREAM_LOCKS for stream in streams})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, lock) FROM unnest(%s::int[]) AS lock",
            [LOCK_SPACE, locks],
        )
    return _versions(streams)


def _versions(streams: Iterable[UUID]) -> dict[UUID, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stream, max(version) FROM event WHERE stream = ANY(%s) GROUP BY stream",
            [list(streams)],
        )
        return dict(cursor.fetchall())


def _named(problem: DatabaseError, drafts: Sequence[Draft]) -> Exception | None:
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

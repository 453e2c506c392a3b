"""The versions of streams: assigned to new events, with errors for conflicts."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import psycopg
from django.db import DatabaseError, connection

from tracker.domain.problems import Conflict, Unavailable
from tracker.log.drafts import Draft, NewStream, Pending, Written
from tracker.log.standby import ReadOnly

# Streams share so many locks, so that a transaction cannot fill the server's lock table.
STREAM_LOCKS = 1024
LOCK_SPACE = 20260


class VersionConflict(Conflict):
    """The stream was changed meanwhile. `actual` is its version now."""

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
    """A writer has held the log for two seconds; try again."""


class ClockAhead(LogBusy):
    """The clock of this host is more than two seconds ahead of the database's: what it records now
    would be dated in the future. Another host may record it."""

    wait = 30


def assign_versions(drafts: Sequence[Draft]) -> list[Pending]:
    """Assign each draft the next version of its stream.

    A stream that is expected to be new is not looked up: a unique key refuses it otherwise.

    :raises VersionConflict: if a draft expects another version.
    """
    return [one for one in assign_with_new(drafts) if isinstance(one, Pending)]


def assign_with_new(drafts: Sequence[Draft | NewStream]) -> list[Pending | NewStream]:
    """Do what `assign_versions` does, among new streams that are encoded already."""
    firsts: dict[UUID, int | None] = {}
    for draft in drafts:
        firsts.setdefault(draft.stream, 0 if isinstance(draft, NewStream) else draft.expected)
    versions = _lock_streams({stream for stream, expected in firsts.items() if expected != 0})
    pending: list[Pending | NewStream] = []
    for draft in drafts:
        if isinstance(draft, NewStream):
            versions[draft.stream] = 1
            pending.append(draft)
            continue
        stream, event, expected, written = draft
        actual = versions.get(stream, 0)
        if expected is not None and expected != actual:
            raise VersionConflict(stream, expected=expected, actual=actual)
        versions[stream] = actual + 1
        pending.append(Pending(stream, actual + 1, event, written or Written.of(event)))
    return pending


@contextmanager
def translate_errors(drafts: Sequence[Draft | NewStream]) -> Iterator[None]:
    """Translate database errors.

    :raises VersionConflict: if the stream of a draft was expected to be new and exists.
    :raises LogBusy: if another writer holds a lock for two seconds.
    :raises ClockAhead: if the clock of this host is ahead of the database's.
    :raises ReadOnly: if the database is a standby.
    """
    try:
        yield
    except DatabaseError as problem:
        translated = _translated(problem, drafts)
        if translated is None:
            raise
        raise translated from problem


def _lock_streams(streams: set[UUID]) -> dict[UUID, int]:
    """Lock the streams until the end of the transaction and return their versions."""
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
            "SELECT stream, max(version) FROM (SELECT stream, version FROM event"
            " UNION ALL SELECT stream, version FROM event_place) recorded"
            " WHERE stream = ANY(%s) GROUP BY stream",
            [list(streams)],
        )
        return dict(cursor.fetchall())


def _translated(problem: DatabaseError, drafts: Sequence[Draft | NewStream]) -> Exception | None:
    match problem.__cause__:
        case psycopg.Error(sqlstate="EN001", diag=said):
            ahead = timedelta(seconds=int(said.message_detail or 0))
            return ClockAhead(
                f"the clock of this host is {ahead} ahead of the database's: nothing was recorded;"
                " try again when it is set right"
            )
        case psycopg.errors.LockNotAvailable() | psycopg.errors.DeadlockDetected():
            return LogBusy("another writer holds the log: try again in a moment")
        case psycopg.errors.UniqueViolation():
            return _conflict(drafts)
        case psycopg.errors.ReadOnlySqlTransaction():
            return ReadOnly()
    return None


def _conflict(drafts: Sequence[Draft | NewStream]) -> VersionConflict | None:
    """The conflict of the first draft whose stream was expected to be new and exists."""
    versions = _versions(draft.stream for draft in drafts)
    return next(
        (
            VersionConflict(draft.stream, expected=0, actual=versions[draft.stream])
            for draft in drafts
            if _is_new(draft) and draft.stream in versions
        ),
        None,
    )


def _is_new(draft: Draft | NewStream) -> bool:
    return isinstance(draft, NewStream) or draft.expected == 0

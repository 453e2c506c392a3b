"""The log of events: the only door to the table that is the truth.

Positions have no holes and commit in order, since the head row is locked last and until commit;
so a reader that remembers a position never misses an event.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.db import DatabaseError, connection, transaction
from django.dispatch import Signal

from tracker.domain import codec
from tracker.domain.events import Event, decode, encode
from tracker.domain.folding import Entry
from tracker.models import events as _tables  # noqa: F401 # the one importer: see pyproject.toml

# Sent after each commit that appended. A hint: whoever misses it finds the events by position.
appended = Signal()

_TICK = timedelta(microseconds=1)


class VersionConflict(Exception):
    """Somebody wrote to the stream first. `actual` is its version now."""

    def __init__(self, stream: UUID, *, expected: int | None, actual: int | None) -> None:
        super().__init__(
            f"{stream} was changed meanwhile: expected version {expected}, "
            f"found {'a later one' if actual is None else actual}; read it again"
        )
        self.stream = stream
        self.expected = expected
        self.actual = actual


class LogBusy(Exception):
    """A writer holds the log for longer than two seconds; try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event to append. `expected` is the stream's version before it; 0 means a new stream,
    None whatever it is."""

    stream: UUID
    event: Event
    expected: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An event about to be appended: all but its position is known."""

    stream: UUID
    version: int
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event of the log. `withheld`: its text was deleted since."""

    position: int
    stream: UUID
    version: int
    kind: str
    schema: int
    recorded_at: datetime
    recorded_by: str
    body: dict[str, Any]
    words: dict[str, Any] | None
    withheld: bool
    leaf_hash: bytes

    def decoded(self) -> Event:
        return decode(self.kind, self.schema, self.body, self.words)

    def entry(self) -> Entry:
        return Entry(stream=self.stream, position=self.position, event=self.decoded())


class Head(NamedTuple):
    """The log's id, its last position, and when that was recorded."""

    log_id: UUID
    position: int
    recorded_at: datetime


class _Row(NamedTuple):
    position: int
    stream: UUID
    version: int
    kind: str
    schema: int
    recorded_at: datetime
    recorded_by: str
    body: str
    text_sha256: bytes | None
    leaf_hash: bytes


def append(
    drafts: Sequence[Draft],
    *,
    at: datetime,
    by: str,
    project: Callable[[Sequence[Pending]], None],
) -> list[Recorded]:
    """Add events in one transaction and return them with their positions.

    `project` writes what must stand at once; it runs before the head is locked, so that the
    writers wait for one another only during the insert.

    :raises VersionConflict: where a stream is not at the version that its draft expects.
    :raises LogBusy: when another writer keeps a lock for two seconds.
    """
    if not drafts:
        return []
    try:
        with transaction.atomic():
            pending = _numbered(drafts)
            project(pending)
            recorded = _insert(pending, at=at, by=by)
            transaction.on_commit(lambda: appended.send_robust(sender=None), robust=True)
    except DatabaseError as problem:
        raise _named(problem, drafts) from problem
    return recorded


def read(*, after: int, limit: int, words: bool = True) -> list[Recorded]:
    """Give up to `limit` events that follow position `after`, in order."""
    return _select("e.position > %s ORDER BY e.position LIMIT %s", [after, limit], words=words)


def history(
    streams: Iterable[UUID], *, until: int | None = None, words: bool = True
) -> list[Recorded]:
    """Give all events of the streams up to position `until`, in the order of the log."""
    condition, parameters = "e.stream = ANY(%s)", [list(streams)]
    if until is not None:
        condition += " AND e.position <= %s"
        parameters.append(until)  # type: ignore[arg-type]
    return _select(f"{condition} ORDER BY e.position", parameters, words=words)


def at(position: int) -> Recorded | None:
    """Give the event at a position, if there is one."""
    return next(iter(_select("e.position = %s", [position])), None)


def head() -> Head:
    """Give the end of the log as committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT log_id, position, last_recorded_at FROM log_head")
        return Head(*cursor.fetchone())


def wordless(one: Recorded) -> Recorded:
    """Give an event as it reads once its words are withheld."""
    return replace(one, words=None, withheld=True)


def position_at(moment: datetime) -> int:
    """Give the last position recorded at or before a moment; 0 before the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(position), 0) FROM event WHERE recorded_at <= %s", [moment]
        )
        return int(cursor.fetchone()[0])


def hold_head() -> Head:
    """Lock the head until the end of the transaction, so that nobody appends meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT log_id, position, last_recorded_at FROM log_head FOR UPDATE")
        return Head(*cursor.fetchone())


def damage(*, after: int, limit: int) -> tuple[int, list[str]]:
    """Recompute the hashes of up to `limit` events; give the last position and what is wrong.

    Words that are withheld cannot be checked: their hash is bound by the leaf.
    """
    log_id = head().log_id
    columns = ", ".join(f"e.{name}" for name in _Row._fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, t.salt, t.text FROM event e LEFT JOIN event_text t"  # noqa: S608
            " USING (position) WHERE e.position > %s ORDER BY e.position LIMIT %s",
            [after, limit],
        )
        rows = cursor.fetchall()
    found = []
    for expected, (*columns_of, salt, text) in enumerate(rows, start=after + 1):
        row = _Row(*columns_of)
        if row.position != expected:
            found.append(f"position {expected} is missing")
            break
        if leaf_hash(log_id, row) != bytes(row.leaf_hash):
            found.append(f"event {row.position} is not what was recorded")
        if text is not None and text_sha256(bytes(salt), text) != bytes(row.text_sha256 or b""):
            found.append(f"the words of event {row.position} are not those recorded")
    return (rows[-1][0] if rows else after), found


def delete_text(position: int) -> None:
    """Delete the words of an event; the database allows it once `TextWithheld` names it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM event_text WHERE position = %s", [position])


def _numbered(drafts: Sequence[Draft]) -> list[Pending]:
    """Give each draft the next version of its stream, and refuse those that expect another."""
    versions = dict.fromkeys((draft.stream for draft in drafts), 0)
    if existing := [draft.stream for draft in drafts if draft.expected != 0]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT stream, max(version) FROM event WHERE stream = ANY(%s) GROUP BY stream",
                [existing],
            )
            versions.update(cursor.fetchall())
    pending = []
    for draft in drafts:
        actual = versions[draft.stream]
        if draft.expected not in (None, actual):
            raise VersionConflict(draft.stream, expected=draft.expected, actual=actual)
        versions[draft.stream] = actual + 1
        pending.append(Pending(stream=draft.stream, version=actual + 1, event=draft.event))
    return pending


def _insert(pending: Sequence[Pending], *, at: datetime, by: str) -> list[Recorded]:
    encoded = [encode(one.event) for one in pending]
    texts = [codec.canonical(words) if words else None for _, _, _, words in encoded]
    salts = [secrets.token_bytes(16) for _ in pending]
    log_id, last, first_at = _advance(len(pending), at=at)
    rows = []
    for index, (one, (kind, schema, body, _)) in enumerate(zip(pending, encoded, strict=True)):
        text = texts[index]
        row = _Row(
            position=last - len(pending) + 1 + index,
            stream=one.stream,
            version=one.version,
            kind=kind,
            schema=schema,
            recorded_at=first_at + index * _TICK,
            recorded_by=by,
            body=codec.canonical(body),
            text_sha256=None if text is None else text_sha256(salts[index], text),
            leaf_hash=b"",
        )
        rows.append(row._replace(leaf_hash=leaf_hash(log_id, row)))
    _write(rows, texts, salts)
    return [
        _recorded(row, body, words or None)
        for row, (_, _, body, words) in zip(rows, encoded, strict=True)
    ]


def _advance(count: int, *, at: datetime) -> tuple[UUID, int, datetime]:
    """Lock the head and move it: give the log's id, the new last position, the first time.

    A clock that was set back does not disorder the log: time moves on by a microsecond.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE log_head SET position = position + %(count)s, last_recorded_at ="
            " GREATEST(%(at)s, last_recorded_at + interval '1 microsecond')"
            " + (%(count)s - 1) * interval '1 microsecond'"
            " RETURNING log_id, position, last_recorded_at",
            {"count": count, "at": at},
        )
        log_id, position, last_at = cursor.fetchone()
    return log_id, position, last_at - (count - 1) * _TICK


def _write(rows: Sequence[_Row], texts: Sequence[str | None], salts: Sequence[bytes]) -> None:
    """Insert events and their words in one statement, to hold the head for one round trip."""
    words = [
        (row.position, salt, text)
        for row, salt, text in zip(rows, salts, texts, strict=True)
        if text is not None
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    word_columns = [list(column) for column in zip(*words, strict=True)] or [[], [], []]
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH words AS (INSERT INTO event_text (position, salt, text)"
            " SELECT * FROM unnest(%s::bigint[], %s::bytea[], %s::text[]))"
            " INSERT INTO event (position, stream, version, kind, schema, recorded_at,"
            " recorded_by, body, text_sha256, leaf_hash)"
            " SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::int[], %s::text[],"
            " %s::smallint[], %s::timestamptz[], %s::text[], %s::text[], %s::bytea[],"
            " %s::bytea[])",
            [*word_columns, *columns],
        )


def text_sha256(salt: bytes, text: str) -> bytes:
    """The hash by which an event binds its words; the salt keeps short words unguessable."""
    return hashlib.sha256(salt + text.encode()).digest()


def leaf_hash(log_id: UUID, row: _Row) -> bytes:
    """The RFC 6962 leaf of an event: SHA-256 over 0x00 and its columns as canonical JSON."""
    since = row.recorded_at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    leaf = [
        str(log_id),
        row.position,
        str(row.stream),
        row.version,
        row.kind,
        row.schema,
        since // _TICK,
        row.recorded_by,
        hashlib.sha256(row.body.encode()).hexdigest(),
        "" if row.text_sha256 is None else bytes(row.text_sha256).hex(),
    ]
    return hashlib.sha256(b"\0" + codec.canonical(leaf).encode()).digest()


def _select(condition: str, parameters: Sequence[Any], *, words: bool = True) -> list[Recorded]:
    columns = ", ".join(f"e.{name}" for name in _Row._fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, {'t.text' if words else 'NULL'} FROM event e"  # noqa: S608
            f"{' LEFT JOIN event_text t USING (position)' if words else ''} WHERE {condition}",
            parameters,
        )
        return [
            _recorded(_Row(*row), json.loads(row[7]), json.loads(text) if text else None)
            for *row, text in cursor.fetchall()
        ]


def _recorded(row: _Row, body: dict[str, Any], words: dict[str, Any] | None) -> Recorded:
    return Recorded(
        position=row.position,
        stream=row.stream,
        version=row.version,
        kind=row.kind,
        schema=row.schema,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        body=body,
        words=words,
        withheld=row.text_sha256 is not None and words is None,
        leaf_hash=bytes(row.leaf_hash),
    )


def _named(problem: DatabaseError, drafts: Sequence[Draft]) -> Exception:
    """Give a database error the name of what went wrong, where it is one of ours."""
    cause = problem.__cause__
    if isinstance(cause, psycopg.errors.LockNotAvailable):
        return LogBusy("another writer holds the log: try again in a moment")
    if isinstance(cause, psycopg.errors.UniqueViolation):
        return VersionConflict(drafts[0].stream, expected=drafts[0].expected, actual=None)
    return problem

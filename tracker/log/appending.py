"""Appends to the log, each in one transaction, in the order of the head."""

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.dispatch import Signal

from tracker.domain import codec
from tracker.log.integrity import LeafFields, leaf, leaf_parts, leaf_prefix, microseconds
from tracker.log.messages import Statement, ask, ask_prepared, flush, send
from tracker.log.reading import Draft, Head, Pending, Recorded, Sealed, Written
from tracker.log.versions import assign_versions, translate_errors

# Sent after each commit that appended. Receivers that miss it find the events by position.
appended = Signal()


def append(
    drafts: Sequence[Draft],
    *,
    at: datetime,
    by: str,
    project: Callable[[Sequence[Pending]], Sequence[Statement]],
) -> list[Recorded]:
    """Add events in one transaction and return them with their positions.

    `project` returns the statements for the tables that must be up to date at commit. They run
    before the head is locked, so that writers wait for one another only during the insert.
    `project` may read, but not write.

    :raises VersionConflict: if a stream is not at the version that its draft expects.
    :raises LogBusy: if another writer holds a lock for two seconds.
    """
    if not drafts:
        return []
    outermost = connection.get_autocommit()
    # If nothing is read first, the one message is a transaction.
    single_message = outermost and all(draft.expected == 0 for draft in drafts)
    with translate_errors(drafts):
        with nullcontext() if single_message else transaction.atomic():
            pending = [_write_out(event) for event in assign_versions(drafts)]
            insert = _Insert(pending, project(pending), at=at, by=by)
            rows = insert.at_once() if single_message else insert.in_transaction(commit=outermost)
            if not outermost:
                transaction.on_commit(announce)
        if outermost:
            if any(row.unflushed for row in rows):
                flush()
            announce()
    return [_recorded(event, row, by=by) for event, row in zip(pending, rows, strict=True)]


def hold_head() -> Head:
    """Lock the head until the end of the transaction: no other writer can append."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT log_id, position, last_recorded_at FROM log_head FOR UPDATE")
        return Head(*cursor.fetchone())


def delete_text(position: int) -> None:
    """Delete the words of an event. The database allows it after a `TextWithheld` for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT log_delete_text(%s)", [position])


def announce() -> None:
    """Send the signal `appended`."""
    appended.send_robust(sender=None)


class _Place(NamedTuple):
    """What the database returns for an event. `unflushed`: it is committed, but perhaps not on
    disk."""

    position: int
    recorded_at: datetime
    leaf_hash: bytes
    unflushed: bool


_APPEND = "SELECT *, false FROM log_append(%s, %s, %s)"
_IN_TURN = "SELECT * FROM log_append_in_turn(%s, %s, %s)"
# The parameters of the database's `log_append_new` before those of `log_append`.
_ARGUMENTS = {"required": "json", "claims": "json", "records": "json", "links": "json"}
_ARGUMENTS |= {"shown": "uuid[]"}
_APPEND_NEW = (
    "SELECT * FROM log_append_new("  # noqa: S608
    f"{', '.join(f'%s::{type_}' for type_ in _ARGUMENTS.values())}, %s::json, %s, %s)"
)


class _Insert:
    """The insert of events, after the statements for the tables that must be up to date."""

    def __init__(
        self, pending: Sequence[Pending], first: Sequence[Statement], *, at: datetime, by: str
    ) -> None:
        self._first = first
        self._parameters = [codec.canonical([_draft(event) for event in pending]), at, by]

    def at_once(self) -> list[_Place]:
        """Insert events of new streams in a transaction of one message."""
        given = {one.argument: one.parameters[0] for one in self._first if one.argument}
        if len(given) < len(self._first):
            return self._ask(_IN_TURN)
        arguments = [given.get(name) for name in _ARGUMENTS]
        statement = Statement(_APPEND_NEW, [*arguments, *self._parameters])
        return [_Place(*row) for row in ask_prepared(statement)]

    def in_transaction(self, *, commit: bool) -> list[_Place]:
        """Insert events in the transaction around this call, and end it if it is to `commit`."""
        if commit:
            return self._ask(_IN_TURN, Statement("COMMIT"))
        return self._ask(_APPEND)

    def _ask(self, sql: str, *last: Statement) -> list[_Place]:
        """Send one message, if possible with the commit: the head stays locked while this process
        waits."""
        insert = Statement(sql, self._parameters)
        return [_Place(*row) for row in ask(*self._first, insert, *last, of=len(self._first))]


def _write_out(event: Pending) -> Pending:
    return event if event.written else event._replace(written=Written.of(event.event))


def _draft(one: Pending) -> dict[str, Any]:
    """The argument of the database's `log_append`. The salt protects short words from guesses."""
    kind, schema, body, words, _ = _written(one)
    draft = {
        "stream": str(one.stream),
        "version": one.version,
        "kind": kind,
        "schema": schema,
        "body": body,
    }
    if words:
        draft |= {"words": words, "salt": secrets.token_bytes(16).hex()}
    return draft


def _recorded(one: Pending, place: _Place, *, by: str) -> Recorded:
    kind, schema, body, words, _ = _written(one)
    return Recorded(
        position=place.position,
        stream=one.stream,
        version=one.version,
        kind=kind,
        schema=schema,
        recorded_at=place.recorded_at,
        recorded_by=by,
        body=json.loads(body),
        words=json.loads(words) if words else None,
        withheld=False,
        leaf_hash=place.leaf_hash,
    )


def _written(one: Pending) -> Written:
    return one.written or Written.of(one.event)


class Rows(NamedTuple):
    """Rows of a table. `columns`: the type of each column, in the order of the values. A generator
    of rows is sent while it runs.

    A jsonb value is wrapped in `psycopg.types.json.Jsonb`.
    """

    table: str
    columns: Mapping[str, str]
    rows: Iterable[Sequence[Any]]


def copy_rows(rows: Rows) -> None:
    """Insert rows by COPY.

    :raises DatabaseError: as INSERT does.
    """
    names = ", ".join(rows.columns)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {rows.table} ({names}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(list(rows.columns.values()))
        for row in rows.rows:
            copy.write_row(row)


def execute_steps(steps: Sequence[Statement | Rows]) -> None:
    """Run the steps in order. Adjacent statements are sent as one message."""
    statements: list[Statement] = []
    for step in steps:
        if isinstance(step, Statement):
            statements.append(step)
            continue
        send(*statements)
        statements.clear()
        copy_rows(step)
    send(*statements)


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
_WITHOUT_FLUSH = Statement("SET LOCAL synchronous_commit = off")
_TICK = timedelta(microseconds=1)


class AppendedSpan(NamedTuple):
    """The result of a bulk append: first and last position, and the seconds for which the head was
    locked."""

    first: int
    last: int
    lock_seconds: float = 0.0


# An event with all that does not depend on its position: hash of its words, parts of its leaf.
type _Prepared = tuple[Sealed, bytes | None, tuple[str, str]]


def append_bulk(
    drafts: Sequence[Draft],
    *,
    at: datetime,
    by: str,
    project: Callable[[Sequence[Sealed]], Sequence[Statement | Rows]],
    with_positions: Callable[[AppendedSpan], Sequence[Statement]],
) -> AppendedSpan:
    """Add one or more events in one transaction and return their positions.

    `project` is called before the head is locked and returns the statements for the tables that
    must be up to date at commit; `with_positions` returns the statements that need the positions.

    :raises VersionConflict: if a stream is not at the version that its draft expects.
    :raises LogBusy: if another writer holds a lock for two seconds.
    """
    outermost = connection.get_autocommit()
    with translate_errors(drafts):
        with transaction.atomic():
            sealed = [_seal(event) for event in assign_versions(drafts)]
            execute_steps(project(sealed))
            prepared = [_prepare(event, by) for event in sealed]
            head = _advance(len(prepared), at)
            started = time.perf_counter()
            span = _write(prepared, head, by=by)
            # Other writers need not wait for the disk.
            send(*with_positions(span), *([_WITHOUT_FLUSH] if outermost else []))
            transaction.on_commit(announce)
        lock_seconds = time.perf_counter() - started
        if outermost:
            flush()
    return span._replace(lock_seconds=lock_seconds)


def _seal(one: Pending) -> Sealed:
    written = _written(one)
    salt = secrets.token_bytes(16) if written.words else b""
    return Sealed(one.stream, one.version, one.event, written, salt)


def _prepare(one: Sealed, by: str) -> _Prepared:
    stream, version, _, (kind, schema, body, words, _), salt = one
    text_sha256 = hashlib.sha256(salt + words.encode()).digest() if words else None
    fields = LeafFields(stream, version, kind, schema, by, body, text_sha256)
    return one, text_sha256, leaf_parts(fields)


def _advance(number: int, at: datetime) -> Head:
    """Advance the head and lock it until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_ADVANCE, [number, at])
        return Head(*cursor.fetchone())


def _write(events: Sequence[_Prepared], head: Head, *, by: str) -> AppendedSpan:
    """Write the events; the last is at the head."""
    first = head.position - len(events) + 1
    copy_rows(Rows("event", _EVENT, _events(events, head, first=first, by=by)))
    texts = [
        (position, event.salt, event.written.words)
        for position, (event, text_sha256, _) in enumerate(events, start=first)
        if text_sha256 is not None
    ]
    if texts:
        copy_rows(Rows("event_text", _WORDS, texts))
    return AppendedSpan(first, head.position)


def _events(
    events: Sequence[_Prepared], head: Head, *, first: int, by: str
) -> Iterator[tuple[Any, ...]]:
    """The rows of the event table, each a microsecond later than the one before."""
    prefix = leaf_prefix(head.log_id)
    start = head.recorded_at - _TICK * (len(events) - 1)
    start_micros = microseconds(start)
    for n, (event, text_sha256, parts) in enumerate(events):
        stream, version, _, (kind, schema, body, _, _), _ = event
        leaf_hash = leaf(prefix, first + n, start_micros + n, parts)
        at = start + _TICK * n
        yield first + n, stream, version, kind, schema, at, by, body, text_sha256, leaf_hash

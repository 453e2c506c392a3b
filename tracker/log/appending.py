"""Appends to the log, each in one transaction, in the order of the head."""

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.dispatch import Signal

from tracker.domain import codec
from tracker.log import binary
from tracker.log.integrity import LeafFields, leaf, leaf_parts, leaf_prefix, microseconds
from tracker.log.messages import Statement, ask, ask_prepared, flush, send
from tracker.log.reading import Draft, Head, NewStream, Pending, Recorded, Sealed, Written
from tracker.log.versions import assign_versions, assign_with_new, translate_errors

# Sent after each commit that appended. Receivers that miss it find the events by position.
appended = Signal()


class NewClaim(NamedTuple):
    """What is written with the first event of a claim.

    `types` and `values` are those of the columns of its row. `shown`: the public may see it.
    `required`: the ids of records that must be there, their nouns, and the days which documents
    must be dated, each as the text of an array.
    """

    types: tuple[str, ...]
    values: Sequence[Any]
    shown: bool
    required: tuple[str, str, str] = ("{}", "{}", "{}")


def append(
    drafts: Sequence[Draft],
    *,
    at: datetime,
    by: str,
    project: Callable[[Sequence[Pending]], Sequence[Statement]],
    new_claim: Callable[[Pending], NewClaim] | None = None,
) -> list[Recorded]:
    """Add events in one transaction and return them with their positions.

    `project` returns the statements for the tables that must be up to date at commit. They run
    before the head is locked, so that writers wait for one another only during the insert.
    `project` may read, but not write. `new_claim` returns the same as columns, if the one draft
    begins a claim; then it may be called instead, which is faster.

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
            if single_message and new_claim:
                rows = [_append_claim(pending[0], new_claim(pending[0]), at=at, by=by)]
            else:
                commit = outermost and not single_message
                insert = _Insert(pending, project(pending), at=at, by=by)
                rows = insert.send(in_turn=outermost, commit=commit)
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


# The bytes of a salt.
_SALT = 16
_APPEND = "SELECT *, false FROM log_append(%s, %s, %s)"
_IN_TURN = "SELECT * FROM log_append_in_turn(%s, %s, %s)"


@cache
def _append_claim_sql(types: tuple[str, ...]) -> str:
    """The call of the database's `log_append_claim`. `types`: those of the columns of its row."""
    row = ", ".join(f"%s::{type_}" for type_ in types)
    return (
        f"SELECT * FROM log_append_claim(%s::uuid[], %s::text[], %s::text[], {row},"  # noqa: S608
        " %s, %s, %s::smallint, %s, %s, %s, %s, %s)"
    )


class _Insert:
    """The insert of events, after the statements for the tables that must be up to date."""

    def __init__(
        self, pending: Sequence[Pending], first: Sequence[Statement], *, at: datetime, by: str
    ) -> None:
        self._first = first
        self._parameters = [codec.canonical([_draft(event) for event in pending]), at, by]

    def send(self, *, in_turn: bool, commit: bool) -> list[_Place]:
        """Send one message, if possible with the commit: the head stays locked while this process
        waits. `in_turn`: the transaction ends with this message."""
        insert = Statement(_IN_TURN if in_turn else _APPEND, self._parameters)
        last = [Statement("COMMIT")] if commit else []
        return [_Place(*row) for row in ask(*self._first, insert, *last, of=len(self._first))]


def _append_claim(event: Pending, new: NewClaim, *, at: datetime, by: str) -> _Place:
    """Insert the first event of a claim in a transaction of one message."""
    kind, schema, body, words, _ = _written(event)
    salted = [secrets.token_bytes(_SALT), words] if words else [None, None]
    parameters = [*new.required, *new.values, new.shown, kind, schema, body, *salted, at, by]
    [row] = ask_prepared(Statement(_append_claim_sql(new.types), parameters))
    return _Place(*row)


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
        draft |= {"words": words, "salt": secrets.token_bytes(_SALT).hex()}
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


class BinaryRows(NamedTuple):
    """Rows of a table in the binary form of COPY, as `binary.copy` takes them."""

    table: str
    columns: Sequence[str]
    rows: Iterable[bytes]
    meanwhile: Callable[[], object] = binary.nothing


type Step = Statement | Rows | BinaryRows


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


def execute_steps(steps: Sequence[Step]) -> list[tuple[Any, ...]]:
    """Run the steps in order. Adjacent statements are sent as one message. Returns the rows of the
    last step, if it is a statement."""
    statements: list[Statement] = []
    for step in steps:
        if isinstance(step, Statement):
            statements.append(step)
            continue
        send(*statements)
        statements.clear()
        if isinstance(step, BinaryRows):
            binary.copy(*step)
        else:
            copy_rows(step)
    return ask(*statements) if statements else []


_EVENT = (
    *("position", "stream", "version", "kind", "schema", "recorded_at", "recorded_by", "body"),
    *("text_sha256", "leaf_hash"),
)
_WORDS = ("position", "salt", "text")
_ADVANCE = "SELECT log_id, position, last_recorded_at FROM log_advance(%s, %s)"
_WITHOUT_FLUSH = Statement("SET LOCAL synchronous_commit = off")


class AppendedSpan(NamedTuple):
    """The result of a bulk append: first and last position, and the seconds for which the head was
    locked."""

    first: int
    last: int
    lock_seconds: float = 0.0


class _Prepared(NamedTuple):
    """An event with all that does not depend on its position: its row up to the time and after it,
    the parts of its leaf, and its row of words from the salt on."""

    head: bytes
    tail: bytes
    leaf: tuple[str, str]
    words: bytes


def append_bulk(
    drafts: Sequence[Draft | NewStream],
    *,
    at: datetime,
    by: str,
    new_rows: Sequence[BinaryRows] = (),
    project: Callable[[Sequence[Sealed]], Sequence[Step]],
    with_positions: Callable[[AppendedSpan], Sequence[Statement]],
) -> AppendedSpan:
    """Add one or more events in one transaction and return their positions.

    `new_rows` are those of the streams that are encoded already, and are written first. `project`
    is called before the head is locked, with all other events, and returns the statements for the
    tables that must be up to date at commit; `with_positions` returns the statements that need the
    positions.

    :raises VersionConflict: if a stream is not at the version that its draft expects.
    :raises LogBusy: if another writer holds a lock for two seconds.
    """
    outermost = connection.get_autocommit()
    with translate_errors(drafts):
        with transaction.atomic():
            sealed = [_seal(one) for one in assign_with_new(drafts)]
            prepared = _prepare_beside(new_rows, sealed, by=by)
            execute_steps(project([event for event in sealed if isinstance(event, Sealed)]))
            head = _advance(len(prepared), at)
            started = time.perf_counter()
            span = _write(prepared, head)
            # Other writers need not wait for the disk.
            send(*with_positions(span), *([_WITHOUT_FLUSH] if outermost else []))
            transaction.on_commit(announce)
        lock_seconds = time.perf_counter() - started
        if outermost:
            flush()
    return span._replace(lock_seconds=lock_seconds)


def _prepare_beside(
    rows: Sequence[BinaryRows], events: Sequence[Sealed | NewStream], *, by: str
) -> list[_Prepared]:
    """Write rows, and prepare events while the server stores the last of the rows."""
    prepared: list[_Prepared] = []

    def prepare() -> None:
        prepared.extend([_prepare(event, by) for event in events])

    if rows:
        execute_steps([*rows[:-1], rows[-1]._replace(meanwhile=prepare)])
    else:
        prepare()
    return prepared


def _seal(one: Pending | NewStream) -> Sealed | NewStream:
    if isinstance(one, NewStream):
        return one
    written = one.written or Written.of(one.event)
    return Sealed(one.stream, one.version, one.event, written)


def _prepare(one: Sealed | NewStream, by: str) -> _Prepared:
    stream, written = one.stream, one.written
    version = one.version if isinstance(one, Sealed) else 1
    kind, schema, body, words, _ = written
    text_sha256, row_of_words = None, b""
    encoded = body.encode()
    if words:
        salt, text = secrets.token_bytes(16), words.encode()
        text_sha256 = hashlib.sha256(salt + text).digest()
        row_of_words = binary.data(salt) + binary.data(text)
    fields = LeafFields(stream, version, kind, schema, by, encoded, text_sha256)
    return _Prepared(
        head=binary.uuid(stream) + binary.int4(version) + _constant(kind, schema),
        tail=binary.text(by)
        + binary.data(encoded)
        + (binary.NULL if text_sha256 is None else binary.data(text_sha256)),
        leaf=leaf_parts(fields),
        words=row_of_words,
    )


@lru_cache(1024)
def _constant(kind: str, schema: int) -> bytes:
    return binary.text(kind) + binary.int2(schema)


def _advance(number: int, at: datetime) -> Head:
    """Advance the head and lock it until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_ADVANCE, [number, at])
        return Head(*cursor.fetchone())


def _write(events: Sequence[_Prepared], head: Head) -> AppendedSpan:
    """Write the events; the last is at the head."""
    first = head.position - len(events) + 1
    binary.copy("event", _EVENT, _rows(events, head, first=first))
    texts = [
        _WORDS_COUNT + binary.int8(position) + event.words
        for position, event in enumerate(events, start=first)
        if event.words
    ]
    if texts:
        binary.copy("event_text", _WORDS, texts)
    return AppendedSpan(first, head.position)


_EVENT_COUNT, _WORDS_COUNT = binary.count(len(_EVENT)), binary.count(len(_WORDS))


def _rows(events: Sequence[_Prepared], head: Head, *, first: int) -> Iterator[bytes]:
    """The rows of the event table, each a microsecond later than the one before."""
    prefix = leaf_prefix(head.log_id)
    micros = microseconds(head.recorded_at) - len(events) + 1
    for n, (start, tail, parts, _) in enumerate(events):
        leaf_hash = leaf(prefix, first + n, micros + n, parts)
        at = binary.int8(micros + n - binary.EPOCH_MICROS)
        yield b"".join(
            (_EVENT_COUNT, binary.int8(first + n), start, at, tail, binary.data(leaf_hash))
        )

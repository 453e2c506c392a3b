"""Appends many events in one transaction. Many are written as runs, few as rows."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from tracker.domain.proofs.leaves import leaf, leaf_prefix, microseconds
from tracker.log import binary, event_runs
from tracker.log.appending import BinaryRows, Step, announce, execute_steps
from tracker.log.drafts import Draft, NewStream, Pending
from tracker.log.heads import Head
from tracker.log.messages import Statement, flush, send
from tracker.log.prepared import Prepared, prepare
from tracker.log.versions import assign_with_new, translate_errors

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


def append_bulk(
    drafts: Sequence[Draft | NewStream],
    *,
    at: datetime,
    by: str,
    new_rows: Sequence[BinaryRows] = (),
    project: Callable[[Sequence[Pending]], Sequence[Step]],
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
            pending = assign_with_new(drafts)
            prepared = _prepare_beside(new_rows, pending, by=by)
            execute_steps(project([event for event in pending if isinstance(event, Pending)]))
            written = (
                event_runs.write_columns(prepared) if event_runs.are_worth_it(prepared) else []
            )
            head = _advance(len(prepared), at)
            started = time.perf_counter()
            if written:
                event_runs.place(written, head, by=by)
            else:
                _write_rows(prepared, head, by=by)
            span = AppendedSpan(head.position - len(prepared) + 1, head.position)
            # Other writers need not wait for the disk.
            send(*with_positions(span), *([_WITHOUT_FLUSH] if outermost else []))
            transaction.on_commit(announce)
        lock_seconds = time.perf_counter() - started
        if outermost:
            flush()
    return span._replace(lock_seconds=lock_seconds)


def _prepare_beside(
    rows: Sequence[BinaryRows], events: Sequence[Pending | NewStream], *, by: str
) -> list[Prepared]:
    """Write rows, and prepare events while the server stores the last of the rows."""
    prepared: list[Prepared] = []

    def prepare_all() -> None:
        prepared.extend([prepare(event, by=by) for event in events])

    if rows:
        execute_steps([*rows[:-1], rows[-1]._replace(meanwhile=prepare_all)])
    else:
        prepare_all()
    return prepared


def _advance(number: int, at: datetime) -> Head:
    """Advance the head and lock it until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_ADVANCE, [number, at])
        return Head(*cursor.fetchone())


def _write_rows(events: Sequence[Prepared], head: Head, *, by: str) -> None:
    """Write events as rows; the last is at the head."""
    first = head.position - len(events) + 1
    binary.copy("event", _EVENT, _rows(events, head, first=first, by=by))
    texts = [
        binary.row(binary.int8(position), binary.data(event.salt), binary.data(event.words))
        for position, event in enumerate(events, start=first)
        if event.words
    ]
    if texts:
        binary.copy("event_text", _WORDS, texts)


def _rows(events: Sequence[Prepared], head: Head, *, first: int, by: str) -> Iterator[bytes]:
    """The rows of the table of events, each a microsecond later than the one before."""
    prefix = leaf_prefix(head.log_id)
    before = microseconds(head.recorded_at) - head.position
    for position, event in enumerate(events, start=first):
        yield binary.row(
            binary.int8(position),
            binary.uuid(event.stream),
            binary.int4(event.version),
            binary.text(event.kind),
            binary.int2(event.schema),
            binary.int8(before + position - binary.EPOCH_MICROS),
            binary.text(by),
            binary.data(event.body),
            binary.NULL if event.bound is None else binary.data(event.bound),
            binary.data(leaf(prefix, position, before + position, event.leaf)),
        )

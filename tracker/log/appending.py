"""Appends to the log, each in one transaction, in the order of the head."""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from functools import cache, partial
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.dispatch import Signal

from tracker.domain import codec
from tracker.log import binary
from tracker.log.drafts import Draft, Pending
from tracker.log.heads import Head
from tracker.log.messages import Statement, ask, ask_prepared, flush, send
from tracker.log.stored import Recorded
from tracker.log.versions import assign_versions, translate_errors

# Sent after each commit that appended. Receivers that miss it find the events by position.
appended = Signal()


class ClaimInColumns(NamedTuple):
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
    new_claim: Callable[[Pending], ClaimInColumns] | None = None,
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
    started, outermost = time.monotonic(), connection.get_autocommit()
    # If nothing is read first, the one message is a transaction.
    single_message = outermost and all(draft.expected == 0 for draft in drafts)
    with translate_errors(drafts):
        with nullcontext() if single_message else transaction.atomic():
            pending = assign_versions(drafts)
            salts = [_salt(event) for event in pending]
            if single_message and new_claim and len(pending) == 1:
                new = new_claim(pending[0])
                rows = [_append_claim(pending[0], salts[0], new, at=at, by=by)]
            else:
                commit = outermost and not single_message
                insert = _Insert(pending, salts, project(pending), at=at, by=by)
                rows = insert.send(in_turn=outermost, commit=commit)
            if not outermost:
                transaction.on_commit(partial(announce, started, last=rows[-1].position))
        if outermost:
            waited = any(row.unflushed for row in rows)
            if waited:
                flush()
            announce(started, last=rows[-1].position, waited=waited)
    places = zip(pending, salts, rows, strict=True)
    return [_recorded(*place, by=by) for place in places]


def hold_head() -> Head:
    """Lock the head until the end of the transaction: no other writer can append."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT log_id, position, last_recorded_at FROM log_head FOR UPDATE")
        return Head(*cursor.fetchone())


def renew(incarnation: UUID) -> None:
    """Give the log another incarnation: what was read of it before may have changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT log_new_incarnation(%s)", [incarnation])


def delete_text(position: int) -> None:
    """Delete the words of an event. The database allows it after a `TextWithheld` for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT log_delete_text(%s)", [position])


def erase_body(position: int, *, leaf_hash: bytes) -> None:
    """Erase the body and the nonce of an event. The database allows it after a `BodyErased` for it,
    which has this `leaf_hash`.

    :raises LogBusy: if a sealer is at work for two seconds.
    """
    with translate_errors([]), connection.cursor() as cursor:
        cursor.execute("SELECT log_erase_body(%s, %s)", [position, leaf_hash])


def announce(
    started: float | None = None, *, last: int | None = None, waited: bool = False
) -> None:
    """Send the signal `appended` with the last position, the seconds that the append took, and
    whether it waited for another one. Of an append in bulk there is neither. Within a longer
    transaction, waiting is not known."""
    seconds = None if started is None else time.monotonic() - started
    appended.send_robust(sender=None, position=last, seconds=seconds, waited=waited)


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
        self,
        pending: Sequence[Pending],
        salts: Sequence[bytes | None],
        first: Sequence[Statement],
        *,
        at: datetime,
        by: str,
    ) -> None:
        self._first = first
        self._parameters = [codec.canonical(list(map(_draft, pending, salts))), at, by]

    def send(self, *, in_turn: bool, commit: bool) -> list[_Place]:
        """Send one message, if possible with the commit: the head stays locked while this process
        waits. `in_turn`: the transaction ends with this message."""
        insert = Statement(_IN_TURN if in_turn else _APPEND, self._parameters)
        last = [Statement("COMMIT")] if commit else []
        return [_Place(*row) for row in ask(*self._first, insert, *last, of=len(self._first))]


def _append_claim(
    event: Pending, salt: bytes | None, new: ClaimInColumns, *, at: datetime, by: str
) -> _Place:
    """Insert the first event of a claim in a transaction of one message."""
    kind, schema, body, words, _ = event.encoded()
    salted = [salt, words or None]
    parameters = [*new.required, *new.values, new.shown, kind, schema, body, *salted, at, by]
    [row] = ask_prepared(Statement(_append_claim_sql(new.types), parameters))
    return _Place(*row)


def _salt(one: Pending) -> bytes | None:
    """A salt for the words of an event, which protects short ones from guesses."""
    return secrets.token_bytes(_SALT) if one.encoded().words else None


def _draft(one: Pending, salt: bytes | None) -> dict[str, Any]:
    """The argument of the database's `log_append`."""
    kind, schema, body, words, _ = one.encoded()
    draft = {
        "stream": str(one.stream),
        "version": one.version,
        "kind": kind,
        "schema": schema,
        "body": body,
    }
    if salt:
        draft |= {"words": words, "salt": salt.hex()}
    return draft


def _recorded(one: Pending, salt: bytes | None, place: _Place, *, by: str) -> Recorded:
    kind, schema, body, words, _ = one.encoded()
    return Recorded(
        position=place.position,
        stream=one.stream,
        version=one.version,
        kind=kind,
        schema=schema,
        recorded_at=place.recorded_at,
        recorded_by=by,
        body=body,
        text_sha256=sha256(salt + words.encode()).digest() if salt else None,
        leaf_hash=place.leaf_hash,
        withheld=False,
        salt=salt,
        words=words or None,
    )


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

"""Appending to the log, in one transaction, in the order of the head."""

import secrets
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.dispatch import Signal

from tracker.domain import codec
from tracker.domain.events import encode
from tracker.log.messages import Statement, ask
from tracker.log.records import Draft, Head, Pending, Recorded
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

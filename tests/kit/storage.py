"""Stores the log in another way, behind the guards' back: its events as event_runs."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db import connection

from tracker import log
from tracker.domain.proofs.leaves import microseconds
from tracker.log import Recorded, binary, event_runs
from tracker.log.prepared import Prepared
from tracker.queries.guards import GUARDS

TABLES = ("event", "event_text", "event_run", "event_run_body", "event_run_text", "event_place")
TICK = timedelta(microseconds=1)


def store_as_runs(*cuts: int) -> None:
    """Store all events as runs that end at the latest before these positions. Those whose times do
    not follow each other, and those that withhold words, cannot share a run."""
    events = log.read(after=0, limit=100_000)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        moved = [one for one in events if one.kind not in event_runs.ALWAYS_ROWS]
        for table in ("event", "event_text"):
            cursor.execute(
                f"DELETE FROM {table} WHERE position = ANY(%s)",  # noqa: S608
                [[one.position for one in moved]],
            )
        for part in _parts(moved, cuts):
            [run] = event_runs.write_columns([_prepared(one) for one in part])
            first = part[0]
            positions = range(first.position, first.position + len(part))
            leaves = b"".join(one.leaf_hash for one in part)
            row = event_runs.run_row(
                run, positions, microseconds(first.recorded_at), first.recorded_by, leaves
            )
            binary.copy("event_run", event_runs.RUN, [row])
        for name, table in GUARDS.items():
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def _parts(events: Sequence[Recorded], cuts: Sequence[int]) -> Iterator[list[Recorded]]:
    part: list[Recorded] = []
    for one in events:
        if part and (one.position in cuts or not _follows(part[-1], one)):
            yield part
            part = []
        part.append(one)
    yield part


def _follows(before: Recorded, one: Recorded) -> bool:
    return (
        one.position == before.position + 1
        and one.recorded_at == before.recorded_at + TICK
        and one.recorded_by == before.recorded_by
    )


def _prepared(one: Recorded) -> Prepared:
    return Prepared(
        stream=one.stream,
        version=one.version,
        kind=one.kind,
        schema=one.schema,
        body=one.body.encode(),
        words=(one.words or "").encode(),
        salt=one.salt or b"",
        bound=one.text_sha256,
        leaf=("", ""),
    )

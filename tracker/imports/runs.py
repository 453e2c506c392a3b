"""Runs of imports: their progress, their report, and the positions of the log that each wrote."""

import re
from bisect import bisect_right
from calendar import month_name
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import Error, connection

from tracker.domain import codec
from tracker.domain.claims import Claim
from tracker.domain.problems import NotYet
from tracker.imports.formats.base import ImportFormat, InvalidRow
from tracker.log import AppendedSpan, Statement
from tracker.models.operational import ImportRun, ImportSpan
from tracker.operations import ids

OUTCOMES = ("new", "known", "changed", "repeated", "refused")
# A limit, because reasons can contain names; the file of rejected rows has all of them.
MOST_REASONS = 1_000
OTHER_REASONS = "other reasons"
# Reasons that differ in their dates alone are counted as one.
_MONTH = "|".join(month_name[1:])
_DATE = re.compile(rf"\b(\d{{4}}-\d{{2}}(-\d{{2}})?|(\d{{1,2}} )?({_MONTH}) \d{{4}})\b")
ANY_DATE = "[date]"

# Called after each chunk with the number of rows that are done, and of all rows.
type Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """The account that a run writes for, and its clock."""

    by: str
    now: Callable[[], datetime]


def _ignore(*_arguments: object) -> None:
    pass


def _never() -> bool:
    return False


class RowResult(NamedTuple):
    """A row that is not refused: its claim, and its parties as the file names them."""

    line: int
    outcome: str
    claim: Claim
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observer:
    """Callbacks of an import: `reads` during the first pass through the file; `begins` with its
    format and number of rows; `runs` with the id of the run; `progress` after each chunk; `refused`
    and `flagged` for rows that are refused or need a decision; `settled`, if set, for the others.
    The import stops after a chunk if `stop` returns True."""

    reads: Callable[[], None] = _ignore
    begins: Callable[[ImportFormat, int], None] = _ignore
    runs: Callable[[UUID], None] = _ignore
    progress: Progress = _ignore
    refused: Callable[[InvalidRow], None] = _ignore
    flagged: Callable[[InvalidRow], None] = _ignore
    settled: Callable[[RowResult], None] | None = None
    stop: Callable[[], bool] = _never


@dataclass(slots=True, kw_only=True)
class Tally:
    """The number of rows so far by outcome, by reason of refusal, by remark and by flag."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        return self.counts.total()

    def add(self, other: "Tally") -> None:
        self.counts += other.counts
        self.remarks += other.remarks
        self.flags += other.flags
        for text, times in other.reasons.items():
            reason = _DATE.sub(ANY_DATE, text)
            known = reason in self.reasons or len(self.reasons) < MOST_REASONS
            self.reasons[reason if known else OTHER_REASONS] += times


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The number of a file's rows by outcome. They sum to `rows` unless the import was stopped.

    `known` rows are on record with the same content, `changed` rows with other content, `repeated`
    rows report an earlier row again. `citations` were added for repeated rows, `corrections` for
    changed ones. `run` is None for a dry run. `lens` is the name of the lens that was defined for
    the collection, or would be; `uncounted` are the collections that no lens counts.

    `flags` counts the rows that are new or skipped: those "undated", those that are "repeats" of
    claims on record, and those that were "compared" with these; in a dry run also those whose text
    names a "third_state" or "no_act".
    """

    run: UUID | None
    format: str
    rows: int
    counts: Mapping[str, int]
    reasons: Mapping[str, int]
    remarks: Mapping[str, int]
    citations: int
    corrections: int
    stopped: bool
    lens: str = ""
    uncounted: tuple[str, ...] = ()
    flags: Mapping[str, int] = field(default_factory=dict)

    @property
    def failure(self) -> str:
        """Why the import failed although its file could be read; empty if it did not."""
        return all_refused(self.counts)


def all_refused(counts: Mapping[str, int]) -> str:
    """That no row was accepted, in words; empty if one was, or there are none."""
    rows, refused = sum(counts.values()), counts.get("refused", 0)
    return f"all {rows} rows were refused" if rows and refused == rows else ""


RUNNING, DONE, STOPPED, FAILED, WITHDRAWN = "running", "done", "stopped", "failed", "withdrawn"
LOCK_SPACE = 20261
# Adds a span, or extends the last one.
_SPAN = """
WITH given AS (SELECT %s::bigint AS open, %s::bigint AS first, %s::bigint AS last, %s::uuid AS run),
longer AS (UPDATE import_span s SET last = g.last FROM given g
           WHERE s.first = g.open AND s.last = g.first - 1 AND s.run = g.run RETURNING 1)
INSERT INTO import_span (first, last, run)
SELECT first, last, run FROM given WHERE NOT EXISTS (SELECT FROM longer)
"""
# A run that is resumed reads its file from the first row, and its progress never goes back.
_MOVED = """
UPDATE import_run r SET done = g.done, counts = g.counts, moved_at = g.moved_at
FROM (SELECT %s::uuid AS id, %s::timestamptz AS moved_at, %s::bigint AS done, %s::jsonb AS counts) g
WHERE r.id = g.id AND r.done <= g.done
"""


class ImportInUse(NotYet):
    """Another process runs or withdraws the same import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file after its first pass; `collection` is None if its claims name their own."""

    name: str
    format: str
    sha256: str
    rows: int
    collection: UUID | None


@contextmanager
def begin(file: File, *, by: str, at: datetime) -> Iterator[UUID]:
    """Begin a run, or resume an interrupted one, and lock it meanwhile. Gives its id. The lock
    comes first, so that a run that is "running" without one was killed.

    :raises ImportInUse: while another process withdraws the run.
    """
    unfinished = ImportRun.objects.filter(
        file_sha256=file.sha256,
        collection=file.collection,
        format=file.format,
        state__in=(RUNNING, STOPPED, FAILED),
    )
    known = unfinished.order_by("started_at", "id").values_list("id", flat=True).last()
    run = known or ids.new_id(at)
    with lock_run(run, alone=False):
        if known:
            set_state(run, RUNNING, at=at, rows=file.rows)
        else:
            ImportRun.objects.create(
                id=run,
                name=file.name,
                format=file.format,
                file_sha256=file.sha256,
                collection=file.collection,
                recorded_by=by,
                state=RUNNING,
                rows=file.rows,
                started_at=at,
                moved_at=at,
            )
        yield run


def exists(run: UUID) -> bool:
    """Whether there is a run with this id."""
    return ImportRun.objects.filter(id=run).exists()


def set_state(run: UUID, state: str, *, at: datetime, error: str = "", **more: object) -> None:
    """Set the state of a run."""
    ImportRun.objects.filter(id=run).update(state=state, error=error, moved_at=at, **more)


def progress_statement(
    run: UUID, done: int, counts: Mapping[str, int], *, at: datetime
) -> Statement:
    """The statement that stores the progress of a run."""
    return Statement(_MOVED, [run, at, done, codec.canonical(counts)])


def span_statement(run: UUID, span: AppendedSpan, *, after: AppendedSpan | None) -> Statement:
    """The statement that stores a span of the log written by a run; `after` is the previous one."""
    return Statement(_SPAN, [after.first if after else None, span.first, span.last, run])


def spans(run: UUID, *, from_position: int = 0) -> list[tuple[int, int]]:
    """The spans that a run wrote, without those that end before a position."""
    rows = ImportSpan.objects.filter(run=run, last__gte=from_position).order_by("first")
    merged: list[tuple[int, int]] = []
    for first, last in rows.values_list("first", "last"):
        if merged and merged[-1][1] == first - 1:
            merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    return merged


def written_by(run: UUID, positions: Collection[int]) -> set[int]:
    """The positions of these that a run wrote."""
    own = spans(run, from_position=min(positions))
    firsts = [first for first, _ in own]
    return {
        position
        for position in positions
        if (place := bisect_right(firsts, position)) and position <= own[place - 1][1]
    }


def active_runs() -> set[int]:
    """The lock keys of the runs that a process works on."""
    # Locks of all databases of the server are listed.
    sql = (
        "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [LOCK_SPACE])
        return {key for (key,) in cursor.fetchall()}


def lock_key(run: UUID) -> int:
    """The key of a run's lock, beside `LOCK_SPACE`."""
    return run.int % 2**31


@contextmanager
def lock_run(run: UUID, *, alone: bool) -> Iterator[None]:
    """Lock a run while a process works on it. Several processes may import the same file at once;
    a withdrawal needs the run for itself (`alone`). The lock ends with the process.

    :raises ImportInUse:
    """
    shared = "" if alone else "_shared"
    key = [LOCK_SPACE, lock_key(run)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock{shared}(%s, %s)", key)
        if not cursor.fetchone()[0]:
            raise ImportInUse(
                f"import {run} is in use by another process: wait until it has finished"
            )
    try:
        yield
    finally:
        # If the connection is lost, the lock is gone too.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_unlock{shared}(%s, %s)", key)

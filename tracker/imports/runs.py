"""Runs of imports on record: how far each is, and which positions of the log it wrote."""

from bisect import bisect_right
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
from tracker.imports.formats.base import Format, Refused
from tracker.log import Span, Statement
from tracker.models.operational import ImportRun, ImportSpan
from tracker.operations import ids

OUTCOMES = ("new", "known", "changed", "repeated", "refused")
# Reasons that hold names are as many as the names are; the file of rejected rows has them all.
MOST_REASONS = 1_000
OTHER_REASONS = "other reasons"

# Called after each chunk: how many rows are done, and of how many.
type Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """By whom a run writes, and what tells the time."""

    by: str
    now: Callable[[], datetime]


def _quietly(_done: int, _total: int) -> None:
    pass


def _silently(_refused: Refused) -> None:
    pass


def _never() -> bool:
    return False


def _nobody() -> None:
    pass


def _anyhow(_form: Format, _rows: int) -> None:
    pass


def _whichever(_run: UUID) -> None:
    pass


class Settled(NamedTuple):
    """What a row becomes: its claim, and those who take part as the file names them."""

    line: int
    outcome: str
    claim: Claim
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who looks on: is asked for a sign of life while the file is gone through for the first time;
    is told of which format the file is and how many rows it has, as which run it
    is taken in, how far it is, of each row that is refused, of each that somebody should decide
    on (`flagged`) and, if wanted, of the others; and may ask to stop, which happens after the
    chunk."""

    reads: Callable[[], None] = _nobody
    begins: Callable[[Format, int], None] = _anyhow
    runs: Callable[[UUID], None] = _whichever
    progress: Progress = _quietly
    refused: Callable[[Refused], None] = _silently
    flagged: Callable[[Refused], None] = _silently
    settled: Callable[[Settled], None] | None = None
    stop: Callable[[], bool] = _never


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of rows so far, by outcome, and what was said of them."""

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
        for reason, times in other.reasons.items():
            known = reason in self.reasons or len(self.reasons) < MOST_REASONS
            self.reasons[reason if known else OTHER_REASONS] += times


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of a file's rows, by outcome; the counts sum to `rows`, but where it was stopped.

    `known` are on record as they stand in the file, `changed` are on record otherwise,
    `repeated` tell of what an earlier row told. `citations` were added for the latter, and
    `corrections` made of what changed. `run` is None where nothing was to be written. `lens` is the
    name of the one that was made for the collection, or would be, empty where none is; `uncounted`
    are the collections that no lens counts all the same.

    Of the rows that would be added or were left out as asked, `flags` has how many are "undated",
    and how many "repeats" of claims on record, of how many that were "compared" with these.
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


RUNNING, DONE, STOPPED, FAILED, WITHDRAWN = "running", "done", "stopped", "failed", "withdrawn"
LOCK_SPACE = 20261
# One more stretch, or the last one made longer.
_SPAN = """
WITH given AS (SELECT %s::bigint AS open, %s::bigint AS first, %s::bigint AS last, %s::uuid AS run),
longer AS (UPDATE import_span s SET last = g.last FROM given g
           WHERE s.first = g.open AND s.last = g.first - 1 AND s.run = g.run RETURNING 1)
INSERT INTO import_span (first, last, run)
SELECT first, last, run FROM given WHERE NOT EXISTS (SELECT FROM longer)
"""
_MOVED = "UPDATE import_run SET done = %s, counts = %s::jsonb, moved_at = %s WHERE id = %s"


class UnderWay(NotYet):
    """Somebody else is busy with the same import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What is known of a file once it is read through; `collection` is None where its claims name
    theirs."""

    name: str
    format: str
    sha256: str
    rows: int
    collection: UUID | None


def begun(file: File, *, by: str, at: datetime) -> UUID:
    """Begin a run, or go on with one that was cut short, and give its id."""
    unfinished = ImportRun.objects.filter(
        file_sha256=file.sha256,
        collection=file.collection,
        format=file.format,
        state__in=(RUNNING, STOPPED, FAILED),
    )
    run = unfinished.order_by("started_at", "id").values_list("id", flat=True).last()
    if run is not None:
        # It goes through the file from its first row.
        set_state(run, RUNNING, at=at, rows=file.rows, done=0, counts={})
        return run
    made = ImportRun.objects.create(
        id=ids.new_id(at),
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
    return made.id


def known(run: UUID) -> bool:
    """Whether there is such a run."""
    return ImportRun.objects.filter(id=run).exists()


def set_state(run: UUID, state: str, *, at: datetime, error: str = "", **more: object) -> None:
    """Say where a run stands."""
    ImportRun.objects.filter(id=run).update(state=state, error=error, moved_at=at, **more)


def moved(run: UUID, done: int, counts: Mapping[str, int], *, at: datetime) -> Statement:
    """What says how far a run is."""
    return Statement(_MOVED, [done, codec.canonical(counts), at, run])


def wrote(run: UUID, span: Span, *, after: Span | None) -> Statement:
    """What says that a run wrote a stretch of the log; `after` is the one that it wrote before."""
    return Statement(_SPAN, [after.first if after else None, span.first, span.last, run])


def spans(run: UUID, *, from_position: int = 0) -> list[tuple[int, int]]:
    """The stretches that a run wrote, those that end before a position left out."""
    found = ImportSpan.objects.filter(run=run, last__gte=from_position).order_by("first")
    joined: list[tuple[int, int]] = []
    for first, last in found.values_list("first", "last"):
        if joined and joined[-1][1] == first - 1:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


def own(run: UUID, positions: Collection[int]) -> set[int]:
    """Which of some positions a run wrote."""
    found = spans(run, from_position=min(positions))
    firsts = [first for first, _ in found]
    return {
        one
        for one in positions
        if (place := bisect_right(firsts, one)) and one <= found[place - 1][1]
    }


@contextmanager
def under_way(run: UUID, *, alone: bool) -> Iterator[None]:
    """Hold a run while it is worked on. Several may import one file at once; who withdraws it is
    alone. Whoever is killed holds it no longer.

    :raises UnderWay:
    """
    shared = "" if alone else "_shared"
    given = [LOCK_SPACE, run.int % 2**31]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock{shared}(%s, %s)", given)
        if not cursor.fetchone()[0]:
            raise UnderWay(f"import {run} is in use by another process: wait until it has finished")
    try:
        yield
    finally:
        # Where the connection is gone, so is the lock.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_unlock{shared}(%s, %s)", given)

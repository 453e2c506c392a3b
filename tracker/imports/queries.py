"""Reads of imports and jobs: what was requested, the progress, and the outcome."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.db.models import Count, Min, Q

from tracker.imports import runs as import_runs
from tracker.log.standby import is_standby
from tracker.models.jobs import RUNNING, UNFINISHED, WAITING
from tracker.models.jobs import BatchRow as KeptRow
from tracker.models.jobs import Job as Row
from tracker.models.operational import ImportRun

# Why a run is not complete whose process ended without a record of that.
KILLED = "its process ended: import the file again to go on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The import of a file. `counts` are the rows that are done, by outcome, updated about once a
    second."""

    id: UUID
    name: str
    format: str
    file_sha256: str
    collection: UUID | None
    by: str
    state: str
    rows: int | None
    done: int
    counts: Mapping[str, int]
    error: str
    started_at: datetime
    moved_at: datetime


def runs(*, limit: int, before: tuple[datetime, UUID] | None = None) -> list[Run]:
    """Up to `limit` runs, the latest first, before the one with this start and id."""
    rows = ImportRun.objects.order_by("-started_at", "-id")
    if before:
        at, run_id = before
        rows = rows.filter(Q(started_at__lt=at) | Q(started_at=at, id__lt=run_id))
    return _runs(rows[:limit])


def count_runs() -> int:
    """The number of all runs."""
    return ImportRun.objects.count()


def run(run_id: UUID) -> Run | None:
    """A run by its id."""
    return next(iter(_runs(ImportRun.objects.filter(id=run_id))), None)


def _runs(rows: Iterable[ImportRun]) -> list[Run]:
    found = list(map(_run, rows))
    if not any(run.state == RUNNING for run in found) or is_standby():
        return found
    active = import_runs.active_runs()
    running = [one.id for one in found if one.state == RUNNING]
    idle = [run for run in running if import_runs.lock_key(run) not in active]
    # One that ended after it was read has released its lock, too.
    again = {row.id: _run(row) for row in ImportRun.objects.filter(id__in=idle)} if idle else {}
    return [_ended(again[run.id]) if run.id in again else run for run in found]


def _run(row: ImportRun) -> Run:
    return _from_row(Run, row, by=row.recorded_by)


def _ended(run: Run) -> Run:
    """A run that no process works on: one that is recorded as running was killed."""
    if run.state != RUNNING:
        return run
    return replace(run, state=import_runs.STOPPED, error=KILLED)


def _from_row[T](shape: type[T], row: Any, **others: Any) -> T:
    """A record with the columns of its fields' names; `others` are its other fields."""
    names = (field.name for field in fields(cast("Any", shape)) if field.name not in others)
    return shape(**{name: getattr(row, name) for name in names}, **others)


# The kinds of jobs.
IMPORT, WITHDRAWAL, BATCH = "import", "withdrawal", "batch"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSummary:
    """The import of a file, the withdrawal of an import, or a batch of claims.

    `counts` are rows by outcome, or claims for a withdrawal; they sum to `done` when the job has
    ended. `run` is the import that it makes or withdraws. `told` holds the rest of its report:
    `reasons` and `remarks` with the number of rows, `rejected` and `to_mend`, `citations`,
    `corrections`, `lens`, `uncounted`, `flags`, and for a dry run the first `rows` and the number
    of rows in `review`.
    """

    id: UUID
    kind: str
    state: str
    by: str
    options: Mapping[str, Any]
    file_name: str
    file_size: int | None
    file_sha256: str
    format: str
    run: UUID | None
    total: int | None
    done: int
    counts: Mapping[str, int]
    told: Mapping[str, Any]
    error: str
    cancel_wanted: bool
    attempts: int
    asked_at: datetime
    begun_at: datetime | None
    moved_at: datetime
    ended_at: datetime | None

    @property
    def unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def dry(self) -> bool:
        """Whether it is a dry run, which writes nothing."""
        return bool(self.options.get("dry_run"))

    @property
    def rate(self) -> float | None:
        """Rows per second; each attempt reads the file from its first row."""
        if self.begun_at is None or not self.done:
            return None
        seconds = ((self.ended_at or self.moved_at) - self.begun_at).total_seconds()
        return self.done / seconds if seconds > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """The remaining seconds at the current rate."""
        if self.state != RUNNING or self.total is None or not self.rate:
            return None
        return max(0.0, (self.total - self.done) / self.rate)

    @property
    def withdrawable(self) -> bool:
        """Whether its import can be withdrawn."""
        return self.kind == IMPORT and self.run is not None and not self.unfinished


def listing(*, limit: int, before: UUID | None = None) -> list[JobSummary]:
    """Up to `limit` jobs, the latest first, before one of them."""
    rows = Row.objects.order_by("-id")
    rows = rows.filter(id__lt=before) if before else rows
    return _jobs(list(rows[:limit]))


def refusing(*, by: str, since: datetime, limit: int) -> list[JobSummary]:
    """Up to `limit` imports of a user that ended since a time and refused rows, the latest
    first. Checks without an import are left out."""
    writes = Q(options__dry_run__isnull=True) | Q(options__dry_run=False)
    rows = Row.objects.filter(
        writes, kind=IMPORT, recorded_by=by, ended_at__gte=since, counts__refused__gt=0
    )
    return _jobs(list(rows.order_by("-id")[:limit]))


def job(job_id: UUID) -> JobSummary | None:
    """A job by its id."""
    return next(iter(_jobs(list(Row.objects.filter(id=job_id)))), None)


def mappings(*, limit: int) -> list[JobSummary]:
    """The last job of each mapping that was used, the latest first."""
    newest = (
        Row.objects.filter(kind=IMPORT, options__mapping__isnull=False)
        .exclude(options__mapping=None)
        .order_by("options__mapping", "-id")
        .distinct("options__mapping")
    )
    rows = Row.objects.filter(id__in=newest.values("id")).order_by("-id")[:limit]
    return [_job(row, None) for row in rows]


def waiting() -> int:
    """The number of jobs that have not ended."""
    return Row.objects.filter(state__in=UNFINISHED).count()


def count_stalled(*, at: datetime, since: timedelta) -> int:
    """The number of jobs that no worker took for some time, although no worker is busy."""
    if Row.objects.filter(state=RUNNING, lease_until__gt=at).exists():
        return 0
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at - since)
    return Row.objects.filter(free, state__in=UNFINISHED, asked_at__lte=at - since).count()


def backlog() -> tuple[int, datetime | None]:
    """The number of jobs that wait, and when the first was requested."""
    found = Row.objects.filter(state=WAITING).aggregate(number=Count("id"), oldest=Min("asked_at"))
    return found["number"], found["oldest"]


def count() -> int:
    """The number of all jobs."""
    return Row.objects.count()


def _jobs(rows: list[Row]) -> list[JobSummary]:
    """Read the jobs; those that are running get the counts of their import."""
    running = [row.run for row in rows if row.state == RUNNING and row.kind == IMPORT and row.run]
    imports = ImportRun.objects.filter(id__in=running) if running else ()
    runs = {row.id: row for row in imports}
    return [_job(row, runs.get(row.run) if row.run else None) for row in rows]


def _job(row: Row, run: ImportRun | None) -> JobSummary:
    """A job. A running import may be ahead of the counts of its job."""
    counts = row.counts or (run.counts if run else {})
    return _from_row(
        JobSummary,
        row,
        by=row.recorded_by,
        done=max(row.done, sum(counts.values())) if run else row.done,
        counts=counts,
        moved_at=max(row.moved_at, run.moved_at) if run else row.moved_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRowResult:
    """A row of a batch and its outcome; `told` holds errors, duplicates and effects."""

    place: int
    claim: UUID
    status: str
    position: int | None
    told: Mapping[str, Any]


def batch_rows(job_id: UUID, *, after: int, limit: int) -> list[BatchRowResult]:
    """Up to `limit` rows of a batch after the place `after`, in order."""
    rows = KeptRow.objects.filter(job=job_id, place__gt=after).order_by("place")[:limit]
    return [_from_row(BatchRowResult, row) for row in rows]


def batch_places(job_id: UUID, claims: Iterable[UUID]) -> dict[UUID, int]:
    """The places of some claims in a batch, by claim."""
    rows = KeptRow.objects.filter(job=job_id, claim__in=list(claims))
    return dict(rows.values_list("claim", "place"))

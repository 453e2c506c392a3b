"""Leases of jobs: one worker at a time works on a job and renews its lease.

If a worker dies, its lease expires and another worker takes the job.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Greatest

from tracker.imports.formats.base import ImportFormat
from tracker.imports.queries import IMPORT
from tracker.imports.runs import Observer
from tracker.models.jobs import CANCELLED, FAILED, RUNNING, WAITING, Job
from tracker.projections import leases

# Longer than any library needs for a step in the largest workbook.
LEASE = timedelta(seconds=120)
# The worker renews the lease of an import as long as its process lives, so that another worker can
# soon go on with an import whose worker was killed.
IMPORT_LEASE = timedelta(seconds=20)
MOST_ATTEMPTS = 5
_TAKE_SQL = leases.take_sql(
    "job",
    key=("id",),
    until="lease_until",
    order="asked_at, id",
    free="state IN ('waiting', 'running')",
    # A file is read from its first row again. Its progress does not go back.
    changes=", state = 'running', begun_at = COALESCE(job.begun_at, %(at)s), moved_at = %(at)s,"
    " told = '{}'",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A job that a worker has taken."""

    id: UUID
    token: UUID
    kind: str
    by: str
    options: Mapping[str, Any]
    file_name: str
    run: UUID | None
    attempts: int


def take(*, at: datetime) -> Lease | None:
    """Take the job that has waited longest, or whose lease has expired."""
    _end_lost_jobs(at)
    row = leases.take(_TAKE_SQL, at=at, lasting=LEASE)
    return held_lease(row["id"], row["lease"]) if row else None


def held_lease(job: UUID, token: UUID) -> Lease | None:
    """The lease of a job with this token; None if the worker no longer holds it."""
    row = Job.objects.filter(id=job, lease=token).first()
    if row is None:
        return None
    return Lease(
        id=row.id,
        token=token,
        kind=row.kind,
        by=row.recorded_by,
        options=row.options,
        file_name=row.file_name,
        run=row.run,
        attempts=row.attempts,
    )


def renew(lease: Lease, *, at: datetime, **columns: object) -> bool | None:
    """Renew a lease and store the progress. Returns whether the job was cancelled; None if the
    lease is lost."""
    own_job = Job.objects.filter(id=lease.id, lease=lease.token)
    until = at + (IMPORT_LEASE if lease.kind == IMPORT else LEASE)
    if "done" in columns:
        columns["done"] = Greatest(F("done"), columns["done"])
    if not own_job.update(lease_until=until, moved_at=at, **columns):
        return None
    return own_job.values_list("cancel_wanted", flat=True).first()


def renew_for_process(lease: Lease, *, at: datetime) -> None:
    """Renew the lease of an import whose process lives, unless it made no step for `LEASE`."""
    own_job = Job.objects.filter(id=lease.id, lease=lease.token, moved_at__gt=at - LEASE)
    own_job.update(lease_until=at + IMPORT_LEASE)


def is_lost(lease: Lease, *, at: datetime) -> bool:
    """Whether another worker has the job, or the lease has expired."""
    other = ~Q(lease=lease.token) | Q(lease_until__lte=at)
    return Job.objects.filter(other, id=lease.id, lease__isnull=False).exists()


def run_of(lease: Lease) -> UUID | None:
    """The import that a job has begun; None if it has not begun one."""
    return Job.objects.filter(id=lease.id).values_list("run", flat=True).first()


def end(lease: Lease, state: str, *, at: datetime, **columns: object) -> bool:
    """End a job with its report. Returns whether the worker still held the lease."""
    own_job = Job.objects.filter(id=lease.id, lease=lease.token)
    ended = {"lease": None, "lease_until": None, "ended_at": at, "moved_at": at}
    return own_job.update(state=state, **ended, **columns) == 1


def give_back(lease: Lease, *, at: datetime) -> None:
    """Return a job to the queue; it does not count as an attempt."""
    own_job = Job.objects.filter(id=lease.id, lease=lease.token)
    own_job.update(
        state=WAITING, lease=None, lease_until=None, moved_at=at, attempts=F("attempts") - 1
    )


def retry_later(lease: Lease, error: str, *, at: datetime) -> bool:
    """Return a job to the queue after a temporary error; False if it has failed too often."""
    if lease.attempts >= MOST_ATTEMPTS:
        end(lease, FAILED, at=at, error=error)
        return False
    wait = leases.backoff(lease.attempts, first=timedelta(seconds=4), factor=4)
    own_job = Job.objects.filter(id=lease.id, lease=lease.token)
    own_job.update(state=WAITING, lease=None, lease_until=at + wait, moved_at=at, error=error)
    return True


def _end_lost_jobs(at: datetime) -> None:
    """End the jobs whose workers died too often, and those that were cancelled."""
    lost = Q(state=RUNNING, lease_until__lte=at)
    ended = {"lease": None, "lease_until": None, "ended_at": at, "moved_at": at}
    cancelled = Job.objects.filter(lost | Q(state=WAITING), cancel_wanted=True)
    cancelled.update(state=CANCELLED, **ended)
    error = f"{MOST_ATTEMPTS} workers stopped while running it"
    failed = Job.objects.filter(lost, attempts__gte=MOST_ATTEMPTS)
    failed.update(state=FAILED, error=error, **ended)


BEAT = timedelta(seconds=1)
CANCELLATION, SHUTDOWN, LOST = "cancelled", "shutdown", "lost"


def no_op() -> None:
    pass


class Interrupted(Exception):
    """The worker left the job before anything was written."""


class LeaseKeeper:
    """Renews a lease while its worker runs. `shutting_down` returns whether the worker shuts down.
    `stop_reason` is empty, or the reason to stop: the job was cancelled, the worker shuts down, or
    the lease is lost. `step` is called at each step.
    """

    def __init__(
        self,
        lease: Lease,
        *,
        now: Callable[[], datetime],
        shutting_down: Callable[[], bool],
        step: Callable[[], None] = no_op,
    ) -> None:
        self.lease = lease
        self._step = step
        self.now = now
        self.stop_reason = ""
        self._shutting_down = shutting_down
        self._progress: dict[str, object] = {}
        self._next = now()

    def observer(self, **callbacks: Any) -> Observer:
        """An observer that renews the lease, with further callbacks."""
        return Observer(
            reads=self.reads,
            begins=self._on_begin,
            runs=self._on_run,
            progress=self._on_progress,
            stop=self._stop,
            **callbacks,
        )

    def beat(self) -> None:
        """Renew the lease if it is time."""
        self._step()
        if not self.stop_reason and self._shutting_down():
            self.stop_reason = SHUTDOWN
        if self.stop_reason or self.now() < self._next:
            return
        at = self.now()
        cancelled = renew(self.lease, at=at, **self._progress)
        self._next = at + BEAT
        if cancelled is not False:
            self.stop_reason = LOST if cancelled is None else CANCELLATION

    def reads(self) -> None:
        """Renew the lease during the first pass through the file.

        :raises Interrupted: if the worker must stop.
        """
        self.beat()
        if self.stop_reason and not self._progress:
            raise Interrupted

    def _on_begin(self, form: ImportFormat, rows: int) -> None:
        self._progress |= {"format": form.name, "total": rows}
        self._beat_now()

    def _on_run(self, run: UUID) -> None:
        self._progress |= {"run": run}
        self._beat_now()

    def _on_progress(self, done: int, total: int) -> None:
        self._progress |= {"done": done, "total": total}
        self.beat()

    def _beat_now(self) -> None:
        self._next = self.now()
        self.beat()

    def _stop(self) -> bool:
        return bool(self.stop_reason)


class MonitoredFile(io.FileIO):
    """A file that calls a function at each read."""

    def __init__(self, path: Any, on_read: Callable[[], None]) -> None:
        super().__init__(path, "rb")
        self._on_read = on_read

    def readinto(self, buffer: Any, /) -> int | None:
        self._on_read()
        return super().readinto(buffer)

    def readall(self) -> bytes:
        self._on_read()
        return super().readall()

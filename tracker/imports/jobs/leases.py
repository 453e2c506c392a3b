"""Who works on a job: one at a time, for as long as it gives a sign of life.

A worker that is killed gives none; its job is taken up by another when the lease is over.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from tracker.imports.formats.base import Format
from tracker.imports.runs import Watch
from tracker.models.jobs import CANCELLED, FAILED, RUNNING, WAITING, Job
from tracker.projections import leases

# Longer than any library is silent over the largest workbook.
LEASE = timedelta(seconds=120)
MOST_ATTEMPTS = 5
_TAKE = leases.take_sql(
    "job",
    key=("id",),
    until="lease_until",
    order="asked_at, id",
    free="state IN ('waiting', 'running')",
    changes=", state = 'running', begun_at = %(at)s, moved_at = %(at)s, done = 0,"
    " counts = '{}', told = '{}'",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A job in the hands of one worker."""

    id: UUID
    token: UUID
    kind: str
    by: str
    options: Mapping[str, Any]
    file_name: str
    run: UUID | None
    attempts: int


def take(*, at: datetime) -> Lease | None:
    """Take the job that has waited longest, or whose worker gives no sign of life."""
    _bury(at)
    row = leases.take(_TAKE, at=at, lasting=LEASE)
    return taken(row["id"], row["lease"]) if row else None


def taken(job: UUID, token: UUID) -> Lease | None:
    """The lease of a job that has this token, if its worker still holds the lease."""
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


def renew(lease: Lease, *, at: datetime, **told: object) -> bool | None:
    """Give a sign of life and say how far it is; give whether somebody wants the job to end, None
    if it is in other hands."""
    held = Job.objects.filter(id=lease.id, lease=lease.token)
    if not held.update(lease_until=at + LEASE, moved_at=at, **told):
        return None
    return held.values_list("cancel_wanted", flat=True).first()


def is_lost(lease: Lease, *, at: datetime) -> bool:
    """Whether a job is in other hands, or may be in a moment, since there was no sign of life."""
    other = ~Q(lease=lease.token) | Q(lease_until__lte=at)
    return Job.objects.filter(other, id=lease.id, lease__isnull=False).exists()


def run_of(lease: Lease) -> UUID | None:
    """The import that a job has begun, as far as is known by now."""
    return Job.objects.filter(id=lease.id).values_list("run", flat=True).first()


def end(lease: Lease, state: str, *, at: datetime, **told: object) -> bool:
    """Say what came of a job; give whether the worker still held the lease."""
    held = Job.objects.filter(id=lease.id, lease=lease.token)
    over = {"lease": None, "lease_until": None, "ended_at": at, "moved_at": at}
    return held.update(state=state, **over, **told) == 1


def give_back(lease: Lease, *, at: datetime) -> None:
    """Leave a job to whoever takes it next; this was no attempt."""
    held = Job.objects.filter(id=lease.id, lease=lease.token)
    held.update(
        state=WAITING, lease=None, lease_until=None, moved_at=at, attempts=F("attempts") - 1
    )


def retry_later(lease: Lease, error: str, *, at: datetime) -> bool:
    """Have a job that was hindered tried again, a few times; give whether it will be."""
    if lease.attempts >= MOST_ATTEMPTS:
        end(lease, FAILED, at=at, error=error)
        return False
    wait = leases.backoff(lease.attempts, first=timedelta(seconds=4), factor=4)
    held = Job.objects.filter(id=lease.id, lease=lease.token)
    held.update(state=WAITING, lease=None, lease_until=at + wait, moved_at=at, error=error)
    return True


def _bury(at: datetime) -> None:
    """End the jobs that killed their workers, and those that nobody wants any more."""
    lost = Q(state=RUNNING, lease_until__lte=at)
    over = {"lease": None, "lease_until": None, "ended_at": at, "moved_at": at}
    unwanted = Job.objects.filter(lost | Q(state=WAITING), cancel_wanted=True)
    unwanted.update(state=CANCELLED, **over)
    died = f"{MOST_ATTEMPTS} workers died of it"
    deadly = Job.objects.filter(lost, attempts__gte=MOST_ATTEMPTS)
    deadly.update(state=FAILED, error=died, **over)


BEAT = timedelta(seconds=1)
CANCELLATION, LEAVING, LOST = "cancelled", "leaving", "lost"


def nothing() -> None:
    """Do nothing."""


class Interrupted(Exception):
    """The job is left before anything of it was written."""


class Keeper:
    """Keeps a lease. `leaving` says whether the worker has to go; `left` then is why the job is:
    somebody cancelled it, the worker goes, or it is in other hands. `step` is called at each step
    forward."""

    def __init__(
        self,
        lease: Lease,
        *,
        now: Callable[[], datetime],
        leaving: Callable[[], bool],
        step: Callable[[], None] = nothing,
    ) -> None:
        self.lease = lease
        self._step = step
        self.now = now
        self.left = ""
        self._leaving = leaving
        self._told: dict[str, object] = {}
        self._next = now()

    def watch(self, **told: Any) -> Watch:
        """Look on at an import or a withdrawal; `told` is who else is told of its rows."""
        return Watch(
            reads=self.reads,
            begins=self._begins,
            runs=self._runs,
            progress=self._moves,
            stop=self._stop,
            **told,
        )

    def beat(self) -> None:
        """Give a sign of life, if it is time for one."""
        self._step()
        if not self.left and self._leaving():
            self.left = LEAVING
        if self.left or self.now() < self._next:
            return
        at = self.now()
        unwanted = renew(self.lease, at=at, **self._told)
        self._next = at + BEAT
        if unwanted is not False:
            self.left = LOST if unwanted is None else CANCELLATION

    def reads(self) -> None:
        """Give a sign of life while the file is gone through for the first time.

        :raises Interrupted: if the job is to be left.
        """
        self.beat()
        if self.left and not self._told:
            raise Interrupted

    def _begins(self, form: Format, rows: int) -> None:
        self._told |= {"format": form.name, "total": rows, "done": 0}
        self._at_once()

    def _runs(self, run: UUID) -> None:
        self._told |= {"run": run}
        self._at_once()

    def _moves(self, done: int, total: int) -> None:
        self._told |= {"done": done, "total": total}
        self.beat()

    def _at_once(self) -> None:
        self._next = self.now()
        self.beat()

    def _stop(self) -> bool:
        return bool(self.left)


class Heard(io.FileIO):
    """A file whose reader gives signs of life."""

    def __init__(self, path: Any, hear: Callable[[], None]) -> None:
        super().__init__(path, "rb")
        self._hear = hear

    def readinto(self, buffer: Any, /) -> int | None:
        """Read as any file."""
        self._hear()
        return super().readinto(buffer)

    def readall(self) -> bytes:
        """Read as any file."""
        self._hear()
        return super().readall()

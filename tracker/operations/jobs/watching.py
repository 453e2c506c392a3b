"""A worker's eye on its job: gives signs of life, says how far it is, and knows when to leave."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tracker.importers.formats import Format
from tracker.operations.imports.reports import Watch
from tracker.operations.jobs import leases
from tracker.operations.jobs.leases import Lease

BEAT = timedelta(seconds=1)
CANCELLED, LEAVING, LOST = "cancelled", "leaving", "lost"


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
        unwanted = leases.renew(self.lease, at=at, **self._told)
        self._next = at + BEAT
        if unwanted is not False:
            self.left = LOST if unwanted is None else CANCELLED

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

"""Runs an import in a separate process with limits of memory and time."""

import subprocess
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from django.db import Error
from django.utils import timezone

from tracker.imports import isolation
from tracker.imports.jobs import leases
from tracker.imports.jobs.leases import Lease

CHECK_SECONDS = 5.0


def run_in_process(lease: Lease, *, shutting_down: Callable[[], bool]) -> int:
    """Run a job by the command `workon` and return its exit status.

    The process gets SIGTERM when this worker shuts down, and is killed when its lease is lost.
    """
    terminated, checked_at = False, monotonic()

    def check(process: "subprocess.Popen[bytes]") -> None:
        nonlocal terminated, checked_at
        if shutting_down() and not terminated:
            terminated = True
            process.terminate()
        if monotonic() - checked_at > CHECK_SECONDS:
            checked_at = monotonic()
            # Without a database, no other worker can take over the job.
            with suppress(Error):
                leases.renew_for_process(lease, at=timezone.now())
                if leases.is_lost(lease, at=timezone.now()):
                    process.kill()

    command = ["-m", "django", "workon", str(lease.id), str(lease.token)]
    return isolation.run(command, check=check)

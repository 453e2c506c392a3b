"""Has an import done in a process of its own, which has limits of memory and time."""

import subprocess
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from django.db import Error
from django.utils import timezone

from tracker.imports import isolation
from tracker.imports.jobs import leases
from tracker.imports.jobs.leases import Lease

LOOK_SECONDS = 5.0


def hand_over(lease: Lease, *, leaving: Callable[[], bool]) -> int:
    """Have the command `workon` do a job, and give how that ended.

    It is asked to go when this process has to, and is killed if it gives no sign of life.
    """
    asked, looked = False, monotonic()

    def look(process: "subprocess.Popen[bytes]") -> None:
        nonlocal asked, looked
        if leaving() and not asked:
            asked = True
            process.terminate()
        if monotonic() - looked > LOOK_SECONDS:
            looked = monotonic()
            # While the database is away nobody else can take the job up.
            with suppress(Error):
                if leases.is_lost(lease, at=timezone.now()):
                    process.kill()

    command = ["-m", "django", "workon", str(lease.id), str(lease.token)]
    return isolation.run(command, look=look)

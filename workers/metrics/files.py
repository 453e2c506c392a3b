# Most of what is used of prometheus_client has no types.
# mypy: allow-untyped-calls
"""Counts of all processes of a host, by prometheus_client's own files.

It names files by the process, so each worker that ever ran would leave some. Here a process takes
the number of one that ended and goes on with its counts: none falls and the folder does not grow.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path
from typing import IO

from django.conf import settings
from prometheus_client import values
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

# Enough for all routes and statuses. It is allocated at once: if the disk were full when a file in
# memory grows, the process would be killed.
FILE_BYTES = 1_000_000
TYPES = ("counter", "histogram")
# prometheus_client reads it here.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share() -> None:
    """Let each process of this host count in the folder of the settings. Call it before metrics are
    defined. Without a folder each process counts for itself."""
    # The parent of this process may have had another folder.
    os.environ.pop(FOLDER, None)
    values.ValueClass = values.MutexValue
    folder = settings.METRICS_FOLDER
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if os.access(folder, os.W_OK):
        os.environ[FOLDER] = str(folder)
        number = _Number()
        values.ValueClass = values.MultiProcessValue(number)
        number.counts = True


def sums() -> list[Metric] | None:
    """The counts of all processes; None if each counts for itself."""
    if FOLDER not in os.environ:
        return None
    return list(MultiProcessCollector.merge(map(str, _files())))


class _Number:
    """Gives the number that this process has and no other of this host. It is taken when the
    process first counts, and the kernel frees it when the process ends."""

    def __init__(self) -> None:
        self.counts = False
        self._process = self._number = 0
        self._lock: IO[bytes] | None = None

    def __call__(self) -> int:
        """:raises OSError: if the disk is full."""
        if self.counts and self._process != os.getpid():
            folder = Path(os.environ[FOLDER])
            for torn in {*folder.glob("*.db")} - {*_files()}:
                with suppress(OSError):
                    torn.unlink()
            number, lock = _free_number(folder)
            for kind in TYPES:
                with (folder / f"{kind}_{number}.db").open("ab") as file:
                    os.posix_fallocate(file.fileno(), 0, FILE_BYTES)
            self._process, self._number, self._lock = os.getpid(), number, lock
        return self._number


def _free_number(folder: Path) -> tuple[int, IO[bytes]]:
    """The first number that no running process has, and the file that keeps it for this one."""
    for number in count(1):
        # It may belong to another account.
        with suppress(PermissionError), ExitStack() as stack:
            lock = stack.enter_context((folder / f"{number}.lock").open("wb"))
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stack.pop_all()
                return number, lock
    raise AssertionError


def _files() -> Iterator[Path]:
    """The files of counts since the machine was started: what a power cut has torn would stop all
    counting."""
    since = time.time() - time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
    for file in Path(os.environ[FOLDER]).glob("*.db"):
        if file.stat().st_mtime >= since:
            yield file

"""Runs a program for an external file in a separate process, with limits of memory and time. A file
beyond a limit ends only that process, with a message that names the limit.

The time is CPU time, so a busy machine does not count. It is limited for each step, and for the
whole file by its size on disk: a small file that unpacks to millions of rows must not block others.
Memory is limited on Linux only.
"""

import ctypes
import math
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

OUT_OF_MEMORY = 76
_PARENT = "IMPORT_PARENT"
_PAUSE_SECONDS = 0.5
MEGABYTE = 1_000_000
_PR_SET_PDEATHSIG = 1

type Check = Callable[["subprocess.Popen[bytes]"], None]


def run(command: Sequence[str], *, check: Check = lambda _process: None) -> int:
    """Run a Python program that calls `confined`, and return its exit status. `check` is called
    twice a second.

    The program does not get Ctrl-C, whose traceback it would print. It is ended by SIGTERM instead.

    :raises KeyboardInterrupt: after the program has ended.
    """
    path = os.pathsep.join(filter(None, [str(settings.BASE_DIR), os.environ.get("PYTHONPATH")]))
    environ = {**os.environ, "PYTHONPATH": path, _PARENT: str(os.getpid())}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process = subprocess.Popen([sys.executable, *command], env=environ)  # noqa: S603
    except BaseException:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        raise
    with process:
        try:
            # The process keeps the signal blocked.
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            while True:
                with suppress(subprocess.TimeoutExpired):
                    return process.wait(timeout=_PAUSE_SECONDS)
                check(process)
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
        finally:
            process.kill()


def limit_message(status: int) -> str:
    """The limit that ended a process, and the fix; empty if no limit did."""
    if status == OUT_OF_MEMORY:
        limit = settings.IMPORT_MEMORY_MB
        return (
            f"the file took more than {limit} MB of memory to read: split it, or raise"
            " IMPORT_MEMORY_MB"
        )
    if status == -signal.SIGXCPU:
        limit = settings.IMPORT_SECONDS
        return (
            f"the file took too much computing time, more than {limit} seconds for a part of it or"
            " for each megabyte: split it, or raise IMPORT_SECONDS"
        )
    return ""


@contextmanager
def confined(*, size: int | None) -> Iterator[Callable[[], None]]:
    """Limit this process, and end it with its parent. Yields a function to
    call at each step. `size` is the file's in bytes; without it only steps are limited in time."""
    _end_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_memory()
    end = None if size is None else _cpu_seconds() + settings.IMPORT_SECONDS * (1 + size / MEGABYTE)

    def step() -> None:
        deadline = _cpu_seconds() + settings.IMPORT_SECONDS
        _limit_time(deadline if end is None else min(deadline, end))

    step()
    try:
        yield step
    except MemoryError:
        # Exit at once: any other step might need memory.
        os._exit(OUT_OF_MEMORY)


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _limit_time(seconds: float) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (_at_most(math.ceil(seconds), hard), hard))


def _limit_memory() -> None:
    """Allow so much in addition to the program's own memory."""
    with suppress(FileNotFoundError):  # Only Linux reports the program's memory.
        pages = int(Path("/proc/self/statm").read_text().split()[5])
        most = pages * resource.getpagesize() + settings.IMPORT_MEMORY_MB * 1024 * 1024
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (_at_most(most, hard), hard))


def _at_most(value: int, hard: int) -> int:
    return value if hard == resource.RLIM_INFINITY else min(value, hard)


def _end_with_parent() -> None:
    """Let the kernel end this process when its parent ends, even by kill -9."""
    parent = int(os.environ.pop(_PARENT, os.getppid()))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)

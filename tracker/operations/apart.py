"""Works on a file from outside in a process of its own, with limits of memory and time. One that
takes too much ends that process and nothing else, and the limit is named.

Time is the processor's, so that a busy machine does not count. Each step is limited, and the whole
file by its size before it is unpacked: a small file that unpacks to millions of rows must not delay
other files. Memory is limited on Linux only.
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
_PARENT = "APART_FROM"
_PAUSE_SECONDS = 0.5
MEGABYTE = 1_000_000
_PR_SET_PDEATHSIG = 1

type Look = Callable[["subprocess.Popen[bytes]"], None]


def run(command: Sequence[str], *, look: Look = lambda _process: None) -> int:
    """Run a Python program that calls `confined`, and give how it ended. `look` is called now and
    then while it runs."""
    path = os.pathsep.join(filter(None, [str(settings.BASE_DIR), os.environ.get("PYTHONPATH")]))
    environ = {**os.environ, "PYTHONPATH": path, _PARENT: str(os.getpid())}
    with subprocess.Popen([sys.executable, *command], env=environ) as process:  # noqa: S603
        try:
            while True:
                with suppress(subprocess.TimeoutExpired):
                    return process.wait(timeout=_PAUSE_SECONDS)
                look(process)
        except KeyboardInterrupt:
            # It was told by the terminal too, and says how far it is.
            process.wait()
            raise
        finally:
            process.kill()


def says(ended: int) -> str:
    """The limit that ended a process, and the way out; empty if none did."""
    if ended == OUT_OF_MEMORY:
        most = settings.IMPORT_MEMORY_MB
        return (
            f"the file took more than {most} MB of memory to read: split it, or raise"
            " IMPORT_MEMORY_MB"
        )
    if ended == -signal.SIGXCPU:
        most = settings.IMPORT_SECONDS
        return (
            f"the file took too much computing time, more than {most} seconds for a part of it or"
            " for each megabyte: split it, or raise IMPORT_SECONDS"
        )
    return ""


@contextmanager
def confined(*, size: int | None) -> Iterator[Callable[[], None]]:
    """Limit this process, and end it with the process that started it. Yields a function to call at
    each step.

    :param size: of the file in bytes; without it, only each step has a limit of time.
    """
    _end_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_memory()
    end = None if size is None else _used() + settings.IMPORT_SECONDS * (1 + size / MEGABYTE)

    def step() -> None:
        most = _used() + settings.IMPORT_SECONDS
        _limit_time(most if end is None else min(most, end))

    step()
    try:
        yield step
    except MemoryError:
        # Nothing more is done here: whatever it is might need memory.
        os._exit(OUT_OF_MEMORY)


def _used() -> float:
    """The seconds of processor time that this process has taken."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _limit_time(seconds: float) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (_at_most(math.ceil(seconds), hard), hard))


def _limit_memory() -> None:
    """Allow so much beyond what the program itself takes."""
    with suppress(FileNotFoundError):  # Not every system tells how much that is.
        pages = int(Path("/proc/self/statm").read_text().split()[5])
        most = pages * resource.getpagesize() + settings.IMPORT_MEMORY_MB * 1024 * 1024
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (_at_most(most, hard), hard))


def _at_most(wanted: int, hard: int) -> int:
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)


def _end_with_parent() -> None:
    """Have the kernel end this process when its parent ends, kill -9 included."""
    parent = int(os.environ.pop(_PARENT, os.getppid()))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)

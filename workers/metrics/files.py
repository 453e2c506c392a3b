# Most of what is used of prometheus_client has no types.
# mypy: allow-untyped-calls
"""Counts of all processes of a host, each in a file of its own (prometheus_client's own format).

The files of processes that ended are added to those of process 0, so that no count ever falls and
the folder does not grow.
"""

import fcntl
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog
from django.conf import settings
from prometheus_client import values
from prometheus_client.metrics_core import Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

# Enough for all routes and statuses. It is allocated at once: if the disk were full when a file in
# memory grows, the process would be killed.
FILE_BYTES = 1_000_000
TYPES = ("counter", "histogram")
# prometheus_client reads it here.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_ENDED = 0
# What reading a file raises that holds something else than counts.
_TORN = (ValueError, TypeError, AttributeError, RuntimeError, struct.error)
logger = structlog.get_logger()
# `flock` is for each open file, so threads need this one too.
_thread_lock = threading.Lock()


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
        process = _Process()
        values.ValueClass = values.MultiProcessValue(process)
        process.counts = True


class _Process:
    """Gives the number of this process. When it first counts, its files are made."""

    def __init__(self) -> None:
        self.counts = False
        self._prepared = 0

    def __call__(self) -> int:
        """:raises OSError: if the disk is full."""
        number = os.getpid()
        if self.counts and self._prepared != number:
            with _locked() as folder:
                _remove_torn(folder)
                _add_ended(folder)
                _allocate(number)
            self._prepared = number
        return number


def _allocate(number: int) -> None:
    for kind in TYPES:
        with _file(kind, number).open("ab") as file:
            os.posix_fallocate(file.fileno(), 0, FILE_BYTES)


def _file(kind: str, number: int) -> Path:
    return Path(os.environ[FOLDER]) / f"{kind}_{number}.db"


def sums() -> list[Metric] | None:
    """The counts of all processes; None if each counts for itself."""
    if FOLDER not in os.environ:
        return None
    with _locked() as folder:
        _remove_torn(folder)
        _add_ended(folder)
        files = [str(file) for file in folder.glob("*.db")]
        return list(MultiProcessCollector.merge(files))


@contextmanager
def _locked() -> Iterator[Path]:
    """No other process moves counts meanwhile."""
    folder = Path(os.environ[FOLDER])
    with _thread_lock, (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _remove_torn(folder: Path) -> None:
    """Delete files that cannot be read, as after a power cut: they would stop all counting."""
    for file in folder.glob("*.db"):
        # It may belong to another account.
        with suppress(OSError):
            size = file.stat().st_size
            if not _is_whole(file, size=size):
                file.unlink()
                # A file that is empty was made on a full disk.
                if size:
                    logger.warning("counts lost", file=str(file))


def _is_whole(file: Path, *, size: int) -> bool:
    """Whether a file can be read to its end."""
    try:
        with file.open("rb") as opened:
            (used,) = struct.unpack("i", opened.read(4))
        if not 0 <= used <= size:
            return False
        list(MultiProcessCollector.merge([str(file)]))
    except _TORN:
        return False
    return True


def _add_ended(folder: Path) -> None:
    """Move the counts of processes that ended."""
    for file in folder.glob("*.db"):
        kind, _, number = file.stem.partition("_")
        if int(number) != _ENDED and not _runs(int(number)):
            # It may belong to another account.
            with suppress(OSError):
                _add(file, to=_file(kind, _ENDED))
                file.unlink()


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _add(file: Path, *, to: Path) -> None:
    if not to.exists():
        _allocate(_ENDED)
    ended = MmapedDict(str(to))
    try:
        for key, value, _, _ in MmapedDict.read_all_values_from_file(str(file)):
            ended.write_value(key, ended.read_value(key)[0] + value, 0.0)
    finally:
        ended.close()

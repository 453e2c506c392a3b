"""A lock file. The kernel releases the lock when the process ends."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


class AlreadyLocked(RuntimeError):
    """Another process holds the lock. `note` is what that process wrote into the file."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


@contextlib.contextmanager
def hold(path: Path, *, note: str = "") -> Iterator[None]:
    """Hold the lock, with a note for other processes.

    :raises AlreadyLocked: if another process holds it.
    """
    path.touch(mode=0o600)
    with path.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyLocked(file.read()) from None
        file.truncate()
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
        yield

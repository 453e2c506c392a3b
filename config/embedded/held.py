"""A lock file that one process holds for as long as it lives; the kernel lets go of it."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


class Held(RuntimeError):
    """Another process holds the lock; carries what that process wrote about itself."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


@contextlib.contextmanager
def hold(path: Path, *, note: str = "") -> Iterator[None]:
    """Hold the lock and leave a note for whoever comes in vain.

    :raises Held: if another process has it.
    """
    path.touch(mode=0o600)
    with path.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Held(file.read()) from None
        file.truncate()
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
        yield

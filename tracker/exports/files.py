"""Writes a file under its name only once it is complete."""

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

PART = ".part"


class Busy(OSError):
    """Another process is writing the file."""


class CountedStream:
    """An output stream that counts and hashes its bytes."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: Any) -> int:
        self._out.write(data)
        self._hash.update(data)
        self.size += len(data)
        return len(data)

    @property
    def digest(self) -> str:
        """The SHA-256 so far, in hex digits."""
        return self._hash.hexdigest()


@contextmanager
def complete_file(path: Path) -> Iterator[BinaryIO]:
    """Open `path` + ".part". It is renamed to `path` at the end, or removed after an error.

    A part that an interrupted process left is overwritten.

    :raises Busy: if another process is writing the file.
    """
    part = path.with_name(path.name + PART)
    with part.open("ab") as out:
        if not _lock(out, part):
            raise Busy(errno.EBUSY, "another process is writing it", str(part))
        out.truncate(0)
        try:
            yield out
            out.flush()
            os.fsync(out.fileno())
            part.replace(path)
        except BaseException:
            with suppress(FileNotFoundError):
                part.unlink()
            raise


def _lock(out: BinaryIO, part: Path) -> bool:
    """Lock the file. False if another process has the lock or has renamed the file meanwhile."""
    try:
        fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.fstat(out.fileno()).st_ino == part.stat().st_ino
    except (BlockingIOError, FileNotFoundError):
        return False

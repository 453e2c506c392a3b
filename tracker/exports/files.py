"""A file that is there when it is whole, and not before."""

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
    """Somebody else writes that file at this moment."""


class Tally:
    """A stream to write to that counts the bytes and hashes them."""

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
def whole(path: Path) -> Iterator[BinaryIO]:
    """Open a file beside `path` that takes its name at the end, and is removed if that fails.

    What a killed process left there is written over.

    :raises Busy: if somebody else has it open for the same.
    """
    part = path.with_name(path.name + PART)
    with part.open("ab") as out:
        if not _held(out, part):
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


def _held(out: BinaryIO, part: Path) -> bool:
    """Lock the file; one that got its last name meanwhile is not ours to write."""
    try:
        fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.fstat(out.fileno()).st_ino == part.stat().st_ino
    except (BlockingIOError, FileNotFoundError):
        return False

"""Files of the seal on this host, outside the database: keys, last checkpoints, the end of the log.

Each is whole and on disk whenever the machine stops.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

_LOCK = "lock"


def folder() -> Path:
    return Path(settings.SEAL_FOLDER)


@contextmanager
def alone() -> Iterator[None]:
    """Let one process of this host at a time use the folder."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder() / _LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def has(name: str) -> bool:
    return (folder() / name).exists()


def read(name: str) -> str:
    """The text of a file; empty if there is none."""
    try:
        return (folder() / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def write(name: str, text: str) -> None:
    """Replace a file."""
    path = folder() / name
    draft = path.with_name(f"{name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)

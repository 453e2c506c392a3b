"""Files of the seal on this host, outside the database: keys, last checkpoints, the end of the log.

Each is whole and on disk whenever the machine stops.
"""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from django.conf import settings

_LOCK, _HOST = "lock", "host"


def folder() -> Path:
    return Path(settings.SEAL_FOLDER)


@contextmanager
def alone() -> Iterator[None]:
    """Let one process of this host at a time use the folder."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder() / _LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def host() -> str:
    """The id of this host, kept in its folder; its name, if it has no folder."""
    try:
        if not has(_HOST):
            with alone():
                if not has(_HOST):
                    write(_HOST, f"{uuid4()}\n")
        return read(_HOST).strip()
    except OSError:
        return socket.gethostname()


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
    # A command that root runs must not lock out the workers.
    owner = path.parent.stat()
    if os.geteuid() == 0:
        os.chown(draft, owner.st_uid, owner.st_gid)
    draft.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)

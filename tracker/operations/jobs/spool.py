"""The spool: where uploaded files wait for a worker, and what was refused of them for its reader.

One folder for all hosts. Each job has a folder of its own in it, named by its id.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

FILE, REJECTED, TO_MEND, REVIEW = "file", "rejected.csv", "mend.csv", "review.csv"
INCOMING = "incoming-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A file that lies whole in the spool and belongs to no job yet."""

    path: Path
    name: str
    size: int
    sha256: str

    def discard(self) -> None:
        """Delete it; nothing happens to one that became a job's."""
        self.path.unlink(missing_ok=True)


def incoming() -> Path:
    """Where the next file may be written."""
    return _folder() / f"{INCOMING}{uuid4().hex}"


def adopt(received: Received, job: UUID) -> None:
    """Make a received file that of a job."""
    received.path.rename(_made(job) / FILE)


def share(job: UUID, other: UUID) -> None:
    """Give a job the same file as another has.

    :raises FileNotFoundError: if that is not kept any more.
    """
    there, here = upload_of(job), _made(other) / FILE
    try:
        os.link(there, here)
    except FileNotFoundError:
        forget(other)
        raise
    except OSError:  # Not every file system has links.
        shutil.copyfile(there, here)


def upload_of(job: UUID) -> Path:
    """The file that a job was given."""
    return _folder() / str(job) / FILE


def rejected_of(job: UUID) -> Path:
    """The rows that were refused, once the job has ended."""
    return _folder() / str(job) / REJECTED


def to_mend_of(job: UUID) -> Path:
    """The rows of a table that were refused, as they stand there, once the job has ended."""
    return _folder() / str(job) / TO_MEND


def review_of(job: UUID) -> Path:
    """The rows that somebody should decide on, once a job that looked at a file has ended."""
    return _folder() / str(job) / REVIEW


def review_so_far(job: UUID, lease: UUID) -> Path:
    """Where one attempt writes them."""
    return _folder() / str(job) / f"{lease}.{REVIEW}"


def rejected_so_far(job: UUID, lease: UUID) -> Path:
    """Where one attempt writes what it refuses; another one may still be at it elsewhere."""
    return _folder() / str(job) / f"{lease}.{REJECTED}"


def forget(job: UUID) -> None:
    """Delete all that is kept for a job."""
    shutil.rmtree(_folder() / str(job), ignore_errors=True)


def kept() -> Iterator[UUID]:
    """The jobs that files are kept for."""
    for path in _folder().iterdir():
        with suppress(ValueError):
            yield UUID(path.name)


def touched_at(job: UUID) -> float:
    """When the folder of a job was last changed, in seconds since 1970; 0 if it is gone."""
    try:
        return (_folder() / str(job)).stat().st_mtime
    except FileNotFoundError:
        return 0.0


def sweep(*, before: datetime) -> None:
    """Delete what was on its way in then and has not become a job's: somebody hung up."""
    for path in _folder().glob(f"{INCOMING}*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                path.unlink()


def _made(job: UUID) -> Path:
    folder = _folder() / str(job)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _folder() -> Path:
    folder = Path(settings.SPOOL_FOLDER)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder

"""Takes an uploaded file to the spool while it comes in: bounded, and never whole in memory."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from tracker.domain.events import ImportRecorded
from tracker.domain.fields import limit
from tracker.imports import queries
from tracker.imports.runs import Settled

MOST_ROWS = 50
BETWEEN = " · "


class Sample:
    """The first rows that are not refused."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def add(self, row: Settled) -> None:
        """Keep one more, if there are few yet."""
        if len(self.rows) < MOST_ROWS:
            claim = row.claim
            self.rows.append(
                {
                    "line": row.line,
                    "outcome": row.outcome,
                    "occurred": claim.occurred.edtf if claim.occurred else "",
                    "parties": BETWEEN.join(row.parties),
                    "code": claim.code or "",
                    "summary": claim.summary,
                }
            )


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


# A file without a job is one that is about to have one, for so long.
STRAY = timedelta(days=1)


def tidy(*, at: datetime) -> int:
    """Delete the files of jobs that ended some time ago, and of none; give how many jobs'."""
    sweep(before=at - STRAY)
    old = [one for one in kept() if _old(one, at)]
    for one in old:
        forget(one)
    return len(old)


def _old(job_id: UUID, at: datetime) -> bool:
    found = queries.job(job_id)
    if found is None:
        return touched_at(job_id) < (at - STRAY).timestamp()
    kept = timedelta(days=settings.SPOOL_DAYS)
    return found.ended_at is not None and found.ended_at < at - kept


# The field whose file goes to the spool; files of other fields are small, as a mapping is.
FIELD = "file"
MOST_BESIDE = 256 * 1024
LONGEST_NAME = limit(ImportRecorded, "name").longest


class TooLarge(ValueError):
    """More was sent than the site takes; names the limit."""


class SpooledFile(UploadedFile):  # type: ignore[type-arg] # no generic at run time
    """A file that lies in the spool."""

    def __init__(self, received: Received) -> None:
        super().__init__(file=BytesIO(), name=received.name, size=received.size)
        self.received = received


class SpoolHandler(FileUploadHandler):
    """Handles the uploads of one request; `clear` deletes what became no job's."""

    chunk_size = 256 * 1024

    def __init__(self) -> None:
        super().__init__()
        self._received: list[Received] = []
        self._file: IO[bytes] | None = None

    def handle_raw_input(  # type: ignore[override] # the others are of no use here
        self, _input: Any, _meta: Any, content_length: int, *_beside: Any, **_named: Any
    ) -> None:
        """Refuse what is too long by its own account before any of it is read."""
        if content_length > settings.SPOOL_MOST_BYTES + 2 * MOST_BESIDE:
            raise self._too_large()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._size = 0
        self._digest = hashlib.sha256()
        self._spooled = self.field_name == FIELD
        if self._spooled:
            path = incoming()
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._received.append(Received(path=path, name="", size=0, sha256=""))
            self._file = os.fdopen(descriptor, "wb")
        else:
            self._file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> None:
        self._size += len(raw_data)
        if self._size > (settings.SPOOL_MOST_BYTES if self._spooled else MOST_BESIDE):
            raise self._too_large()
        self._digest.update(raw_data)
        assert self._file is not None  # noqa: S101 # new_file came before
        self._file.write(raw_data)

    def file_complete(self, _size: int) -> Any:
        name = str(self.file_name)[-LONGEST_NAME:]
        if isinstance(self._file, BytesIO):
            return SimpleUploadedFile(name, self._file.getvalue())
        assert self._file is not None  # noqa: S101 # new_file came before
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        path = self._received.pop().path
        digest = self._digest.hexdigest()
        received = Received(path=path, name=name, size=self._size, sha256=digest)
        self._received.append(received)
        return SpooledFile(received)

    def clear(self) -> None:
        """Delete what came in and is no job's."""
        if self._file is not None:
            self._file.close()
        for one in self._received:
            one.discard()

    def _too_large(self) -> TooLarge:
        spooled = getattr(self, "_spooled", True)
        most = settings.SPOOL_MOST_BYTES if spooled else MOST_BESIDE
        return TooLarge(f"{FIELD if spooled else self.field_name}: at most {most} bytes are taken")


def receive(data: bytes, *, name: str) -> Received:
    """Take a short file to the spool."""
    path = incoming()
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(data)
    digest = hashlib.sha256(data).hexdigest()
    return Received(path=path, name=name, size=len(data), sha256=digest)

"""The spool: files of jobs, uploads with a limit of size, and their deletion."""

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
from tracker.imports.runs import RowResult

MOST_ROWS = 50
SEPARATOR = " · "


class Sample:
    """The first rows of a dry run that are not refused."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def add(self, row: RowResult) -> None:
        """Add a row, up to the limit."""
        if len(self.rows) < MOST_ROWS:
            claim = row.claim
            self.rows.append(
                {
                    "line": row.line,
                    "outcome": row.outcome,
                    "occurred": claim.occurred.edtf if claim.occurred else "",
                    "parties": SEPARATOR.join(row.parties),
                    "code": claim.code or "",
                    "summary": claim.summary,
                }
            )


FILE, REJECTED, TO_FIX, REVIEW = "file", "rejected.csv", "mend.csv", "review.csv"
INCOMING = "incoming-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A complete file in the spool that belongs to no job yet."""

    path: Path
    name: str
    size: int
    sha256: str

    def discard(self) -> None:
        """Delete the file, unless it became a job's."""
        self.path.unlink(missing_ok=True)


def incoming() -> Path:
    """A new path for an upload."""
    return _folder() / f"{INCOMING}{uuid4().hex}"


def adopt(received: Received, job: UUID) -> None:
    """Move a received file to a job."""
    received.path.rename(_create_folder(job) / FILE)


def share_upload(job: UUID, other: UUID) -> None:
    """Link or copy the upload of a job to another job.

    :raises FileNotFoundError: if the upload was deleted.
    """
    source, target = upload_of(job), _create_folder(other) / FILE
    try:
        os.link(source, target)
    except FileNotFoundError:
        delete_files(other)
        raise
    except OSError:  # Some file systems have no links.
        shutil.copyfile(source, target)


def upload_of(job: UUID) -> Path:
    """The uploaded file of a job."""
    return _folder() / str(job) / FILE


def rejected_of(job: UUID) -> Path:
    """The refused rows of an ended job."""
    return _folder() / str(job) / REJECTED


def to_fix_of(job: UUID) -> Path:
    """The refused rows of an ended job, in the form of its table."""
    return _folder() / str(job) / TO_FIX


def review_of(job: UUID) -> Path:
    """The rows of an ended dry run that need a decision."""
    return _folder() / str(job) / REVIEW


def partial_review(job: UUID, lease: UUID) -> Path:
    """The rows that need a decision, as one attempt writes them."""
    return _folder() / str(job) / f"{lease}.{REVIEW}"


def partial_rejected(job: UUID, lease: UUID) -> Path:
    """The refused rows, as one attempt writes them; another attempt may run elsewhere."""
    return _folder() / str(job) / f"{lease}.{REJECTED}"


def delete_files(job: UUID) -> None:
    """Delete all files of a job."""
    shutil.rmtree(_folder() / str(job), ignore_errors=True)


def jobs_with_files() -> Iterator[UUID]:
    """The ids of the jobs that have files."""
    for path in _folder().iterdir():
        with suppress(ValueError):
            yield UUID(path.name)


def touched_at(job: UUID) -> float:
    """The time of the last change of a job's folder, in seconds since 1970; 0 if it is deleted."""
    try:
        return (_folder() / str(job)).stat().st_mtime
    except FileNotFoundError:
        return 0.0


def sweep(*, before: datetime) -> None:
    """Delete uploads that were interrupted before this time."""
    for path in _folder().glob(f"{INCOMING}*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                path.unlink()


def _create_folder(job: UUID) -> Path:
    folder = _folder() / str(job)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _folder() -> Path:
    folder = Path(settings.SPOOL_FOLDER)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


# A file without a job may still get one for this time.
STRAY = timedelta(days=1)


def tidy(*, at: datetime) -> int:
    """Delete old files of ended jobs, and files without a job. Returns the number of jobs."""
    sweep(before=at - STRAY)
    old = [job for job in jobs_with_files() if _old(job, at)]
    for job in old:
        delete_files(job)
    return len(old)


def _old(job_id: UUID, at: datetime) -> bool:
    job = queries.job(job_id)
    if job is None:
        return touched_at(job_id) < (at - STRAY).timestamp()
    return job.ended_at is not None and job.ended_at < at - timedelta(days=settings.SPOOL_DAYS)


# The field whose file goes to the spool; other fields, such as a mapping, are small.
FIELD = "file"
MOST_FIELD_BYTES = 256 * 1024
LONGEST_NAME = limit(ImportRecorded, "name").longest


class TooLarge(ValueError):
    """The upload is larger than the limit that the message names."""


class SpooledFile(UploadedFile):  # type: ignore[type-arg] # no generic at run time
    """An uploaded file in the spool."""

    def __init__(self, received: Received) -> None:
        super().__init__(file=BytesIO(), name=received.name, size=received.size)
        self.received = received


class SpoolHandler(FileUploadHandler):
    """Writes the uploads of a request to the spool, within limits. `clear` deletes those without a
    job."""

    chunk_size = 256 * 1024

    def __init__(self) -> None:
        super().__init__()
        self._received: list[Received] = []
        self._file: IO[bytes] | None = None

    def handle_raw_input(  # type: ignore[override] # the others are of no use here
        self, _input: Any, _meta: Any, content_length: int, *_beside: Any, **_named: Any
    ) -> None:
        """Refuse a request whose Content-Length is too large, before reading it."""
        if content_length > settings.SPOOL_MOST_BYTES + 2 * MOST_FIELD_BYTES:
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
        if self._size > (settings.SPOOL_MOST_BYTES if self._spooled else MOST_FIELD_BYTES):
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
        """Delete the uploads that became no job's."""
        if self._file is not None:
            self._file.close()
        for received in self._received:
            received.discard()

    def _too_large(self) -> TooLarge:
        spooled = getattr(self, "_spooled", True)
        most = settings.SPOOL_MOST_BYTES if spooled else MOST_FIELD_BYTES
        field = FIELD if spooled else self.field_name
        return TooLarge(f"{field}: at most {most} bytes are accepted")


def receive(data: bytes, *, name: str) -> Received:
    """Write a short file to the spool."""
    path = incoming()
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(data)
    digest = hashlib.sha256(data).hexdigest()
    return Received(path=path, name=name, size=len(data), sha256=digest)

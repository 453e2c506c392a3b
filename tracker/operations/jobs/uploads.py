"""Takes an uploaded file to the spool while it comes in: bounded, and never whole in memory."""

import hashlib
import os
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from tracker.domain.limits import WORDS
from tracker.operations.jobs import spool
from tracker.operations.jobs.spool import Received

# The field whose file goes to the spool; files of other fields are small, as a mapping is.
FIELD = "file"
MOST_BESIDE = 256 * 1024
LONGEST_NAME = WORDS["ImportRecorded.name"].longest


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
            path = spool.incoming()
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
    path = spool.incoming()
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(data)
    digest = hashlib.sha256(data).hexdigest()
    return Received(path=path, name=name, size=len(data), sha256=digest)

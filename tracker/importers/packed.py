"""Opens a file as it lies there, `.gz` and `.zip` unpacked on the way, as much as is bounded."""

import gzip
import io
import struct
import zipfile
import zlib
from typing import BinaryIO

from tracker.importers.lines import BadFile

BUFFER = 1 << 16
MOST_LINE = 1 << 20
# Text of events packs to a tenth or less; deflate alone could blow up a thousandfold.
MOST_RATIO = 200
ALWAYS = 64 * 1024 * 1024
GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
# The others need a program of their own to unpack, and as much memory as the file says.
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What a workbook has in it, and what Macintoshes put beside each file.
_WORKBOOK, _BESIDE = "[Content_Types].xml", "__MACOSX/"
_LONGEST_SHOWN = 100
_BROKEN = (EOFError, OSError, struct.error, zlib.error, zipfile.BadZipFile)


def opened(file: BinaryIO) -> io.BufferedReader:
    """Give the bytes of a seekable file, unpacked if it is packed. Reading holds one buffer.

    :raises BadFile: if it is no whole archive, holds several files, or unpacks to more than
        `MOST_RATIO` times its size; then or while it is read.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(len(_ZIP))
    file.seek(0)
    if head.startswith(GZIP):
        inner: BinaryIO = gzip.GzipFile(fileobj=file)  # type: ignore[assignment]
    elif head == _ZIP:
        inner = _only_member(file)
    else:
        inner = file
    most = max(ALWAYS, size * MOST_RATIO)
    return io.BufferedReader(_Bounded(inner, most), BUFFER)


def _only_member(file: BinaryIO) -> BinaryIO:
    try:
        packed = zipfile.ZipFile(file)
        found = [one.filename for one in packed.infolist() if not one.is_dir()]
        names = [name for name in found if not name.startswith(_BESIDE)]
        if len(names) == 1:
            if packed.getinfo(names[0]).compress_type not in METHODS:
                raise BadFile("the .zip is packed in an unusual way: pack it by deflate")
            return packed.open(names[0])  # type: ignore[return-value]
    except (*_BROKEN, RuntimeError, NotImplementedError) as problem:
        raise BadFile(f"the .zip cannot be unpacked: {problem}") from problem
    if _WORKBOOK in names:
        raise BadFile("it is a workbook, which goes with a mapping")
    shown = ", ".join(repr(name[:_LONGEST_SHOWN]) for name in names[:3])
    raise BadFile(f"the .zip holds {len(names)} files, where one is wanted: {shown}")


class _Bounded(io.RawIOBase):
    """The bytes of another file, up to a bound."""

    def __init__(self, inner: BinaryIO, most: int) -> None:
        super().__init__()
        self._inner = inner
        self._most = most
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            found = self._inner.read(len(buffer))
        except _BROKEN as problem:
            raise BadFile(f"the file cannot be unpacked to its end: {problem}") from problem
        self._given += len(found)
        if self._given > self._most:
            raise BadFile(f"it unpacks to more than {self._most} bytes, as no table does")
        buffer[: len(found)] = found
        return len(found)

"""Opens files, and unpacks `.gz` and `.zip` while they are read, within limits."""

import codecs
import gzip
import io
import re
import struct
import zipfile
import zlib
from typing import BinaryIO

BUFFER = 1 << 16
# Text of events packs to a tenth or less; deflate alone can expand a thousandfold.
MOST_RATIO = 200
ALWAYS_ALLOWED = 64 * 1024 * 1024
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
# Other methods require programs of their own, and as much memory as the file demands.
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# A part of each workbook, and the folder that macOS adds.
_WORKBOOK, _MACOS = "[Content_Types].xml", "__MACOSX/"
_LONGEST_SHOWN = 100
# A longer line is no row.
MOST_LINE = 1 << 20
_LINE_END = re.compile(rb"[\r\n]")
_BROKEN = (EOFError, OSError, struct.error, zlib.error, zipfile.BadZipFile)


class BadFile(ValueError):
    """A file that cannot be read at all. The message has the reason and a fix."""


def open_unpacked(file: BinaryIO) -> io.BufferedReader:
    """The unpacked bytes of a seekable file. Reading keeps one buffer in memory.

    :raises BadFile: if it is an incomplete archive, contains several files, or unpacks to more than
        `MOST_RATIO` times its size; now or while it is read.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(len(ZIP))
    file.seek(0)
    if head.startswith(GZIP):
        inner: BinaryIO = gzip.GzipFile(fileobj=file)  # type: ignore[assignment]
    elif head == ZIP:
        inner = _only_member(file)
    else:
        inner = file
    most = max(ALWAYS_ALLOWED, size * MOST_RATIO)
    return io.BufferedReader(_Bounded(inner, most), BUFFER)


def _only_member(file: BinaryIO) -> BinaryIO:
    try:
        archive = zipfile.ZipFile(file)
        members = [member.filename for member in archive.infolist() if not member.is_dir()]
        names = [name for name in members if not name.startswith(_MACOS)]
        if len(names) == 1:
            if archive.getinfo(names[0]).compress_type not in METHODS:
                raise BadFile("the .zip has an unusual compression: pack it with deflate")
            return archive.open(names[0])  # type: ignore[return-value]
    except (*_BROKEN, RuntimeError, NotImplementedError) as problem:
        raise BadFile(f"the .zip cannot be unpacked: {problem}") from problem
    if _WORKBOOK in names:
        raise BadFile("it is a workbook, which requires a mapping")
    shown = ", ".join(repr(name[:_LONGEST_SHOWN]) for name in names[:3])
    raise BadFile(f"the .zip contains {len(names)} files instead of one: {shown}")


def unended_line(file: BinaryIO) -> bytes:
    """The last line of a seekable file, if it has no line end and is not blank; none of a packed
    file, for which see `ends_within_line`."""
    file.seek(0)
    if file.read(len(ZIP)).startswith((GZIP, ZIP)):
        return b""
    file.seek(max(0, file.seek(0, io.SEEK_END) - MOST_LINE))
    last = _LINE_END.split(file.read())[-1].removeprefix(codecs.BOM_UTF8)
    return last if last.strip(b" \t\v\f\0") else b""


def ends_within_line(stream: BinaryIO) -> bool:
    """Whether the last of the unpacked bytes that were read is no line end."""
    inner = getattr(stream, "raw", None)
    return isinstance(inner, _Bounded) and not _LINE_END.fullmatch(inner.last)


class _Bounded(io.RawIOBase):
    """The bytes of another file, up to a limit. `last` is the last byte that was read."""

    def __init__(self, inner: BinaryIO, most: int) -> None:
        super().__init__()
        self._inner = inner
        self._most = most
        self._read = 0
        self.last = b"\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._inner.read(len(buffer))
        except _BROKEN as problem:
            raise BadFile(f"the file cannot be unpacked completely: {problem}") from problem
        self._read += len(data)
        if self._read > self._most:
            raise BadFile(f"it unpacks to more than {self._most} bytes, unlike any table")
        self.last = data[-1:] or self.last
        buffer[: len(data)] = data
        return len(data)

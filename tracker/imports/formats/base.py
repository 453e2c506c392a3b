"""Opens a file as it lies there, `.gz` and `.zip` unpacked on the way, as much as is bounded."""

import codecs
import csv
import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from tracker.domain.records import Collection
from tracker.imports.formats.drafts import DraftClaim

LONGEST_SHOWN = 200
# A cell of more characters holds no field of a claim; it is a sign of a quote that never ends.
LONGEST_CELL = 20_000
MOST_BYTES = 64 * 1024 * 1024
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "utf-16", "cp1250", "cp1251", "cp1252", "gb18030", "shift_jis", "euc_kr")


class BadFile(ValueError):
    """A file that cannot be read as a whole; says why and what to do."""


class BadCell(ValueError):
    """A cell that cannot be read as what it should say."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(f"{column}: {value[:LONGEST_SHOWN]!r} {reason}")
        self.column = column
        self.value = value
        self.reason = reason

    def on(self, line: int) -> "Refused":
        """The refusal of the row that the cell stands in."""
        shown = self.value[:LONGEST_SHOWN]
        return Refused(line=line, column=self.column, value=shown, reason=self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that cannot be read, and the cell that is at fault. `column` is empty where it is the
    row as a whole."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where a table stands in its file; what is not said is found out."""

    header: int = 1
    encoding: str = "utf-8"
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The cells of one line, as text without blanks around it, from the first column on.

    `faults`: why a cell cannot be read, by place. `days`: the places of cells that are dates by
    themselves, written as EDTF.
    """

    number: int
    cells: tuple[str, ...]
    faults: Mapping[int, str] = field(default_factory=dict)
    days: frozenset[int] = frozenset()

    @property
    def blank(self) -> bool:
        return not any(self.cells) and not self.faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line by the names of its columns."""

    line: int
    cells: Mapping[str, str]
    faults: Mapping[str, str]
    days: frozenset[str]

    def text(self, column: str) -> str:
        """Give what stands in a column.

        :raises BadCell: where it cannot be read.
        """
        value = self.cells[column]
        if column in self.faults:
            raise BadCell(column, value, self.faults[column])
        if len(value) > LONGEST_CELL:
            most = f"at most {LONGEST_CELL} are read"
            raise BadCell(column, value, f"is {len(value)} characters long; {most}")
        return value


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


_MARK = b"\xef\xbb\xbf"


class Cells(NamedTuple):
    """The cells of one line, as they stand there."""

    number: int
    cells: list[str]


class Form(NamedTuple):
    """How the cells of a line are told apart."""

    delimiter: str
    quoted: bool


def numbered(stream: BinaryIO, *, after: int = 0) -> Iterator[tuple[int, bytes]]:
    """Give each line that is not blank, without its end, and its number, in a stream of which so
    many lines are read already.

    :raises BadFile: at a line that no table has.
    """
    number = after
    while line := stream.readline(MOST_LINE + 1):
        number += 1
        if len(line) > MOST_LINE:
            raise BadFile(
                f"line {number} is longer than {MOST_LINE} bytes: it is no row of a table"
            )
        bare = line.rstrip(b"\r\n")
        if number == 1:
            bare = bare.removeprefix(_MARK)
        if bare.strip():
            yield number, bare


def form(first: str) -> Form:
    """Tell how cells are told apart, by the first line."""
    return Form(delimiter="\t" if "\t" in first else ",", quoted='"' in first)


def rows(stream: BinaryIO) -> Iterator[Cells | Refused]:
    """Give the cells of each line; one that is no text or whose quotes are wrong is refused."""
    # A line has its own bound.
    csv.field_size_limit(MOST_LINE)
    found: Form | None = None
    for number, raw in numbered(stream):
        try:
            text = raw.decode()
        except UnicodeDecodeError as problem:
            reason = f"byte 0x{raw[problem.start]:02X} is not UTF-8"
            yield Refused(line=number, column="", value="", reason=reason)
            continue
        if found is None:
            found = form(text)
        try:
            yield Cells(number, split(text, found))
        except csv.Error as problem:
            reason = f"cannot be split into cells: {problem}"
            yield Refused(line=number, column="", value="", reason=reason)


def split(text: str, how: Form) -> list[str]:
    """:raises csv.Error: if a quote is not closed or something follows it, or at a bare CR."""
    if not how.quoted and how.delimiter == "\t":
        return text.split("\t")
    return next(csv.reader([text], delimiter=how.delimiter, strict=True))


SAVE = "save it as UTF-8"
# That of UTF-32 begins as that of UTF-16 does.
_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
# One sign in four of a table is ASCII's at the least, and each has two bytes.
_SIGNS = 8
# Fewer lines than one in so many are damaged ones in a file that is UTF-8 else.
_SELDOM = 1_000


def wide(head: bytes) -> str:
    """Give the encoding of a text that has two or four bytes for each sign, as its beginning tells:
    by its mark, or by the zeros beside ASCII's signs, which stand on one side only. Empty for any
    other.
    """
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name
    sides = head[0::2].count(0), head[1::2].count(0)
    many = max(sides) * _SIGNS > len(head)
    return "UTF-16" if many and not min(sides) else ""


def refuse_wide(head: bytes) -> None:
    """:raises BadFile: if a file that begins so has two or four bytes for each sign."""
    if name := wide(head):
        raise BadFile(f"it is saved as {name}: {SAVE}")


def refuse_older(lines: Iterable[tuple[int, bytes]]) -> None:
    """Go through numbered lines, and see that they are UTF-8.

    Lines that are not may be damaged, each by itself. They are not, if they are many, and more than
    those that have other signs than ASCII's and are UTF-8.

    :raises BadFile: if the file is saved in an older encoding.
    """
    number = proven = foreign = 0
    first = ""
    for line, raw in lines:
        number += 1
        if raw.isascii():
            continue
        try:
            raw.decode()
        except UnicodeDecodeError as problem:
            foreign += 1
            first = first or f"line {line}: byte 0x{raw[problem.start]:02X}"
        else:
            proven += 1
    if foreign > proven and foreign * _SELDOM >= number:
        raise BadFile(
            f"it is not saved as UTF-8 ({first}) but in an older encoding, as Latin-1 and"
            f" Windows-1252 are: {SAVE}"
        )


# So many rows are read between two signs of life.
OFTEN = 1_000


def nobody() -> None:
    """Do nothing."""


class Head(NamedTuple):
    """The beginning of a file: its text, and the cells of its first lines."""

    text: str
    rows: tuple[list[str], ...]

    @property
    def names(self) -> frozenset[str]:
        """The cells of the first line, in small letters."""
        first = self.rows[0] if self.rows else []
        return frozenset(cell.strip().lower() for cell in first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One form that files come in.

    `knows` tells by the head whether a file is of it. `read` takes the unpacked bytes and gives
    each row as a draft or as refused, in order, one at a time; it raises BadFile where the file as
    a whole is not of the form. Claims go to `collection`, or each to the one that its draft names.
    `opened` gives those bytes of a file as it lies there. `lined`: below the first row each line
    that is not blank is a row, so that what follows can be counted without reading it as such.
    `countries` are named beside the rows.
    """

    name: str
    says: str
    collection: Collection | None
    knows: Callable[[Head], bool]
    read: Callable[[BinaryIO], Iterator[DraftClaim | Refused]]
    opened: Callable[[BinaryIO], io.BufferedReader] = opened
    lined: bool = True
    countries: tuple[str, ...] = ()

    def count(self, file: BinaryIO, *, beat: Callable[[], None] = nobody) -> int:
        """Go through a file to its end, so that one that is wrong as a whole is told by then; give
        the number of its rows, or about that where it begins with lines that cannot be read.

        `beat` is called now and then: a table is long in memory after its last byte was read.

        :raises BadFile:
        """
        if self.lined:
            refuse_older(numbered(self.opened(file)))
        stream = self.opened(file)
        number = 0
        for row in self.read(stream):
            number += 1
            if number % OFTEN == 0:
                beat()
            if self.lined and isinstance(row, DraftClaim):
                return number + sum(1 for _ in numbered(stream, after=row.line))
        return number


class Named(NamedTuple):
    """The cells of a line by column, names in small letters, without blanks around them."""

    line: int
    cells: Mapping[str, str]


def read(
    stream: BinaryIO,
    wanted: Sequence[str],
    *,
    missing: Sequence[str],
    ghosts: Sequence[str] = (),
) -> Iterator[Named | Refused]:
    """Give each row; cells that are in `missing` are empty.

    A row that has more or fewer cells than the header is refused, unless what it has more is empty.
    `ghosts` are names that some headers have, whose rows do not have the column.

    :raises BadFile: if a column that is wanted is not in the header, or stands there twice.
    """
    header: list[str] | None = None
    bare: list[str] = []
    for row in rows(stream):
        if isinstance(row, Refused):
            yield row
        elif header is None:
            header = [cell.strip().lower() for cell in row.cells]
            bare = [name for name in header if name not in ghosts]
            _check(header, wanted)
        else:
            names = bare if len(row.cells) == len(bare) else header
            yield _row(names, row, missing)


def _check(header: list[str], wanted: Sequence[str]) -> None:
    for name in wanted:
        times = header.count(name.lower())
        if times != 1:
            said = f"{times} columns are called" if times else "there is no column"
            raise BadFile(f"{said} {name!r} in the header")


def _row(header: list[str], row: Cells, missing: Sequence[str]) -> Named | Refused:
    cells, width = row.cells, len(header)
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        reason = f"has {len(cells)} cells, where the header has {width}: its columns are shifted"
        return Refused(line=row.number, column="", value="", reason=reason)
    stripped = (cell.strip() for cell in cells[:width])
    found = ("" if cell in missing else cell for cell in stripped)
    return Named(row.number, dict(zip(header, found, strict=True)))

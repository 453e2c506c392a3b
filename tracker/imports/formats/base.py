"""What all import formats share: rows and their errors, lines, encodings, and the header."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, BinaryIO, NamedTuple

from tracker.domain.json_values import as_utf8
from tracker.domain.offices import Offices
from tracker.domain.records import Collection
from tracker.imports.formats.drafts import DraftClaim, PlainDraft
from tracker.imports.formats.encodings import refuse_legacy_encoding
from tracker.imports.formats.packed import (
    MOST_LINE,
    BadFile,
    ends_within_line,
    open_unpacked,
    unended_line,
)

# The longest value and the longest reason of an invalid cell.
LONGEST_SHOWN, LONGEST_REASON = 200, 1_000
# No field of a claim is longer: a longer cell means that a quote was not closed.
LONGEST_CELL = 20_000
MOST_BYTES = 64 * 1024 * 1024
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "utf-16", "cp1250", "cp1251", "cp1252", "gb18030", "shift_jis", "euc_kr")


class BadCell(ValueError):
    """A cell with an invalid value. `more` has other invalid cells of its row."""

    def __init__(
        self, column: str, value: str, reason: str, *, more: Sequence["BadCell"] = ()
    ) -> None:
        super().__init__(f"{column}: {value[:LONGEST_SHOWN]!r} {reason}")
        self.column = column
        self.value = value
        self.reason = reason
        self.more = tuple(more)

    def with_others(self, others: Sequence["BadCell"]) -> "BadCell":
        """This cell with other invalid cells of its row."""
        return BadCell(self.column, self.value, self.reason, more=others)

    def at_line(self, line: int) -> "InvalidRow":
        """The row of the cell as an invalid row."""
        return InvalidRow(
            line=line,
            column=self.column,
            value=as_utf8(self.value)[:LONGEST_SHOWN],
            reason=as_utf8(self.reason)[:LONGEST_REASON],
            more=tuple(cell.at_line(line) for cell in self.more),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidRow:
    """A row that cannot be read, and its first invalid cell. `column` is empty if the whole row is
    invalid. `more` has the other invalid cells.

    `draft` is what could be read of the row, without the fields at the pointers `unread`; its names
    can be looked up, so that all faults are found at once.
    """

    line: int
    column: str
    value: str
    reason: str
    more: tuple["InvalidRow", ...] = ()
    draft: DraftClaim | None = field(default=None, compare=False, repr=False)
    unread: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @property
    def faults(self) -> tuple["InvalidRow", ...]:
        """All invalid cells."""
        return (self, *self.more)

    @property
    def complaint(self) -> str:
        """The column and the reason of its first invalid cell."""
        return f"{self.column}: {self.reason}".removeprefix(": ")

    @property
    def complaints(self) -> str:
        """The columns and reasons of all invalid cells, for one cell of a table."""
        return "; ".join(fault.complaint for fault in self.faults)[:LONGEST_REASON]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where a table is in its file. None: it is detected."""

    header: int = 1
    encoding: str = "utf-8"
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The stripped cells of a line, from the first column on.

    `faults`: why a cell cannot be read, by index. `days`: the indexes of cells with the type date,
    written as EDTF.
    """

    number: int
    cells: tuple[str, ...]
    faults: Mapping[int, str] = field(default_factory=dict)
    days: frozenset[int] = frozenset()

    @property
    def blank(self) -> bool:
        return not any(self.cells) and not self.faults


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A line of a table, by the names of its columns."""

    line: int
    cells: Mapping[str, str]
    faults: Mapping[str, str]
    days: frozenset[str]

    def text(self, column: str) -> str:
        """The text in a column.

        :raises BadCell: if it cannot be read.
        """
        value = self.cells[column]
        if column in self.faults:
            raise BadCell(column, value, self.faults[column])
        if len(value) > LONGEST_CELL:
            reason = f"is {len(value)} characters long; at most {LONGEST_CELL} are read"
            raise BadCell(column, value, reason)
        return value


_UTF8_MARK = b"\xef\xbb\xbf"


class SplitLine(NamedTuple):
    """The cells of one line, not stripped."""

    number: int
    cells: list[str]


class Dialect(NamedTuple):
    """How a line is split into cells."""

    delimiter: str
    quoted: bool


def numbered_lines(stream: BinaryIO, *, after: int = 0) -> Iterator[tuple[int, bytes]]:
    """Each line that is not blank, without its end, and its number. `after` lines of the stream
    have been read already.

    :raises BadFile: at a line that is too long for a table.
    """
    number = after
    while line := stream.readline(MOST_LINE + 1):
        number += 1
        if len(line) > MOST_LINE:
            raise BadFile(f"line {number} is longer than {MOST_LINE} bytes: it is not a table row")
        content = line.rstrip(b"\r\n")
        if number == 1:
            content = content.removeprefix(_UTF8_MARK)
        if content.strip():
            yield number, content


def dialect_of(first: str) -> Dialect:
    """Detect the dialect by the first line."""
    return Dialect(delimiter="\t" if "\t" in first else ",", quoted='"' in first)


def split_lines(stream: BinaryIO) -> Iterator[SplitLine | InvalidRow]:
    """The cells of each line. A line is invalid if it is not UTF-8 or its quotes do not match."""
    # A line has its own limit.
    csv.field_size_limit(MOST_LINE)
    dialect: Dialect | None = None
    for number, raw in numbered_lines(stream):
        try:
            text = raw.decode()
            dialect = dialect or dialect_of(text)
            yield SplitLine(number, split_cells(text, dialect))
        except UnicodeDecodeError as problem:
            yield invalid_line(number, f"byte 0x{raw[problem.start]:02X} is not UTF-8")
        except csv.Error as problem:
            yield invalid_line(number, f"cannot be split into cells: {problem}")


def split_cells(text: str, dialect: Dialect) -> list[str]:
    """:raises csv.Error: if a quote is not closed or text follows it, or at a bare CR."""
    if not dialect.quoted and dialect.delimiter == "\t":
        return text.split("\t")
    return next(csv.reader([text], delimiter=dialect.delimiter, strict=True))


def invalid_line(number: int, reason: str) -> InvalidRow:
    """A line that is invalid as a whole."""
    return InvalidRow(line=number, column="", value="", reason=reason)


# The last line of a file without its end.
CUT = "is on the last line, which has no line end, so that the file may be cut there: get it again"
CUT_ROW = f"{CUT}, or end the line"

# The number of rows between two heartbeats.
BEAT_EVERY = 1_000


def no_beat() -> None:
    """Do nothing."""


class FileHead(NamedTuple):
    """The beginning of a file: its text, and the cells of its first lines."""

    text: str
    rows: tuple[list[str], ...]

    @property
    def names(self) -> frozenset[str]:
        """The cells of the first line, in lower case."""
        first = self.rows[0] if self.rows else []
        return frozenset(cell.strip().lower() for cell in first)


# A row of a file, in the lightest form that its format can give.
type FileRow = PlainDraft | DraftClaim | InvalidRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFormat:
    """A format of import files.

    `matches` recognises a file by its head. `open` gives the unpacked bytes of a file. `rows` gives
    each row of these bytes as a draft (in tables of office-holders as a term) or as an invalid row,
    in order, one at a time; it raises BadFile if the whole file is invalid. Claims go to
    `collection`, or each to the one that its draft names. `is_line_based`: below the first row each
    line that is not blank is a row, so that rows can be counted without parsing them.
    `countries` and `actors` are named besides the rows.
    `header` names the columns that a file must have; `width` is the number of all of its columns.
    `names_people`: `rows` also takes the `offices` of persons, whom rows name on their days.
    """

    name: str
    description: str
    collection: Collection | None
    matches: Callable[[FileHead], bool]
    rows: Callable[..., Iterator[Any]]
    open: Callable[[BinaryIO], io.BufferedReader] = open_unpacked
    is_line_based: bool = True
    countries: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    width: int = 0
    names_people: bool = False

    def with_offices(self, offices: Offices) -> "ImportFormat":
        """The format with persons in office that stand for their countries."""
        return replace(self, rows=partial(self.rows, offices=offices))

    def read(self, stream: BinaryIO) -> Iterator[DraftClaim | InvalidRow]:
        """The rows of unpacked bytes, the plain ones as any other draft.

        :raises BadFile: if the whole file is invalid.
        """
        for row in self.rows(stream):
            yield row.claim() if isinstance(row, PlainDraft) else row

    def entries(self, file: BinaryIO) -> Iterator[Any]:
        """The rows of a seekable file. The last may be cut in its last cell if its line has no end:
        it is refused in an archive, whose programs end every line, and remarked in other tables.

        :raises BadFile: if the whole file is invalid.
        """
        has_no_end = bool(unended_line(file))
        stream = self.open(file)
        rows = iter(self.rows(stream))
        last = next(rows, None)
        for row in rows:
            yield last
            last = row
        if last is not None:
            is_cut = has_no_end or ends_within_line(stream)
            yield self._cut(last) if is_cut else last

    def _cut(self, row: Any) -> Any:
        if self.is_line_based and self.header and not isinstance(row, InvalidRow):
            return invalid_line(row.line, CUT_ROW)
        return replace(row, remarks=(*row.remarks, CUT)) if isinstance(row, DraftClaim) else row

    def count(self, file: BinaryIO, *, beat: Callable[[], None] = no_beat) -> int:
        """Read a whole file, so that an invalid file is refused by then. Returns the number of its
        rows, approximately if it begins with invalid lines.

        `beat` is called regularly: a table takes time after its last byte was read.

        :raises BadFile:
        """
        unended = unended_line(file)
        if self.is_line_based:
            refuse_legacy_encoding(numbered_lines(self.open(file)))
            if unended:
                _refuse_cut(self._last_row(file, unended))
        stream = self.open(file)
        number = 0
        row: FileRow | None = None
        for number, row in enumerate(self.rows(stream), start=1):
            if number % BEAT_EVERY == 0:
                beat()
            if self.is_line_based and not isinstance(row, InvalidRow):
                return number + sum(1 for _ in numbered_lines(stream, after=row.line))
        if unended:
            _refuse_cut(row)
        return number

    def _last_row(self, file: BinaryIO, line: bytes) -> FileRow | None:
        """The row on the last line, as it is read below the first line; None below a header that is
        the last line itself."""
        _, first = next(numbered_lines(self.open(file)))
        rows = self.rows(io.BytesIO(b"\n".join(dict.fromkeys([first, line]))))
        return next(reversed(list(rows)), None)


def _refuse_cut(last: FileRow | None) -> None:
    """Refuse a file that ends in the middle of a row.

    :raises BadFile: if its last row, which has no line end, is invalid as a whole.
    """
    if isinstance(last, InvalidRow) and not last.column:
        raise BadFile(
            f"its last line has no line end and is not a whole row ({last.reason}): the file is"
            " incomplete; get it again, or end the line to have that row refused alone"
        )

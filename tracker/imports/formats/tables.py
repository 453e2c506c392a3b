"""Reads a table, CSV or a workbook: its header and its rows."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from tracker.domain.formulas import unguarded
from tracker.imports.formats.base import (
    DELIMITERS,
    ENCODINGS,
    LONGEST_SHOWN,
    MOST_BYTES,
    InvalidRow,
    Layout,
    Line,
    TableRow,
)
from tracker.imports.formats.encodings import SAVE, wide_encoding
from tracker.imports.formats.packed import BUFFER, GZIP, MOST_LINE, ZIP, BadFile

# The delimiter is detected by so many characters.
_HEAD = 100_000
_IN_MAPPING = f"or set its encoding in the mapping: {', '.join(ENCODINGS)}"


def csv_lines(
    data: bytes, *, wanted: Collection[str], encoding: str = "utf-8", delimiter: str | None = None
) -> Iterator[Line]:
    """The lines of a CSV file, with blank ones. The number is that of the first line of a row.

    The default delimiter is the one that gives most of the wanted columns in one of the first
    lines.

    :raises BadFile: if the bytes are not text, or a quote is not closed.
    """
    _check_text(data, encoding)
    with _text(data, encoding) as text:
        head = text.read(_HEAD)
    declared = _declared_delimiter(head)
    dialect = delimiter or declared or _likely_delimiter(head, wanted)
    # A longer cell holds no field of a claim: its quote was not closed.
    csv.field_size_limit(MOST_LINE)
    text = _text(data, encoding)
    if declared:
        text.readline()
    rows = csv.reader(_bounded_lines(text), delimiter=dialect, strict=True)
    return _numbered(rows, skipped=1 if declared else 0)


def _numbered(rows: Any, *, skipped: int) -> Iterator[Line]:
    while True:
        number = rows.line_num + 1 + skipped
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as problem:
            raise BadFile(
                f"line {number}: a quote is not closed, or text follows it ({problem}): the rows"
                " after it cannot be separated, so the file is not imported"
            ) from problem
        yield Line(number=number, cells=tuple(cell.strip() for cell in cells))


def _text(data: bytes, encoding: str) -> io.TextIOWrapper:
    """The bytes as text, decoded while it is read."""
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    return io.TextIOWrapper(io.BytesIO(data), encoding=name, newline="")


def _check_text(data: bytes, encoding: str) -> None:
    """:raises BadFile: if the bytes are not text in an encoding."""
    if encoding == "utf-8" and (name := wide_encoding(data[:BUFFER])):
        raise BadFile(f"it is saved as {name}: {SAVE}, {_IN_MAPPING}")
    decode = codecs.getincrementaldecoder(encoding)().decode
    try:
        for at in range(0, len(data), BUFFER):
            decode(data[at : at + BUFFER])
        decode(b"", final=True)
    except UnicodeDecodeError:
        raise _bad_text(data, encoding) from None


def _bad_text(data: bytes, encoding: str) -> BadFile:
    """The error at the first byte that is not text."""
    line, wrong = 1, 0
    try:
        data.decode(encoding)
    except UnicodeDecodeError as problem:
        line += data.count(b"\n", 0, problem.start)
        wrong = data[problem.start]
    return BadFile(f"line {line}: byte 0x{wrong:02X} is not {encoding}: {SAVE}, {_IN_MAPPING}")


def _bounded_lines(text: io.TextIOWrapper) -> Iterator[str]:
    """:raises BadFile: at a line that is too long for a table."""
    number = 0
    while line := text.readline(MOST_LINE + 1):
        number += 1
        if len(line) > MOST_LINE:
            raise BadFile(
                f"line {number} is longer than {MOST_LINE} characters: it is not a table row"
            )
        yield line


def _declared_delimiter(head: str) -> str | None:
    """The delimiter in the line `sep=;` that spreadsheets write."""
    match = re.match(r"sep=([^\r\n])\r*(?:\n|\Z)", head)
    return match[1] if match else None


def _likely_delimiter(head: str, wanted: Collection[str]) -> str:
    first, columns = head.splitlines()[:20], set(wanted)

    def matches(delimiter: str) -> int:
        return max((len(_names(line, delimiter) & columns) for line in first), default=0)

    return max(DELIMITERS, key=matches)


def _names(line: str, delimiter: str) -> set[str]:
    return {name.strip() for row in csv.reader([line], delimiter=delimiter) for name in row}


# The column of reasons in a download of refused rows. An import of that file skips it, and removes
# the apostrophes that keep cells from being formulas.
REASON = "refused because"
_OLE = b"\xd0\xcf\x11\xe0"
# The most columns of a sheet. Similar names are searched among some of them, and in short names.
MOST_COLUMNS = 16_384
_MOST_COMPARED, _LONGEST_COMPARED = 500, 100


def read(
    data: bytes, layout: Layout, *, wanted: Collection[str]
) -> Iterator[TableRow | InvalidRow]:
    """The rows below the header, without blank ones. A row with another number of cells is invalid.

    `wanted` are the required columns.

    :raises BadFile: if the file has no such table; later, if it becomes unreadable.
    """
    header, lines = header_and_lines(data, layout, wanted=wanted)
    # Cells of a workbook have addresses, so its lines can be shorter. Other lines with fewer cells
    # than the header may be shifted.
    rows = _SheetRows if data.startswith(ZIP) else _Rows
    return map(rows(header, wanted), lines)


def header_and_lines(
    data: bytes, layout: Layout, *, wanted: Collection[str]
) -> tuple[Sequence[str], Iterator[Line]]:
    """The header and the lines below it, without blank ones.

    :raises BadFile: as `read`.
    """
    if len(data) > MOST_BYTES:
        raise BadFile(f"the file has {len(data)} bytes; at most {MOST_BYTES} are read")
    lines = (line for line in _lines(data, layout, wanted) if line.number >= layout.header)
    first = next(lines, None)
    if first is None or first.blank:
        raise BadFile(f"there is no header on line {layout.header}")
    _check(first.cells, wanted)
    return first.cells, (line for line in lines if not line.blank)


def _lines(data: bytes, layout: Layout, wanted: Collection[str]) -> Iterable[Line]:
    if data.startswith(_OLE):
        raise BadFile("this is an old workbook (.xls) or has a password: save it as .xlsx")
    if data.startswith(GZIP):
        raise BadFile("this is packed (.gz): unpack a table before you import it with a mapping")
    if data.startswith(ZIP):
        # openpyxl loads numpy: only the process that reads a workbook waits for it.
        from tracker.imports.formats import workbook  # noqa: PLC0415

        return workbook.sheet_lines(data, sheet=layout.sheet)
    return csv_lines(data, wanted=wanted, encoding=layout.encoding, delimiter=layout.delimiter)


def _check(header: Sequence[str], wanted: Collection[str]) -> None:
    if len(header) > MOST_COLUMNS:
        raise BadFile(f"the header has {len(header)} cells; at most {MOST_COLUMNS} are read")
    for name, times in Counter(filter(None, header)).items():
        if times > 1:
            raise BadFile(f"{times} columns are called {name!r}: give each another name")
    known = set(header)
    for name in wanted:
        if name not in known:
            shown = [column[:_LONGEST_COMPARED] for column in header if column][:_MOST_COMPARED]
            near = get_close_matches(name[:_LONGEST_COMPARED], shown, n=3) or shown
            raise BadFile(
                f"there is no column {name[:LONGEST_SHOWN]!r}; nearest: {', '.join(near)}"
            )


class _Rows:
    """Makes rows from lines. It skips columns without a name, and the column of reasons."""

    def __init__(self, header: Sequence[str], wanted: Collection[str]) -> None:
        self._width = len(header)
        self._is_guarded = REASON in header
        self._names = tuple("" if name == REASON else name for name in header)
        # A short line has all wanted columns.
        self._empty = dict.fromkeys(wanted, "")

    def __call__(self, line: Line) -> TableRow | InvalidRow:
        if self._is_shifted(line):
            reason = f"the row has {len(line.cells)} cells, the header {self._width}"
            return InvalidRow(line=line.number, column="", value="", reason=reason)
        cells = [unguarded(cell) for cell in line.cells] if self._is_guarded else line.cells
        names = self._names
        return TableRow(
            line=line.number,
            cells=self._empty | {names[at]: cell for at, cell in enumerate(cells) if names[at]},
            faults={names[at]: reason for at, reason in line.faults.items() if self._name(at)},
            days=frozenset(names[at] for at in line.days if names[at]),
        )

    def _is_shifted(self, line: Line) -> bool:
        return len(line.cells) != self._width

    def _name(self, place: int) -> str:
        return self._names[place] if place < self._width else ""


class _SheetRows(_Rows):
    """Makes rows from lines that may be shorter than the header."""

    def _is_shifted(self, line: Line) -> bool:
        return len(line.cells) > self._width

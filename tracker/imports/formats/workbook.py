"""Reads one sheet of an Excel workbook (.xlsx) as lines: each cell as the text that it shows, and
why a cell shows nothing.

The rows are read one after the other. The texts that cells share are in memory.
"""

import io
import lzma
import re
import struct
import warnings
import zlib
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from itertools import islice
from typing import Any, cast
from xml.etree.ElementTree import Element, iterparse
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL, ReadOnlyCell
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import DATA_TAG, FORMULA_TAG, ROW_TAG, WorkSheetParser

from tracker.imports.formats.base import Line
from tracker.imports.formats.packed import METHODS, BadFile

MOST_ROWS = 1_048_576
# Each takes time and memory, also the empty ones before a cell far to the right.
MOST_CELLS = 5_000_000
# The type of a cell with a formula without a result.
UNSOLVED = "f"
_RESAVE = "open it in a spreadsheet and save it again"

type Cells = Sequence[Any]
type _Row = Sequence[Mapping[str, Any]]


def sheet_rows(sheet: Any) -> Iterator[tuple[int, Cells]]:
    """The number of each row and its cells, up to its last one. Rows that are not in the file are
    skipped.

    :raises BadFile: if there are too many cells, or rows are out of order.
    """
    cells, last = 0, 0
    for number, row in _parsed(sheet):
        if number <= last:
            raise BadFile(f"row {number} of the sheet is after row {last}: {_RESAVE}")
        if number > MOST_ROWS:
            return
        last = number
        width = max((cell["column"] for cell in row), default=0)
        cells += width
        if cells > MOST_CELLS:
            raise BadFile(
                f"the sheet has more than {MOST_CELLS} cells, empty ones included: delete the"
                " columns and rows beside the table, or save it as CSV"
            )
        yield number, _filled(sheet, row, width)


def _filled(sheet: Any, row: _Row, width: int) -> Cells:
    cells: list[Any] = [EMPTY_CELL] * width
    for cell in row:
        cells[cell["column"] - 1] = ReadOnlyCell(sheet, **cell)
    return cells


def _parsed(sheet: Any) -> Iterator[tuple[int, _Row]]:
    book = sheet.parent
    with sheet._get_source() as source:  # noqa: SLF001 # it has no public name
        yield from _Parser(
            source,
            sheet._shared_strings,  # noqa: SLF001 # as above
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001 # as above
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001 # as above
        ).parse()


class _Parser(WorkSheetParser):
    """Reads the rows, and nothing after them."""

    def parse(self) -> Generator[tuple[int, _Row]]:
        # Expat limits the expansion of entities.
        for _, element in iterparse(self.source):  # noqa: S314
            if element.tag == ROW_TAG:
                yield self.parse_row(cast("Any", element))
                element.clear()
            elif element.tag == DATA_TAG:
                return

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        # A formula with an empty result is a text; one that was never computed is a number.
        is_empty = cell["value"] is None and cell["data_type"] == "n"
        if is_empty and element.find(FORMULA_TAG) is not None:
            cell["data_type"] = UNSOLVED
        return cell


# The most bytes that a workbook may unpack to.
MOST_UNPACKED = 512 * 1024 * 1024
# All but the sheets is read into memory; most of it are the texts of cells.
_SHEETS = "xl/worksheets/"
MOST_HELD = 128 * 1024 * 1024
MOST_MERGED = 250_000
_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BadZipFile,
    EOFError,
    InvalidFileException,
    LookupError,
    OSError,
    RuntimeError,  # for example recursion, or a part with a password
    SyntaxError,  # of the XML, in either parser
    TypeError,
    ValueError,
    expat.ExpatError,
    lzma.LZMAError,
    struct.error,
    zlib.error,
)
# Every part is bounded and contains no `<`, so that no byte is read often.
_MERGED = re.compile(
    rb"<(?:\w{1,99}:)?mergeCell\s[^<>]{0,200}?\bref=[\"']"
    rb"([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})[\"']"
)
_BYTES, _OVERLAP = 1024 * 1024, 500
_FAULTS = {
    "e": "is an error of the spreadsheet",
    UNSOLVED: "is a formula without a result: open the file in a spreadsheet and save it",
}
# The code of the parser for a lack of memory.
_NO_MEMORY = 1
_LONGEST_SHOWN = 200
# The rows that are read together.
_CHUNK = 256


def sheet_lines(data: bytes, *, sheet: str | None = None) -> Iterator[Line]:
    """The lines of a sheet, each up to its last cell that is not empty.

    :raises BadFile: at once if it is not a workbook, is too large, or has several sheets and none
        is named; later if the sheet is damaged or has too many cells.
    """
    with _quiet(), _damage_named():
        opened = _open(data, sheet)
        hidden = _hidden(_merged(data, opened))
    return _in_chunks(_lines(opened, hidden))


def _lines(sheet: Any, hidden: Mapping[int, Mapping[int, str]]) -> Iterator[Line]:
    """All lines, with those that are not in the file."""
    expected = 1
    for number, cells in sheet_rows(sheet):
        for missing in range(expected, number):
            yield _line(missing, (), hidden.get(missing, {}))
        yield _line(number, cells, hidden.get(number, {}))
        expected = number + 1


def _in_chunks(lines: Iterator[Line]) -> Iterator[Line]:
    """The lines, read in chunks. Damage is named; warnings of the library are ignored."""
    while True:
        with _quiet(), _damage_named():
            chunk = list(islice(lines, _CHUNK))
        if not chunk:
            return
        yield from chunk


def _quiet() -> AbstractContextManager[object]:
    return warnings.catch_warnings(action="ignore", category=UserWarning)


def _open(data: bytes, sheet: str | None) -> Any:
    """The sheet with its values."""
    _check_size(data)
    book = openpyxl.load_workbook(
        io.BytesIO(data), read_only=True, data_only=True, keep_links=False
    )
    return book[_sheet(book, sheet)]


@contextmanager
def _damage_named() -> Iterator[None]:
    """Report a damaged workbook.

    :raises BadFile: :raises MemoryError: also if the XML parser reports a lack of memory.
    """
    try:
        yield
    except BadFile:
        raise
    except _DAMAGE as problem:
        if getattr(problem, "code", 0) == _NO_MEMORY:
            raise MemoryError from problem
        reason = str(problem)[:_LONGEST_SHOWN]
        raise BadFile(f"the workbook is damaged ({reason}): {_RESAVE}") from problem


def _check_size(data: bytes) -> None:
    """Refuse a workbook that is too large. What else may make it slow, such as many styles, comes
    up against the limits of the process (`isolation`)."""
    with ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
    if any(part.compress_type not in METHODS for part in parts):
        raise BadFile(f"the workbook has an unusual compression: {_RESAVE}")
    size = sum(part.file_size for part in parts)
    if size > MOST_UNPACKED:
        raise BadFile(f"the workbook unpacks to {size} bytes; at most {MOST_UNPACKED} are read")
    held = sum(part.file_size for part in parts if not part.filename.startswith(_SHEETS))
    if held > MOST_HELD:
        raise BadFile(
            f"the workbook has {held} bytes of texts and pictures besides its sheets; at most"
            f" {MOST_HELD} are read: save the sheet as CSV"
        )


def _sheet(book: Any, wanted: str | None) -> str:
    """The name of the sheet: the wanted one, or the only visible one."""
    visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if wanted in book.sheetnames:
        return str(wanted)
    if wanted is None and len(visible) == 1:
        return str(visible[0])
    reason = f"there is no sheet {wanted!r}" if wanted else "it has several sheets"
    raise BadFile(
        f"{reason}: set `sheet` under [table] in the mapping to one of: {', '.join(visible)}"
    )


def _line(number: int, cells: Cells, hidden: Mapping[int, str]) -> Line:
    texts = [_text(cell) for cell in cells]
    faults = dict(hidden)
    for place, cell in enumerate(cells):
        if reason := _FAULTS.get(cell.data_type):
            faults[place] = reason
    last = max([place for place, text in enumerate(texts) if text] + list(faults), default=-1)
    texts += [""] * (last + 1 - len(texts))
    days = frozenset(place for place, cell in enumerate(cells) if _is_day(cell))
    return Line(number=number, cells=tuple(texts[: last + 1]), faults=faults, days=days)


def _is_day(cell: Any) -> bool:
    return isinstance(cell.value, date) and cell.data_type == "d"


def _text(cell: Any) -> str:
    match cell.value:
        case None:
            return ""
        case bool(value):
            return str(value).upper()
        case int(value):
            return _number(value, cell.number_format)
        case float(value):
            return _number(value, cell.number_format)
        case datetime() as value:
            return _day(value, cell.number_format)
        case value:
            return str(value).strip()


def _number(value: float, form: str | None) -> str:
    """Fifteen digits, as in a spreadsheet; 0.4 that is shown as 40 % is 40 %."""
    percent = "%" in (form or "")
    digits = format(value * 100 if percent else value, ".15g")
    if percent:
        return f"{digits}%"
    return f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e15 else digits


def _day(value: datetime, form: str | None) -> str:
    """EDTF in the precision that the cell shows: May 2022 is stored as its first day."""
    shown = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", (form or "").lower())
    if "d" in shown or "y" not in shown:
        return value.date().isoformat()
    return value.date().isoformat()[: 7 if "m" in shown else 4]


def _hidden(areas: Collection[str]) -> dict[int, dict[int, str]]:
    """The cells that are hidden by a merged cell, by line and index, with the reason."""
    hidden: dict[int, dict[int, str]] = {}
    merged = 0
    for area in areas:
        left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(area))
        merged += (bottom - top + 1) * (right - left + 1)
        if merged > MOST_MERGED:
            raise BadFile(f"more than {MOST_MERGED} cells of the sheet are merged: unmerge them")
        reason = f"is merged into {get_column_letter(left)}{top}: unmerge it, and fill each row"
        for line in range(top, bottom + 1):
            places = range(left - 1, right)
            hidden.setdefault(line, {}).update(dict.fromkeys(places, reason))
        del hidden[top][left - 1]
    return hidden


def _merged(data: bytes, sheet: Any) -> Collection[str]:
    """The merged areas of a sheet, which come after its cells; slightly more than are allowed."""
    areas: dict[str, None] = {}
    path = sheet._worksheet_path  # noqa: SLF001 # it has no public name
    with ZipFile(io.BytesIO(data)) as packed, packed.open(path) as part:
        text = b""
        while (chunk := part.read(_BYTES)) and len(areas) <= MOST_MERGED:
            text = text[-_OVERLAP:] + chunk
            areas |= dict.fromkeys(area.decode() for area in _MERGED.findall(text))
    return areas

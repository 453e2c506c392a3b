"""One sheet of an Excel workbook (.xlsx), in bytes, as lines: every cell is text as a person sees
it, and what a cell hides is said of it.

The sheet is read as it comes. What is held are the texts that its cells refer to.
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
from posixpath import join, normpath
from typing import IO, Any, cast
from xml.etree.ElementTree import Element, iterparse
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL, ReadOnlyCell
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import DATA_TAG, FORMULA_TAG, ROW_TAG, WorkSheetParser

from tracker.imports.formats.base import METHODS, BadFile, Line

MOST_ROWS = 1_048_576
# Each takes time and memory, also those that a row has only because one far to the right is filled.
MOST_CELLS = 5_000_000
# The type of a cell with a formula whose result is not in the file.
UNSOLVED = "f"

type Cells = Sequence[Any]
type _Found = Sequence[Mapping[str, Any]]


def rows(sheet: Any) -> Iterator[tuple[int, Cells]]:
    """Give the number of each row and its cells, up to its last one. Rows that are not in the file
    are left out.

    :raises BadFile: if there are too many cells, or rows are out of order.
    """
    cells, last = 0, 0
    for number, found in _parsed(sheet):
        if number <= last:
            raise BadFile(
                f"row {number} of the sheet stands after row {last}: open it and save it anew"
            )
        if number > MOST_ROWS:
            return
        last = number
        width = max((one["column"] for one in found), default=0)
        cells += width
        if cells > MOST_CELLS:
            raise BadFile(
                f"the sheet has more than {MOST_CELLS} cells, empty ones included: delete the"
                " columns and rows beside the table, or save it as CSV"
            )
        yield number, _filled(sheet, found, width)


def _filled(sheet: Any, found: _Found, width: int) -> Cells:
    row: list[Any] = [EMPTY_CELL] * width
    for one in found:
        row[one["column"] - 1] = ReadOnlyCell(sheet, **one)
    return row


def _parsed(sheet: Any) -> Iterator[tuple[int, _Found]]:
    book = sheet.parent
    with sheet._get_source() as source:  # noqa: SLF001 # it has no name in the open
        yield from _Parser(
            source,
            sheet._shared_strings,  # noqa: SLF001 # as above
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001 # as above
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001 # as above
        ).parse()


class _Parser(WorkSheetParser):
    """Reads the rows, and nothing that follows them."""

    def parse(self) -> Generator[tuple[int, _Found]]:
        # Expat bounds by itself how far entities unfold.
        for _, element in iterparse(self.source):  # noqa: S314
            if element.tag == ROW_TAG:
                yield self.parse_row(cast("Any", element))
                element.clear()
            elif element.tag == DATA_TAG:
                return

    def parse_cell(self, element: Element) -> dict[str, Any]:
        found: dict[str, Any] = super().parse_cell(element)
        # A formula that gave the empty text is text; one that was never worked out is nothing.
        bare = found["value"] is None and found["data_type"] == "n"
        if bare and element.find(FORMULA_TAG) is not None:
            found["data_type"] = UNSOLVED
        return found


# A workbook is compressed: so many bytes may come out of it.
MOST_UNPACKED = 512 * 1024 * 1024
# All but the sheets is held in memory, most of it the texts of cells.
_TOP_RELATIONS = "xl/_rels/"
_SHEETS, _TEXTS, _CHAIN = "xl/worksheets/", "xl/sharedStrings.xml", "xl/calcChain.xml"
_AT_THE_TOP = re.compile(r"xl/[^/]+\.xml")
# What a part is said to be that names the sheets, or holds texts.
_BOUNDED = ("main+xml", "sharedStrings+xml")
MOST_HELD = 128 * 1024 * 1024
# Styles, names of sheets and the like are small, and slow to read. Each sheet is opened once, and
# looked for among the parts.
MOST_BESIDE = 4 * 1024 * 1024
MOST_PARTS, MOST_SHEETS, MOST_MERGED = 2_000, 1_000, 250_000
_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BadZipFile,
    EOFError,
    InvalidFileException,
    LookupError,
    OSError,
    RuntimeError,  # such as of recursion, or of a part that has a password
    SyntaxError,  # of the XML: both parsers that may be there raise kinds of it
    TypeError,
    ValueError,
    expat.ExpatError,
    lzma.LZMAError,
    struct.error,
    zlib.error,
)
# All of it is bounded and nothing in it can be another `<`, so that no byte is looked at often.
_MERGED = re.compile(
    rb"<(?:\w{1,99}:)?mergeCell\s[^<>]{0,200}?\bref=[\"']"
    rb"([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})[\"']"
)
_PIECE, _OVERLAP = 1024 * 1024, 500
_FAULTS = {
    "e": "is an error that the spreadsheet shows",
    UNSOLVED: "is a formula without its result: open the file in a spreadsheet and save it",
}
# What the parser says where memory is short.
_NO_MEMORY = 1
_LONGEST_SHOWN = 200
# So many rows are read at once.
_AT_ONCE = 256


def lines(data: bytes, *, sheet: str | None = None) -> Iterator[Line]:
    """Give the lines of a sheet, each as long as its last cell that is not empty.

    :raises BadFile: at once if it is no workbook, too large, or has several sheets and none is
        named; later where the sheet is damaged or has too many cells.
    """
    with _quiet(), _named():
        shown = _opened(data, sheet)
        hidden = _hidden(_merged(data, shown))
    return _gently(_lines(shown, hidden))


def _lines(shown: Any, hidden: Mapping[int, Mapping[int, str]]) -> Iterator[Line]:
    """One line after the other, those that are not in the file among them."""
    expected = 1
    for number, cells in rows(shown):
        for missing in range(expected, number):
            yield _line(missing, (), hidden.get(missing, {}))
        yield _line(number, cells, hidden.get(number, {}))
        expected = number + 1


def _gently(lines: Iterator[Line]) -> Iterator[Line]:
    """Some lines at once, with what is wrong with the workbook named. What the library passes over
    it warns of, and is not heard."""
    while True:
        with _quiet(), _named():
            piece = list(islice(lines, _AT_ONCE))
        if not piece:
            return
        yield from piece


def _quiet() -> AbstractContextManager[object]:
    return warnings.catch_warnings(action="ignore", category=UserWarning)


def _opened(data: bytes, sheet: str | None) -> Any:
    """The sheet with its values."""
    _check_size(data)
    book = openpyxl.load_workbook(
        io.BytesIO(data), read_only=True, data_only=True, keep_links=False
    )
    return book[_sheet(book, sheet)]


@contextmanager
def _named() -> Iterator[None]:
    """Say of a damaged workbook that it is one.

    :raises MemoryError: also where the parser of XML says that it has not got enough.
    """
    try:
        yield
    except BadFile:
        raise
    except _DAMAGE as problem:
        if getattr(problem, "code", 0) == _NO_MEMORY:
            raise MemoryError from problem
        says = str(problem)[:_LONGEST_SHOWN]
        raise BadFile(f"this workbook is damaged ({says}): open it and save it anew") from problem


def _check_size(data: bytes) -> None:
    with ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
        _check_parts(parts)
        for part in parts:
            if _is_beside(part.filename):
                with packed.open(part) as content:
                    _check_names(part.filename, content)


def _check_parts(parts: Collection[ZipInfo]) -> None:
    if len(parts) > MOST_PARTS:
        raise BadFile(f"the workbook has {len(parts)} parts; at most {MOST_PARTS} are read")
    if any(part.compress_type not in METHODS for part in parts):
        raise BadFile("the workbook is packed in an unusual way: open it and save it anew")
    size = sum(part.file_size for part in parts)
    if size > MOST_UNPACKED:
        raise BadFile(f"the workbook unpacks to {size} bytes; at most {MOST_UNPACKED} are read")
    held = sum(part.file_size for part in parts if not part.filename.startswith(_SHEETS))
    if held > MOST_HELD:
        raise BadFile(
            f"the workbook has {held} bytes of texts and pictures beside its sheets; at most"
            f" {MOST_HELD} are read: save the sheet as CSV"
        )
    beside = sum(part.file_size for part in parts if _is_beside(part.filename))
    if beside > MOST_BESIDE:
        raise BadFile(
            f"the workbook has {beside} bytes of styles and names beside its sheets; at most"
            f" {MOST_BESIDE} are read: save the sheet as CSV"
        )


def _is_beside(name: str) -> bool:
    """Whether a part is one of those that are read whole: styles, names, what belongs to what."""
    if name.endswith(".rels") or name == "[Content_Types].xml":
        return True
    if name.startswith(("docProps/", "xl/theme/")):
        return True
    return bool(_AT_THE_TOP.fullmatch(name)) and name not in (_TEXTS, _CHAIN)


def _check_names(part: str, content: IO[bytes]) -> None:
    """Look at what a part says of others, before that is believed.

    :raises BadFile: if it names many sheets or one several times, each of which would be opened, or
        says that a part with a bound is one that has none.
    """
    sheets: list[str] = []
    targets: list[str] = []

    def begins(tag: str, attributes: Mapping[str, str]) -> None:
        element = tag.rpartition(":")[2]
        if element == "sheet":
            sheets.extend(one for name, one in attributes.items() if name.endswith(":id"))
        elif element == "Relationship" and part.startswith(_TOP_RELATIONS):
            targets.append(normpath(join("/xl", attributes.get("Target", ""))))
        elif element == "Override":
            _check_place(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = begins
    parser.ParseFile(content)
    if len(sheets) > MOST_SHEETS:
        raise BadFile(f"the workbook has {len(sheets)} sheets; at most {MOST_SHEETS} are read")
    for named in (sheets, targets):
        if len(set(named)) < len(named):
            raise BadFile("the workbook has a sheet twice: open it and save it anew")


def _check_place(attributes: Mapping[str, str]) -> None:
    place = attributes.get("PartName", "").lstrip("/")
    bounded = attributes.get("ContentType", "").endswith(_BOUNDED)
    if bounded and not (_is_beside(place) or place == _TEXTS):
        raise BadFile(f"the workbook has {place!r} in an unusual place: open it and save it anew")


def _sheet(book: Any, wanted: str | None) -> str:
    """The name of the sheet: the wanted one, or the only one that is not hidden."""
    seen = [one.title for one in book.worksheets if one.sheet_state == "visible"]
    if wanted in book.sheetnames:
        return str(wanted)
    if wanted is None and len(seen) == 1:
        return str(seen[0])
    says = f"there is no sheet {wanted!r}" if wanted else "it has several sheets"
    raise BadFile(f"{says}: say in the mapping, under [table], sheet = one of {', '.join(seen)}")


def _line(number: int, cells: Cells, hidden: Mapping[int, str]) -> Line:
    texts = [_text(cell) for cell in cells]
    faults = dict(hidden)
    for place, cell in enumerate(cells):
        if why := _FAULTS.get(cell.data_type):
            faults[place] = why
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
    """Fifteen digits, as many as a spreadsheet has; 0.4 that is shown as 40 % is 40 %."""
    percent = "%" in (form or "")
    written = format(value * 100 if percent else value, ".15g")
    whole = f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e15 else written
    return f"{written}%" if percent else whole


def _day(value: datetime, form: str | None) -> str:
    """EDTF as fine as the cell shows it: May 2022, typed as such, is kept as its first day."""
    shown = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", (form or "").lower())
    if "d" in shown or "y" not in shown:
        return value.date().isoformat()
    return value.date().isoformat()[: 7 if "m" in shown else 4]


def _hidden(areas: Collection[str]) -> dict[int, dict[int, str]]:
    """Why cells are hidden under another one that they are merged into, by line and place."""
    hidden: dict[int, dict[int, str]] = {}
    merged = 0
    for area in areas:
        left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(area))
        merged += (bottom - top + 1) * (right - left + 1)
        if merged > MOST_MERGED:
            raise BadFile(f"more than {MOST_MERGED} cells of the sheet are merged: undo that")
        why = f"is merged into {get_column_letter(left)}{top}: undo that, and say it in each row"
        for line in range(top, bottom + 1):
            places = range(left - 1, right)
            hidden.setdefault(line, {}).update(dict.fromkeys(places, why))
        del hidden[top][left - 1]
    return hidden


def _merged(data: bytes, sheet: Any) -> Collection[str]:
    """The merged areas of a sheet, which stand behind its cells; more than are read are enough."""
    found: dict[str, None] = {}
    path = sheet._worksheet_path  # noqa: SLF001 # it has no name in the open
    with ZipFile(io.BytesIO(data)) as packed, packed.open(path) as part:
        kept = b""
        while (piece := part.read(_PIECE)) and len(found) <= MOST_MERGED:
            kept = kept[-_OVERLAP:] + piece
            found |= dict.fromkeys(area.decode() for area in _MERGED.findall(kept))
    return found

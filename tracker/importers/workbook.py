"""One sheet of an Excel workbook (.xlsx), in bytes, as lines: every cell is text as a person sees
it, and what a cell hides is said of it.

The sheet is read as it comes, twice side by side where it has formulas, for these and for their
results. What is held are the texts that its cells refer to.
"""

import io
import re
import warnings
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from datetime import date, datetime
from itertools import islice, zip_longest
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from tracker.importers.lines import BadFile, Line

# A workbook is compressed: so many bytes may come out of it, and it may have so many rows.
MOST_UNPACKED = 512 * 1024 * 1024
MOST_ROWS, MOST_MERGED = 1_048_576, 1_000_000
# All but the sheets is held in memory, most of it the texts of cells.
_SHEETS = "xl/worksheets/"
MOST_HELD = 128 * 1024 * 1024
# Each takes time and memory, also those that a row has only because one far to the right is filled.
MOST_CELLS = 5_000_000
_DAMAGE = (
    AttributeError,
    BadZipFile,
    EOFError,
    IndexError,
    InvalidFileException,
    KeyError,
    NotImplementedError,
    OSError,
    SyntaxError,  # of the XML: both parsers that may be there raise kinds of it
    TypeError,
    ValueError,
    zlib.error,
)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_PIECE, _OVERLAP = 1024 * 1024, 200
# So many rows are read at once.
_AT_ONCE = 256

type _Cells = Sequence[Any]


class _Marks(NamedTuple):
    """What stands in a sheet beside its values: by line and place, why cells are hidden under
    another one that they are merged into; and whether it has formulas."""

    hidden: Mapping[int, Mapping[int, str]]
    formulas: bool


def lines(data: bytes, *, sheet: str | None = None) -> Iterator[Line]:
    """Give the lines of a sheet, each as long as its last cell that is not empty.

    :raises BadFile: at once if it is no workbook, too large, or has several sheets and none is
        named; later where the sheet is damaged or has too many cells.
    """
    with _quiet():
        shown, marks = _opened(data, sheet)
    return _lines(shown, marks)


def _lines(shown: Any, marks: _Marks) -> Iterator[Line]:
    rows = enumerate(_rows(shown, _written(shown) if marks.formulas else None), start=1)
    while piece := _next(rows):
        for number, (cells, sources) in piece:
            yield _line(number, cells, sources, marks.hidden.get(number, {}))


def _next[T](rows: Iterator[T]) -> list[T]:
    """Some more rows. What the library passes over it warns of, and is not heard."""
    with _quiet():
        return list(islice(rows, _AT_ONCE))


def _quiet() -> AbstractContextManager[object]:
    return warnings.catch_warnings(action="ignore", category=UserWarning)


def _opened(data: bytes, sheet: str | None) -> tuple[Any, _Marks]:
    """The sheet with its values, and what stands in it beside them."""
    with _named():
        _check_size(data)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        shown = book[_sheet(book, sheet)]
        # What a sheet says of its own size can be wrong, and its rows would be cut to it.
        shown.reset_dimensions()
        return shown, _marked(data, shown)


def _written(shown: Any) -> Any:
    """The same sheet with its formulas instead of their results; it holds no more texts."""
    written = copy(shown)
    written.parent = copy(shown.parent)
    written.parent._data_only = False  # noqa: SLF001 # it has no name in the open
    return written


def _rows(shown: Any, written: Any | None) -> Iterator[tuple[_Cells, _Cells]]:
    """The cells of each row with their values and, where there are any, with their formulas."""
    with _named():
        both = [one.iter_rows(max_row=MOST_ROWS) for one in (shown, written) if one]
        cells = 0
        for values, *sources in zip_longest(*both, fillvalue=()):
            cells += len(values)
            if cells > MOST_CELLS:
                raise BadFile(
                    f"the sheet has more than {MOST_CELLS} cells, empty ones included: delete the"
                    " columns and rows beside the table, or save it as CSV"
                )
            yield values, sources[0] if sources else ()


@contextmanager
def _named() -> Iterator[None]:
    """Say of a damaged workbook that it is one."""
    try:
        yield
    except BadFile:
        raise
    except _DAMAGE as problem:
        raise BadFile(
            f"this workbook is damaged ({problem}): open it and save it anew"
        ) from problem


def _check_size(data: bytes) -> None:
    with ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
    size = sum(part.file_size for part in parts)
    if size > MOST_UNPACKED:
        raise BadFile(f"the workbook unpacks to {size} bytes; at most {MOST_UNPACKED} are read")
    held = sum(part.file_size for part in parts if not part.filename.startswith(_SHEETS))
    if held > MOST_HELD:
        raise BadFile(
            f"the workbook has {held} bytes of texts and pictures beside its sheets; at most"
            f" {MOST_HELD} are read: save the sheet as CSV"
        )


def _sheet(book: Any, wanted: str | None) -> str:
    """The name of the sheet: the wanted one, or the only one that is not hidden."""
    seen = [one.title for one in book.worksheets if one.sheet_state == "visible"]
    if wanted in book.sheetnames:
        return str(wanted)
    if wanted is None and len(seen) == 1:
        return str(seen[0])
    says = f"there is no sheet {wanted!r}" if wanted else "it has several sheets"
    raise BadFile(f"{says}: say in the mapping, under [table], sheet = one of {', '.join(seen)}")


def _line(number: int, cells: _Cells, sources: _Cells, hidden: Mapping[int, str]) -> Line:
    texts = [_text(cell) for cell in cells]
    faults = dict(hidden)
    for place, (cell, source) in enumerate(zip_longest(cells, sources)):
        if why := _fault(cell, source):
            faults[place] = why
    last = max([place for place, text in enumerate(texts) if text] + list(faults), default=-1)
    texts += [""] * (last + 1 - len(texts))
    days = frozenset(place for place, cell in enumerate(cells) if _is_day(cell))
    return Line(number=number, cells=tuple(texts[: last + 1]), faults=faults, days=days)


def _fault(cell: Any, source: Any) -> str:
    """Why a cell does not say what it seems to say."""
    if cell is not None and cell.data_type == "e":
        return "is an error that the spreadsheet shows"
    computed = source is not None and source.data_type == "f"
    # A formula that gave the empty text is text; one that was never worked out is nothing.
    if computed and cell.value is None and cell.data_type == "n":
        return "is a formula without its result: open the file in a spreadsheet and save it"
    return ""


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


def _marked(data: bytes, sheet: Any) -> _Marks:
    areas, formulas = _scanned(data, sheet._worksheet_path)  # noqa: SLF001 # as above
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
    return _Marks(hidden, formulas)


def _scanned(data: bytes, path: str) -> tuple[Collection[str], bool]:
    """The merged areas of a sheet, which stand behind its cells, more than are read being enough;
    and whether it has formulas."""
    found: dict[str, None] = {}
    formulas = False
    with ZipFile(io.BytesIO(data)) as packed, packed.open(path) as part:
        kept = b""
        while (piece := part.read(_PIECE)) and len(found) <= MOST_MERGED:
            kept = kept[-_OVERLAP:] + piece
            formulas = formulas or bool(_FORMULA.search(kept))
            found |= dict.fromkeys(area.decode() for area in _MERGED.findall(kept))
    return found, formulas

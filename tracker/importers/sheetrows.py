"""The rows of a sheet as they come, in one pass, with nothing else of the sheet read or held.

openpyxl's own reader also reads what stands beside the rows (rules, links, merged areas), and it
translates a shared formula once per cell. Both can take far longer than the file is large.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any, cast
from xml.etree.ElementTree import Element, iterparse

from openpyxl.cell.read_only import EMPTY_CELL, ReadOnlyCell
from openpyxl.worksheet._reader import DATA_TAG, FORMULA_TAG, ROW_TAG, WorkSheetParser

from tracker.importers.lines import BadFile

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

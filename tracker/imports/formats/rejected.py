"""Writes refused rows, as a list of their faults and as a table to be fixed and imported again."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import IO, BinaryIO

from tracker.domain.formulas import guarded, unguarded
from tracker.imports.formats import tables
from tracker.imports.formats.base import BEAT_EVERY, InvalidRow, Line, no_beat
from tracker.imports.formats.mappings import Mapping as TableMapping
from tracker.imports.formats.tables import REASON
from tracker.imports.formats.values import DateSource, precision

# The precision of a date, by its length as EDTF.
_PRECISION = {4: 1, 7: 2, 10: 3}


def write(
    data: bytes,
    mapping: TableMapping,
    reasons: Mapping[int, str],
    out: BinaryIO,
    *,
    beat: Callable[[], None] = no_beat,
) -> int:
    """Write the rows on some lines, each with its reason in a last column. Returns their number.
    `beat` is called regularly.

    :raises BadFile: if `data` has no such table.
    """
    layout = mapping.layout
    # With a byte order mark, by which spreadsheets recognise UTF-8.
    encoding = "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding
    text = io.TextIOWrapper(out, encoding=encoding, errors="replace", newline="")
    rows = csv.writer(text, delimiter=layout.delimiter or ",", lineterminator="\n")
    # The header is on the line that the mapping has for it.
    rows.writerows([[]] * (layout.header - 1))
    number = -1
    for cells in _rows(data, mapping, reasons, beat):
        rows.writerow(map(guarded, cells))
        number += 1
    text.detach()
    return number


def _rows(
    data: bytes, mapping: TableMapping, reasons: Mapping[int, str], beat: Callable[[], None]
) -> Iterator[Sequence[str]]:
    header, lines = tables.header_and_lines(data, mapping.layout, wanted=mapping.columns)
    formats = _formats(mapping)
    # A table that was refused before has the column already.
    is_repeated = REASON in header
    reason = header.index(REASON) if is_repeated else -1
    yield header if is_repeated else [*header, REASON]
    for read, line in enumerate(lines):
        if read % BEAT_EVERY == 0:
            beat()
        if line.number in reasons:
            cells = [*_typed(header, line, formats), *[""] * (len(header) - len(line.cells))]
            cells = [unguarded(cell) for cell in cells] if is_repeated else [*cells, ""]
            cells[reason] = reasons[line.number]
            yield cells


def _typed(
    header: Sequence[str], line: Line, formats: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """The cells as text. A date of a workbook has the format of its column."""
    for place, cell in enumerate(line.cells):
        name = header[place] if place < len(header) else ""
        is_day = place in line.days and name in formats
        yield _by_format(cell, formats[name]) if is_day else cell


def _by_format(edtf: str, formats: Sequence[str]) -> str:
    level = _PRECISION.get(len(edtf))
    form = next((form for form in formats if precision(form) == level), None)
    if form is None:
        return edtf
    year, month, day = (*map(int, edtf.split("-")), 1, 1)[:3]
    return date(year, month, day).strftime(form)


def _formats(mapping: TableMapping) -> dict[str, Sequence[str]]:
    """The formats of dates, by column."""
    sources: list[DateSource] = [
        source for source in (mapping.occurred, mapping.published) if source
    ]
    return {
        column: source.formats
        for source in sources
        if source.formats
        for value in (source.value, source.until)
        if value and (column := value.column)
    }


COLUMNS = ("line", "column", "value", "reason")
# The most reasons that are kept in memory.
MOST_REASONS = 100_000


class RefusedRows:
    """Writes refused rows to a file as they come, up to `most` of them. An error of the disk does
    not stop the import; it is kept in `error`. `reasons` are those of each line."""

    def __init__(
        self, path: Path, *, what: str = "the refused rows", most: int | None = None
    ) -> None:
        self.path = path
        self.rows = 0
        self.reasons: dict[int, str] = {}
        self.error = ""
        self.what = what
        self._most = most
        self._file: IO[str] | None = None

    def add(self, refused: InvalidRow) -> None:
        """Write a row, on a line for each of its invalid cells."""
        if self.error or self.rows == self._most:
            return
        try:
            if self._file is None:
                self._file = self.path.open("w", encoding="utf-8", newline="")
                csv.writer(self._file, lineterminator="\n").writerow(COLUMNS)
            csv.writer(self._file, lineterminator="\n").writerows(lines_of(refused))
        except OSError as problem:
            self.error = f"{self.what} could not be written: {problem.strerror}"
        else:
            self.rows += 1
            if len(self.reasons) < MOST_REASONS:
                self.reasons[refused.line] = refused.complaints

    def close(self) -> bool:
        """Close the file. Returns whether it has rows, and all of them."""
        if self._file is not None:
            try:
                self._file.close()
            except OSError as problem:
                self.error = f"{self.what} could not be written: {problem.strerror}"
        return bool(self.rows) and not self.error


def lines_of(row: InvalidRow) -> list[tuple[int, str, str, str]]:
    """The cells under `COLUMNS`, on a line for each invalid cell of a row."""
    return [
        (row.line, guarded(fault.column), guarded(fault.value), guarded(fault.reason))
        for fault in row.faults
    ]

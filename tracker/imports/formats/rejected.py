"""Writes rows of a table that were refused as a table of its own, for whoever mends them: it comes
in by the same mapping."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import BinaryIO

from tracker.domain.formulas import guarded, unguarded
from tracker.imports.formats import tables
from tracker.imports.formats.base import OFTEN, Line, Refused, nobody
from tracker.imports.formats.mappings import Mapping as TableMapping
from tracker.imports.formats.tables import REASON
from tracker.imports.formats.values import When, fineness

# How fine a date is, by its number of signs as EDTF.
_FINE = {4: 1, 7: 2, 10: 3}


def write(
    data: bytes,
    mapping: TableMapping,
    reasons: Mapping[int, str],
    out: BinaryIO,
    *,
    beat: Callable[[], None] = nobody,
) -> int:
    """Write the rows on some lines, each with its reason in a last column; give their number.
    `beat` is called now and then.

    :raises BadFile: if `data` holds no such table.
    """
    layout = mapping.layout
    # With a mark in front, by which spreadsheets know UTF-8.
    encoding = "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding
    text = io.TextIOWrapper(out, encoding=encoding, errors="replace", newline="")
    rows = csv.writer(text, delimiter=layout.delimiter or ",", lineterminator="\n")
    # The header comes to stand where the mapping looks for it.
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
    header, lines = tables.laid_out(data, mapping.layout, wanted=mapping.columns)
    formats = _formats(mapping)
    # One that was mended once, and not well, has the column already.
    again = REASON in header
    reason = header.index(REASON) if again else -1
    yield header if again else [*header, REASON]
    for read, line in enumerate(lines):
        if read % OFTEN == 0:
            beat()
        if line.number in reasons:
            cells = [*_typed(header, line, formats), *[""] * (len(header) - len(line.cells))]
            cells = [unguarded(cell) for cell in cells] if again else [*cells, ""]
            cells[reason] = reasons[line.number]
            yield cells


def _typed(
    header: Sequence[str], line: Line, formats: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """The cells as somebody would type them: a date of a workbook by the format of its column."""
    for place, cell in enumerate(line.cells):
        name = header[place] if place < len(header) else ""
        dated = place in line.days and name in formats
        yield _by_format(cell, formats[name]) if dated else cell


def _by_format(edtf: str, formats: Sequence[str]) -> str:
    level = _FINE.get(len(edtf))
    form = next((one for one in formats if fineness(one) == level), None)
    if form is None:
        return edtf
    year, month, day = (*map(int, edtf.split("-")), 1, 1)[:3]
    return date(year, month, day).strftime(form)


def _formats(mapping: TableMapping) -> dict[str, Sequence[str]]:
    """The formats of dates, by column."""
    whens: list[When] = [one for one in (mapping.occurred, mapping.published) if one]
    return {
        column: one.formats
        for one in whens
        if one.formats
        for value in (one.value, one.until)
        if value and (column := value.column)
    }


COLUMNS = ("line", "column", "value", "reason")


def row(refused: Refused) -> tuple[int, str, str, str]:
    """The cells under `COLUMNS`."""
    return (
        refused.line,
        guarded(refused.column),
        guarded(refused.value),
        guarded(refused.reason),
    )

"""CSV in UTF-8, in which no spreadsheet finds a formula to run.

A cell of text that begins with = + − @, a tab or a carriage return gets an apostrophe before it;
so does one that begins with apostrophes and then such a sign, so that the way back is plain: take
one apostrophe from what begins so. Numbers and days are written by us and stay as they are.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from tracker.domain.formulas import guarded
from tracker.exports.claimlines import instant
from tracker.exports.tables import Table, Type

GUARD = (
    "an apostrophe stands before text that begins with = + - @, a tab or a carriage return, so that"
    " no spreadsheet runs it; text that begins with apostrophes and then such a sign has one more"
)
BETWEEN = "; "
LISTS = f"lists are written one after the other, with {BETWEEN!r} between"
ROWS = 500


def write(table: Table[Any], out: BinaryIO) -> None:
    """Write a header and the rows, as they come."""
    for piece in pieces(table):
        out.write(piece)


def pieces(table: Table[Any]) -> Iterator[bytes]:
    """Give the header and the rows, some hundred at a time."""
    writers = [_WRITERS[column.type] for column in table.columns]
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(column.name for column in table.columns)
    for number, one in enumerate(table.rows, start=1):
        cells = zip(writers, table.row(one), strict=True)
        rows.writerow("" if value is None else write(value) for write, value in cells)
        if number % ROWS == 0:
            yield _drained(text)
    yield _drained(text)


def _drained(text: io.StringIO) -> bytes:
    found = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return found


_WRITERS: Mapping[Type, Callable[[Any], str]] = {
    "text": guarded,
    "integer": str,
    "number": repr,
    "flag": lambda value: "true" if value else "false",
    "day": lambda value: value.isoformat(),
    "moment": instant,
    "texts": lambda value: guarded(BETWEEN.join(value)),
    "numbers": lambda value: BETWEEN.join(map(repr, value)),
}

"""CSV in UTF-8. No cell is a formula in a spreadsheet.

An apostrophe is added to text that begins with = + − @, a tab or a carriage return, and to text
that begins with apostrophes and such a character. To read it back, remove one apostrophe from such
text. Numbers and days are unchanged.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tracker.domain.formulas import guarded
from tracker.exports.claimlines import instant
from tracker.exports.tables import Table, Type

GUARD = (
    "an apostrophe precedes text that begins with = + - @, a tab or a carriage return, so that no"
    " spreadsheet runs it; text that begins with apostrophes and such a character has one more"
)
BETWEEN = "; "
LISTS = f"the entries of a list are separated by {BETWEEN!r}"
ROWS = 500


def chunks(table: Table[Any]) -> Iterator[bytes]:
    """The header and the rows, some hundred at a time."""
    writers = [_WRITERS[column.type] for column in table.columns]
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(column.name for column in table.columns)
    for number, cells in enumerate(table.cells(), start=1):
        values = zip(writers, cells, strict=True)
        rows.writerow("" if value is None else write(value) for write, value in values)
        if number % ROWS == 0:
            yield _take(text)
    yield _take(text)


def _take(text: io.StringIO) -> bytes:
    chunk = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return chunk


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

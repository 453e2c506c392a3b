"""One JSON object a line, with all that is nested in it."""

from collections.abc import Iterator
from itertools import batched
from typing import Any, BinaryIO

from tracker.exports.tables import Table

# Lines that are written together.
LINES = 100


def write(table: Table[Any], out: BinaryIO) -> None:
    """Write the rows as they come."""
    for piece in pieces(table):
        out.write(piece)


def pieces(table: Table[Any]) -> Iterator[bytes]:
    """Give the rows, some of them at a time."""
    for rows in batched(table.rows, LINES, strict=False):
        yield "".join(f"{table.line(row)}\n" for row in rows).encode()

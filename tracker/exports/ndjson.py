"""One JSON object a line, with all that is nested in it."""

from typing import Any, BinaryIO

from tracker.exports.tables import Table


def write(table: Table[Any], out: BinaryIO) -> None:
    """Write the rows as they come."""
    for row in table.rows:
        out.write(table.line(row).encode() + b"\n")

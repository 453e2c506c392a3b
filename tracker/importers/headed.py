"""Rows of a text with a header, by the names of its columns."""

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple

from tracker.importers import delimited
from tracker.importers.lines import BadFile, Refused


class Named(NamedTuple):
    """The cells of a line by column, names in small letters, without blanks around them."""

    line: int
    cells: Mapping[str, str]


def read(
    stream: BinaryIO,
    wanted: Sequence[str],
    *,
    missing: Sequence[str],
    ghosts: Sequence[str] = (),
) -> Iterator[Named | Refused]:
    """Give each row; cells that are in `missing` are empty.

    A row that has more or fewer cells than the header is refused, unless what it has more is empty.
    `ghosts` are names that some headers have, whose rows do not have the column.

    :raises BadFile: if a column that is wanted is not in the header, or stands there twice.
    """
    header: list[str] | None = None
    bare: list[str] = []
    for row in delimited.rows(stream):
        if isinstance(row, Refused):
            yield row
        elif header is None:
            header = [cell.strip().lower() for cell in row.cells]
            bare = [name for name in header if name not in ghosts]
            _check(header, wanted)
        else:
            names = bare if len(row.cells) == len(bare) else header
            yield _row(names, row, missing)


def _check(header: list[str], wanted: Sequence[str]) -> None:
    for name in wanted:
        times = header.count(name.lower())
        if times != 1:
            said = f"{times} columns are called" if times else "there is no column"
            raise BadFile(f"{said} {name!r} in the header")


def _row(header: list[str], row: delimited.Cells, missing: Sequence[str]) -> Named | Refused:
    cells, width = row.cells, len(header)
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        reason = f"has {len(cells)} cells, where the header has {width}: its columns are shifted"
        return Refused(line=row.number, column="", value="", reason=reason)
    stripped = (cell.strip() for cell in cells[:width])
    found = ("" if cell in missing else cell for cell in stripped)
    return Named(row.number, dict(zip(header, found, strict=True)))

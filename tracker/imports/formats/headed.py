"""Rows of an archive below a header, by the names of its columns."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple

from tracker.imports.formats.base import BadCell, InvalidRow, SplitLine, invalid_line, split_lines
from tracker.imports.formats.packed import BadFile


class NamedRow(NamedTuple):
    """The stripped cells of a line, by column in lower case."""

    line: int
    cells: Mapping[str, str]


def drafts_of[T](
    rows: Iterable[NamedRow | InvalidRow], draft: Callable[[NamedRow], T]
) -> Iterator[T | InvalidRow]:
    """The draft of each row; a row with a bad cell is invalid."""
    for row in rows:
        try:
            yield row if isinstance(row, InvalidRow) else draft(row)
        except BadCell as problem:
            yield problem.at_line(row.line)


def read_headed(
    stream: BinaryIO,
    wanted: Sequence[str],
    *,
    missing: Sequence[str],
    header_only: Sequence[str] = (),
) -> Iterator[NamedRow | InvalidRow]:
    """The rows below a header. Cells with a text in `missing` are empty.

    The header fixes the number of cells: a row with another number is invalid. `header_only` are
    columns that some headers name although no row has them, as the first row tells.

    :raises BadFile: if the header lacks a wanted column or has it twice.
    """
    header: list[str] | None = None
    names: list[str] | None = None
    for row in split_lines(stream):
        if isinstance(row, InvalidRow):
            yield row
        elif header is None:
            header = [cell.strip().lower() for cell in row.cells]
            _check_header(header, wanted)
        else:
            names = names or _names_of(header, row, header_only)
            yield _named_row(names, row, missing)


def _names_of(header: list[str], first: SplitLine, header_only: Sequence[str]) -> list[str]:
    """The columns of all rows, by the first of them."""
    without = [name for name in header if name not in header_only]
    return without if len(first.cells) == len(without) else header


def _check_header(header: list[str], wanted: Sequence[str]) -> None:
    times = {name: header.count(name.lower()) for name in wanted}
    if missing := [repr(name) for name, number in times.items() if not number]:
        raise BadFile(f"the header has no column {', '.join(missing)}")
    for name, number in times.items():
        if number > 1:
            raise BadFile(f"the header has {number} columns {name!r}")


def _named_row(header: list[str], row: SplitLine, missing: Sequence[str]) -> NamedRow | InvalidRow:
    cells, width = row.cells, len(header)
    if len(cells) != width:
        reason = f"has {len(cells)} cells, the header has {width}: its columns are shifted"
        return invalid_line(row.number, reason)
    stripped = [cell.strip() for cell in cells]
    values = ["" if cell in missing else cell for cell in stripped]
    return NamedRow(row.number, dict(zip(header, values, strict=True)))

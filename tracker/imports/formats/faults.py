"""Collects the invalid cells of a row, so that all are reported at once."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from tracker.imports.formats.base import BadCell, InvalidRow
from tracker.imports.formats.drafts import PlainDraft

# The most invalid cells of a row that are reported.
MOST_FAULTS = 20


class Row(Protocol):
    """A row with the number of its line."""

    @property
    def line(self) -> int: ...


class Faults:
    """The invalid cells of a row, each column once, and the pointers of the fields without a value
    for that reason (`unread`)."""

    def __init__(self) -> None:
        self._cells: dict[str, BadCell] = {}
        self.unread: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._cells)

    def add(self, problem: BadCell) -> None:
        """Add an invalid cell, and the others of its row that it names."""
        for cell in (problem, *problem.more):
            # What has no column is a value of the mapping or the whole row.
            key = cell.column or cell.reason
            if key not in self._cells:
                # Without the traceback, which would refer to this object in a cycle: an import
                # seldom collects garbage.
                self._cells[key] = BadCell(cell.column, cell.value, cell.reason)

    def read[T, D](self, read: Callable[[], T], default: D, *pointers: str) -> T | D:
        """What `read` gives; the default if a cell is invalid. Then the fields at the pointers have
        no value."""
        try:
            return read()
        except BadCell as problem:
            self.add(problem)
            self.unread += pointers
            return default

    def in_one(self) -> BadCell:
        """The first invalid cell, with the others; there is one at least."""
        first, *more = list(self._cells.values())[:MOST_FAULTS]
        return first.with_others(more)


def in_one(cells: Iterable[BadCell]) -> BadCell:
    """The first of some invalid cells of a row, with the others."""
    faults = Faults()
    for cell in cells:
        faults.add(cell)
    return faults.in_one()


# Each reads a part of a row.
type Reads = Iterable[Callable[[], object]]


def drafts[R: Row](
    rows: Iterable[R | InvalidRow],
    draft: Callable[[R], PlainDraft],
    parts: Callable[[R], Reads],
) -> Iterator[PlainDraft | InvalidRow]:
    """The draft of each row of an archive. Invalid rows stay. A row with a bad cell becomes one;
    its `parts` are read for its other bad cells.
    """
    for row in rows:
        if isinstance(row, InvalidRow):
            yield row
            continue
        try:
            yield draft(row)
        except BadCell as problem:
            yield _all(problem, parts(row)).at_line(row.line)


def _all(problem: BadCell, reads: Reads) -> BadCell:
    faults = Faults()
    for read in reads:
        faults.read(read, None)
    faults.add(problem)
    return faults.in_one()

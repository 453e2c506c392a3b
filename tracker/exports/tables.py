"""A table to export: its columns, and rows that are read one after the other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, Literal
from uuid import UUID

# `day` is a date, `moment` a time in UTC, `texts` and `numbers` are lists.
Type = Literal["text", "integer", "number", "flag", "day", "moment", "texts", "numbers"]
# Called with the number of rows done so far.
type Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of flat formats. `cell` gives its value in a row, None if there is none; by default
    it is the attribute of the same name. `doc` is written to the metadata."""

    name: str
    type: Type = "text"
    unit: str = ""
    doc: str = ""
    cell: Callable[[Any], Any] | None = None

    @property
    def getter(self) -> Callable[[Any], Any]:
        return self.cell or attrgetter(self.name)

    @property
    def notes(self) -> dict[str, str]:
        """The unit and the description, if there are any."""
        notes = {"unit": self.unit, "says": self.doc}
        return {name: text for name, text in notes.items() if text}


def optional(path: str) -> Callable[[Any], Any]:
    """A getter of an attribute of an attribute of a row; None if one on the way to it is None."""

    def cell(row: Any) -> Any:
        value = row
        for name in path.split("."):
            if value is None:
                return None
            value = getattr(value, name)
        return value

    return cell


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFacts:
    """What a table covers: the position of a log, and filters.

    `recorded_at` is when the event at that position was recorded, None at position 0.
    """

    log_id: UUID
    incarnation: UUID
    position: int
    recorded_at: datetime | None
    collection: str | None = None
    lenses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table[R]:
    """Rows of one kind. They can be read once.

    `line` gives a row as one line of JSON. `total` is the approximate number of rows, for a
    progress bar; None if it is unknown. `nested` describes the lines if they have more than the
    columns.
    """

    name: str
    title: str
    facts: TableFacts
    columns: tuple[Column, ...]
    rows: Iterable[R]
    line: Callable[[R], str]
    total: int | None = None
    nested: str = ""
    notes: tuple[str, ...] = ()

    def cells(self) -> Iterator[tuple[Any, ...]]:
        """The rows, as one value for each column."""
        getters = [column.getter for column in self.columns]
        return (tuple(getter(row) for getter in getters) for row in self.rows)


def with_progress[R](table: Table[R], progress: Progress) -> Table[R]:
    """The same table; `progress` is called after each 500 rows, and at the end."""

    def rows() -> Iterator[R]:
        done = 0
        for row in table.rows:
            yield row
            done += 1
            if done % 500 == 0:
                progress(done)
        progress(done)

    return replace(table, rows=rows())

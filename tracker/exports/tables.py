"""What a table to export is: its columns, and rows that come one after the other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

# `day` is a date, `moment` a time in UTC, `texts` and `numbers` are lists.
Type = Literal["text", "integer", "number", "flag", "day", "moment", "texts", "numbers"]
# Called with the number of rows done so far.
type Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of flat formats. `says` is for whoever reads the file without us."""

    name: str
    type: Type = "text"
    unit: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a table holds: as known at a position of a log, narrowed to what.

    `recorded_at` is when the event at that position was recorded, None at position 0.
    """

    log_id: UUID
    position: int
    recorded_at: datetime | None
    collection: str | None = None
    lenses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table[R]:
    """Rows of one kind. They can be read once.

    `line` gives a row as one line of JSON, `row` as one value for each column, None for what is
    absent. `total` is how many rows there are about, for a bar of progress; None where nobody knows
    before they are made. `nested` says what a line holds where it is more than the columns.
    """

    name: str
    title: str
    facts: Facts
    columns: tuple[Column, ...]
    rows: Iterable[R]
    line: Callable[[R], str]
    row: Callable[[R], tuple[Any, ...]]
    total: int | None = None
    nested: str = ""
    notes: tuple[str, ...] = ()


def told[R](table: Table[R], progress: Progress, *, every: int = 500) -> Table[R]:
    """The same table, that says now and then how far it is read."""

    def rows() -> Iterator[R]:
        done = 0
        for one in table.rows:
            yield one
            done += 1
            if done % every == 0:
                progress(done)
        progress(done)

    return replace(table, rows=rows())

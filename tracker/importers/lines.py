"""Lines of a table as they stand in a file, rows by column, and what is said of a bad one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST_SHOWN = 200
# A cell of more characters holds no field of a claim; it is a sign of a quote that never ends.
LONGEST_CELL = 20_000
MOST_BYTES = 64 * 1024 * 1024
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "utf-16", "cp1250", "cp1251", "cp1252", "gb18030", "shift_jis", "euc_kr")


class BadFile(ValueError):
    """A file that cannot be read as a whole; says why and what to do."""


class BadCell(ValueError):
    """A cell that cannot be read as what it should say."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(f"{column}: {value[:LONGEST_SHOWN]!r} {reason}")
        self.column = column
        self.value = value
        self.reason = reason

    def on(self, line: int) -> "Refused":
        """The refusal of the row that the cell stands in."""
        shown = self.value[:LONGEST_SHOWN]
        return Refused(line=line, column=self.column, value=shown, reason=self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that cannot be read, and the cell that is at fault. `column` is empty where it is the
    row as a whole."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where a table stands in its file; what is not said is found out."""

    header: int = 1
    encoding: str = "utf-8"
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The cells of one line, as text without blanks around it, from the first column on.

    `faults`: why a cell cannot be read, by place. `days`: the places of cells that are dates by
    themselves, written as EDTF.
    """

    number: int
    cells: tuple[str, ...]
    faults: Mapping[int, str] = field(default_factory=dict)
    days: frozenset[int] = frozenset()

    @property
    def blank(self) -> bool:
        return not any(self.cells) and not self.faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line by the names of its columns."""

    line: int
    cells: Mapping[str, str]
    faults: Mapping[str, str]
    days: frozenset[str]

    def text(self, column: str) -> str:
        """Give what stands in a column.

        :raises BadCell: where it cannot be read.
        """
        value = self.cells[column]
        if column in self.faults:
            raise BadCell(column, value, self.faults[column])
        if len(value) > LONGEST_CELL:
            most = f"at most {LONGEST_CELL} are read"
            raise BadCell(column, value, f"is {len(value)} characters long; {most}")
        return value

"""What an import format is: how it is recognised and read, and where its claims go."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from tracker.domain.records import Collection
from tracker.importers import delimited, encodings, packed
from tracker.importers.drafts import DraftClaim
from tracker.importers.lines import Refused

# So many rows are read between two signs of life.
OFTEN = 1_000


def nobody() -> None:
    """Do nothing."""


class Head(NamedTuple):
    """The beginning of a file: its text, and the cells of its first lines."""

    text: str
    rows: tuple[list[str], ...]

    @property
    def names(self) -> frozenset[str]:
        """The cells of the first line, in small letters."""
        first = self.rows[0] if self.rows else []
        return frozenset(cell.strip().lower() for cell in first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One form that files come in.

    `knows` tells by the head whether a file is of it. `read` takes the unpacked bytes and gives
    each row as a draft or as refused, in order, one at a time; it raises BadFile where the file as
    a whole is not of the form. Claims go to `collection`, or each to the one that its draft names.
    `opened` gives those bytes of a file as it lies there. `lined`: below the first row each line
    that is not blank is a row, so that what follows can be counted without reading it as such.
    `countries` are named beside the rows.
    """

    name: str
    says: str
    collection: Collection | None
    knows: Callable[[Head], bool]
    read: Callable[[BinaryIO], Iterator[DraftClaim | Refused]]
    opened: Callable[[BinaryIO], io.BufferedReader] = packed.opened
    lined: bool = True
    countries: tuple[str, ...] = ()

    def count(self, file: BinaryIO, *, beat: Callable[[], None] = nobody) -> int:
        """Go through a file to its end, so that one that is wrong as a whole is told by then; give
        the number of its rows, or about that where it begins with lines that cannot be read.

        `beat` is called now and then: a table is long in memory after its last byte was read.

        :raises BadFile:
        """
        if self.lined:
            encodings.refuse_older(delimited.numbered(self.opened(file)))
        stream = self.opened(file)
        number = 0
        for row in self.read(stream):
            number += 1
            if number % OFTEN == 0:
                beat()
            if self.lined and isinstance(row, DraftClaim):
                return number + sum(1 for _ in delimited.numbered(stream, after=row.line))
        return number

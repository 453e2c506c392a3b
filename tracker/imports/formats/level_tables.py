"""Data sets about pairs of countries whose rows become levels by structural-1.

Each pair that a file names gets its level by the rules, with the rows of the file in place of the
table of that kind in `fixtures/structural/`, and the other tables as they are. Rows of the same
pair give the same claim: the first one is new, the others are repeated.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from sys import intern
from typing import BinaryIO, NamedTuple

from tracker.domain.fields import LAST_DAY
from tracker.domain.structural import Assessment, PairRecord, Table
from tracker.domain.structural_tables import Edition, editions, on_record, pair_of
from tracker.imports.formats import coded, headed, pair_levels
from tracker.imports.formats.base import BadCell, FileHead, ImportFormat, InvalidRow
from tracker.imports.formats.country_schemes import CountryScheme
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.formats.packed import BadFile
from tracker.imports.formats.pair_levels import PairLines

MISSING = ("NA", ".")
_STATES = CountryScheme(scheme="cow")
_MOST_DIGITS = 9


class SourceRow(NamedTuple):
    """The cells of a line that count, by column in lower case."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelTable[F]:
    """A data set: the table that its files replace, the columns that they must have and those that
    they can have besides.

    `known_until` gives the last day that some rows know, `countries` the codes of the two countries
    of a row as of that day, `fact` what a row has of them, None if it does not count by that day,
    and `join` the record of a pair with the facts of the file.
    """

    table: Table
    publisher: str
    title: str
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    known_until: Callable[[Sequence[SourceRow]], date]
    countries: Callable[[SourceRow, date], tuple[str, str]]
    fact: Callable[[SourceRow, date], F | None]
    join: Callable[[PairRecord, Sequence[F]], PairRecord]


class _NamedPair[F](NamedTuple):
    """A row with its pair and what it has of it."""

    row: SourceRow
    pair: str
    fact: F | None


def format_of[F](source: LevelTable[F], *, name: str, description: str) -> ImportFormat:
    """The format of the files of a data set."""

    def matches(head: FileHead) -> bool:
        return set(source.columns) <= head.names

    def rows(stream: BinaryIO) -> Iterator[DraftClaim | InvalidRow]:
        return drafts(source, stream)

    return ImportFormat(
        name=name,
        description=description,
        collection=pair_levels.COLLECTION,
        matches=matches,
        rows=rows,
        # What a row says of its pair depends on other rows.
        is_line_based=False,
        header=source.columns,
    )


def drafts[F](source: LevelTable[F], stream: BinaryIO) -> Iterator[DraftClaim | InvalidRow]:
    """The level of the pair of each row, in the order of the file.

    :raises BadFile: if it lacks a column, or no row has a year.
    """
    rows = list(_rows(source, stream))
    known = source.known_until([row for row in rows if isinstance(row, SourceRow)])
    named = [row if isinstance(row, InvalidRow) else _named(source, row, known) for row in rows]
    facts = defaultdict(list)
    for row in named:
        if not isinstance(row, InvalidRow) and row.fact is not None:
            facts[row.pair].append(row.fact)
    edition = Edition(source.publisher, f"{source.title}, until {known.year}", known)
    of_file = {**editions(), source.table: edition}
    found: dict[str, Assessment] = {}
    for row in named:
        if isinstance(row, InvalidRow):
            yield row
            continue
        if row.pair not in found:
            record = source.join(on_record(row.pair), facts[row.pair])
            found[row.pair] = pair_levels.assessed(record, of_file)
        at = PairLines(row.row.line, row.row.cells, source.columns[0])
        yield pair_levels.draft(row.pair, found[row.pair], of_file, at)


def _rows[F](source: LevelTable[F], stream: BinaryIO) -> Iterator[SourceRow | InvalidRow]:
    """The rows with the cells that count. Equal cells are one object: files are held in memory."""
    names = (*source.columns, *source.optional)
    for row in headed.read_headed(stream, source.columns, missing=MISSING):
        if isinstance(row, InvalidRow):
            yield row
        else:
            cells = {name: intern(row.cells[name]) for name in names if name in row.cells}
            yield SourceRow(row.line, cells)


def _named[F](source: LevelTable[F], row: SourceRow, known: date) -> _NamedPair[F] | InvalidRow:
    try:
        pair = pair_of(*source.countries(row, known))
        return _NamedPair(row, pair, source.fact(row, known))
    except BadCell as problem:
        return problem.at_line(row.line)


def last_year(rows: Sequence[SourceRow], column: str) -> date:
    """The last day of the last year in a column. A mistyped year after the last one that the log
    takes does not count: `year` refuses its row.

    :raises BadFile: if no row has a year.
    """
    found = [int(text) for row in rows if (text := coded.year(row.cells[column]))]
    years = [one for one in found if one <= LAST_DAY.year]
    if not years:
        raise BadFile(f"no row has a year in the column {column}")
    return date(max(years), 12, 31)


def year(row: SourceRow, column: str) -> int:
    """:raises BadCell: if the cell has no year, or one after the last that the log takes."""
    found = coded.year(row.cells[column])
    if not found:
        raise BadCell(column, row.cells[column], "is not a year such as 2018")
    if int(found) > LAST_DAY.year:
        raise BadCell(column, row.cells[column], f"is after {LAST_DAY.year}: check the year")
    return int(found)


def number(row: SourceRow, column: str) -> int:
    """A whole number, which some programs write as 4.0.

    :raises BadCell: if it is none.
    """
    text = row.cells[column].removesuffix(".0")
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
        raise BadCell(column, text, "is not a whole number")
    return int(text)


def two_states(row: SourceRow, first: str, second: str, day: date) -> tuple[str, str]:
    """The countries that two columns name by the numbers of the Correlates of War.

    :raises BadCell: if a number means no state on the day, or both mean the same.
    """
    one, other = (
        _STATES.in_cell(column, row.cells[column].removesuffix(".0"), day.isoformat())
        for column in (first, second)
    )
    if one == other:
        raise BadCell(second, row.cells[second], "is the same country as the other")
    return one, other

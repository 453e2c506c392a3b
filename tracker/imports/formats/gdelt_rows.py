"""Rows of GDELT's event tables, of either version: their columns by name, checked for shifts."""

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import BinaryIO, NamedTuple

from tracker.imports.formats import base
from tracker.imports.formats.base import FileHead, InvalidRow
from tracker.imports.formats.packed import BadFile

_ACTOR = [
    "Code",
    "Name",
    "CountryCode",
    "KnownGroupCode",
    "EthnicCode",
    "Religion1Code",
    "Religion2Code",
    "Type1Code",
    "Type2Code",
    "Type3Code",
]
_ACT = [
    "IsRootEvent",
    "EventCode",
    "EventBaseCode",
    "EventRootCode",
    "QuadClass",
    "GoldsteinScale",
    "NumMentions",
    "NumSources",
    "NumArticles",
    "AvgTone",
]
_HEAD = ["GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"]
_TAIL = ["DATEADDED", "SOURCEURL"]
_ALIASES = {"day": "SQLDATE"}
MISSING = "NA"
# The length of DATEADDED: a day, or to the second.
_ADDED = (8, 14)


def columns(*, with_districts: bool) -> tuple[str, ...]:
    """All columns in order; with a second level of districts in GDELT 2.0."""
    level = ["ADM2Code"] if with_districts else []
    place = ["Type", "FullName", "CountryCode", "ADM1Code", *level, "Lat", "Long", "FeatureID"]
    return (
        *_HEAD,
        *(f"Actor{number}{part}" for number in (1, 2) for part in _ACTOR),
        *_ACT,
        *(f"{subject}Geo_{part}" for subject in ("Actor1", "Actor2", "Action") for part in place),
        *_TAIL,
    )


class GdeltCells(NamedTuple):
    """The cells of a row that are read, by GDELT's names in lower case; empty if missing."""

    globaleventid: str
    sqldate: str
    monthyear: str
    year: str
    eventcode: str
    eventbasecode: str
    eventrootcode: str
    quadclass: str
    goldsteinscale: str
    nummentions: str
    numsources: str
    numarticles: str
    avgtone: str
    actor1code: str
    actor1name: str
    actor1countrycode: str
    actor1knowngroupcode: str
    actor1ethniccode: str
    actor1religion1code: str
    actor1type1code: str
    actor1type2code: str
    actor1type3code: str
    actor2code: str
    actor2name: str
    actor2countrycode: str
    actor2knowngroupcode: str
    actor2ethniccode: str
    actor2religion1code: str
    actor2type1code: str
    actor2type2code: str
    actor2type3code: str
    actiongeo_fullname: str
    actiongeo_countrycode: str
    actiongeo_lat: str
    actiongeo_long: str
    dateadded: str
    sourceurl: str = ""

    @property
    def aligned(self) -> bool:
        """Whether the cells are consistent: the date with its month and year, the code with its
        base and root, and DATEADDED with a date. In a shifted row they are not."""
        return (
            is_day(self.sqldate, self.monthyear, self.year)
            and is_code(self.eventcode, self.eventbasecode, self.eventrootcode, self.quadclass)
            and is_added(self.dateadded)
        )


def is_day(day: str, month: str, year: str) -> bool:
    return len(day) == 8 and day.isdecimal() and month == day[:6] and year == day[:4]


def is_code(code: str, base_code: str, root: str, quad: str) -> bool:
    return (
        quad in ("1", "2", "3", "4")
        and bool(root)
        and code.startswith(base_code)
        and base_code.startswith(root)
    )


def is_added(added: str) -> bool:
    return len(added) in _ADDED and added.isdecimal()


COLUMNS = {name.lower(): name for name in columns(with_districts=True)}
_URL = "sourceurl"


class GdeltRow(NamedTuple):
    line: int
    event: GdeltCells
    remarks: tuple[str, ...]


def matches(head: FileHead, names: Sequence[str]) -> bool:
    """Whether a file has a header of these columns, or rows of them without a header."""
    if "globaleventid" in head.names:
        with_districts = "actiongeo_adm2code" in head.names
        return with_districts == ("ActionGeo_ADM2Code" in names)
    parsed = map(Layout.without_header(names).event, head.rows)
    return any(row is not None and row.event.aligned for row in parsed)


def read(stream: BinaryIO, names: Sequence[str]) -> Iterator[GdeltRow | InvalidRow]:
    """The rows of a file.

    :raises BadFile: if the header lacks a required column.
    """
    layout: Layout | None = None
    for row in base.split_lines(stream):
        if isinstance(row, InvalidRow):
            yield row
            continue
        if layout is None:
            layout = Layout.of(row.cells, names)
            if layout.has_header:
                continue
        yield layout.read(row)


class _Parsed(NamedTuple):
    event: GdeltCells
    remarks: tuple[str, ...] = ()


class Layout:
    """The order of the columns in a file."""

    def __init__(self, names: Sequence[str], *, has_header: bool) -> None:
        self.has_header = has_header
        self.width = len(names)
        plain = [_ALIASES.get(name.strip().lower(), name.strip()).lower() for name in names]
        self._places = {name: place for place, name in enumerate(plain)}
        self._check(plain)
        self._get = self.getter(*[name for name in GdeltCells._fields if name in self._places])
        self._url_is_last = plain[-1] == _URL
        self._remarks = self._unknown_columns(plain) if has_header else ()

    def getter(self, *names: str) -> Callable[[Sequence[str]], tuple[str, ...]]:
        """A function that takes the cells of some columns from a row as wide as the header."""
        return itemgetter(*[self._places[name] for name in names])

    @property
    def is_common(self) -> bool:
        """Whether the columns are those of GDELT alone, with the address."""
        return _URL in self._places and not self._remarks

    @staticmethod
    def _check(plain: Sequence[str]) -> None:
        missing = [
            COLUMNS[name] for name in GdeltCells._fields if name not in plain and name != _URL
        ]
        if missing:
            raise BadFile(f"the header lacks columns of GDELT: {', '.join(missing)}")
        for name in GdeltCells._fields:
            if plain.count(name) > 1:
                raise BadFile(f"the header has {plain.count(name)} columns {COLUMNS[name]}")

    @classmethod
    def without_header(cls, names: Sequence[str]) -> "Layout":
        return cls(names, has_header=False)

    @classmethod
    def of(cls, first: Sequence[str], names: Sequence[str]) -> "Layout":
        """The layout of a file, by its first line."""
        if any(cell.strip().lower() == "globaleventid" for cell in first):
            return cls(first, has_header=True)
        return cls.without_header(names)

    @staticmethod
    def _unknown_columns(plain: Sequence[str]) -> tuple[str, ...]:
        extra = [name or "without a name" for name in plain if name not in COLUMNS]
        return tuple(f"has a column that is not one of GDELT's: {name}" for name in extra)

    def read(self, row: base.SplitLine) -> GdeltRow | InvalidRow:
        parsed = self.event(row.cells)
        if parsed is None:
            expected = f"{self.width}{f' or {self.width - 1}' if self._url_is_last else ''}"
            reason = f"has {len(row.cells)} cells instead of {expected}"
            return InvalidRow(line=row.number, column="", value="", reason=reason)
        if not parsed.event.aligned:
            return _misaligned(row.number, parsed.event)
        return GdeltRow(row.number, parsed.event, parsed.remarks)

    def event(self, cells: Sequence[str]) -> _Parsed | None:
        """The event in some cells; None if they are too many or too few.

        The last column, the address of the story, did not exist before April 2013. One cell more
        than the header has can be the number of the row, before the first column: it is, if only
        then the columns are consistent.
        """
        missing = self.width - len(cells)
        if missing == 0:
            return _Parsed(self._event(cells), self._remarks)
        if missing == 1 and self._url_is_last:
            return _Parsed(self._event([*cells, ""]), self._remarks)
        if missing == -1 and self.has_header:
            shifted = self._event(cells[1:])
            if shifted.aligned and not self._event(cells).aligned:
                remark = "has a cell before its first column, which is skipped"
                return _Parsed(shifted, (*self._remarks, remark))
        return None

    def _event(self, cells: Sequence[str]) -> GdeltCells:
        stripped = [cell.strip() for cell in self._get(cells)]
        return GdeltCells(*["" if cell == MISSING else cell for cell in stripped])


def _misaligned(line: int, event: GdeltCells) -> InvalidRow:
    shown = f"{event.sqldate} {event.monthyear} {event.year}; {event.eventcode}"
    shown += f" {event.eventbasecode} {event.eventrootcode} {event.quadclass}; {event.dateadded}"
    reason = (
        "are not consistent (date, month, year; code, base, root, class; the day it was added):"
        " the columns are shifted"
    )
    return InvalidRow(line=line, column="SQLDATE", value=shown, reason=reason)

"""Rows of GDELT's event tables, of either version: the columns by name, and proof that they are not
shifted."""

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import BinaryIO, NamedTuple

from tracker.imports.formats import base
from tracker.imports.formats.base import BadFile, Head, Refused

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
# How long it is written when a row was added: as a day, or to the second.
_ADDED = (8, 14)


def columns(*, finer: bool) -> tuple[str, ...]:
    """All columns in their order; `finer` has a second level of districts, as GDELT 2.0."""
    level = ["ADM2Code"] if finer else []
    place = ["Type", "FullName", "CountryCode", "ADM1Code", *level, "Lat", "Long", "FeatureID"]
    return (
        *_HEAD,
        *(f"Actor{number}{part}" for number in (1, 2) for part in _ACTOR),
        *_ACT,
        *(f"{whose}Geo_{part}" for whose in ("Actor1", "Actor2", "Action") for part in place),
        *_TAIL,
    )


class Event(NamedTuple):
    """What is read of a row, by GDELT's names in small letters. Empty is what is not said."""

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
        """Whether what must agree does: the date with its month and year, the code with its base
        and root; and whether the day it was added is one. In a row that is shifted it does not."""
        day, code, added = self.sqldate, self.eventcode, self.dateadded
        return (
            len(day) == 8
            and day.isdecimal()
            and self.monthyear == day[:6]
            and self.year == day[:4]
            and self.quadclass in ("1", "2", "3", "4")
            and bool(self.eventrootcode)
            and code.startswith(self.eventbasecode)
            and self.eventbasecode.startswith(self.eventrootcode)
            and len(added) in _ADDED
            and added.isdecimal()
        )


SHOWN = {name.lower(): name for name in columns(finer=True)}
_URL = "sourceurl"


class Read(NamedTuple):
    line: int
    event: Event
    remarks: tuple[str, ...]


def knows(head: Head, names: Sequence[str]) -> bool:
    """Whether a file has a header of these columns, or rows of them without one."""
    if "globaleventid" in head.names:
        finer = "actiongeo_adm2code" in head.names
        return finer == ("ActionGeo_ADM2Code" in names)
    found = map(_Layout.bare(names).event, head.rows)
    return any(one is not None and one.event.aligned for one in found)


def read(stream: BinaryIO, names: Sequence[str]) -> Iterator[Read | Refused]:
    """Give each row.

    :raises BadFile: if the header lacks a column that is needed.
    """
    lay: _Layout | None = None
    for row in base.rows(stream):
        if isinstance(row, Refused):
            yield row
            continue
        if lay is None:
            lay = _Layout.of(row.cells, names)
            if lay.headed:
                continue
        yield lay.read(row)


class _Found(NamedTuple):
    event: Event
    remarks: tuple[str, ...] = ()


class _Layout:
    """Where the columns of one file stand."""

    def __init__(self, names: Sequence[str], *, headed: bool) -> None:
        self.headed = headed
        self._width = len(names)
        plain = [_ALIASES.get(one.strip().lower(), one.strip()).lower() for one in names]
        places = {name: place for place, name in enumerate(plain)}
        self._check(plain)
        wanted = [places[one] for one in Event._fields if one in places]
        self._get: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*wanted)
        self._last = plain[-1] == _URL
        self._extra = self._unknown(plain) if headed else ()

    @staticmethod
    def _check(plain: Sequence[str]) -> None:
        lacking = [SHOWN[one] for one in Event._fields if one not in plain and one != _URL]
        if lacking:
            raise BadFile(f"the header of GDELT's lacks columns: {', '.join(lacking)}")
        for one in Event._fields:
            if plain.count(one) > 1:
                raise BadFile(f"the header has {plain.count(one)} columns called {SHOWN[one]}")

    @classmethod
    def bare(cls, names: Sequence[str]) -> "_Layout":
        return cls(names, headed=False)

    @classmethod
    def of(cls, first: Sequence[str], names: Sequence[str]) -> "_Layout":
        """The layout of a file, by its first line."""
        if any(cell.strip().lower() == "globaleventid" for cell in first):
            return cls(first, headed=True)
        return cls.bare(names)

    @staticmethod
    def _unknown(plain: Sequence[str]) -> tuple[str, ...]:
        extra = [one or "without a name" for one in plain if one not in SHOWN]
        return tuple(f"has a column that is none of GDELT's: {one}" for one in extra)

    def read(self, row: base.Cells) -> Read | Refused:
        found = self.event(row.cells)
        if found is None:
            expected = f"{self._width}{f' or {self._width - 1}' if self._last else ''}"
            reason = f"has {len(row.cells)} cells, where a row of this file has {expected}"
            return Refused(line=row.number, column="", value="", reason=reason)
        if not found.event.aligned:
            return _misaligned(row.number, found.event)
        return Read(row.number, found.event, found.remarks)

    def event(self, cells: Sequence[str]) -> _Found | None:
        """The event in some cells; None where they are too many or too few.

        The last column, the address of the story, did not exist before April 2013. One cell more
        than the header has may be a row's number before the first column: it is, if the columns
        agree with each other only so.
        """
        missing = self._width - len(cells)
        if missing == 0:
            return _Found(self._event(cells), self._extra)
        if missing == 1 and self._last:
            return _Found(self._event([*cells, ""]), self._extra)
        if missing == -1 and self.headed:
            shifted = self._event(cells[1:])
            if shifted.aligned and not self._event(cells).aligned:
                remark = "has a cell before its first column, which is passed over"
                return _Found(shifted, (*self._extra, remark))
        return None

    def _event(self, cells: Sequence[str]) -> Event:
        stripped = [cell.strip() for cell in self._get(cells)]
        return Event(*["" if cell == MISSING else cell for cell in stripped])


def _misaligned(line: int, event: Event) -> Refused:
    shown = f"{event.sqldate} {event.monthyear} {event.year}; {event.eventcode}"
    shown += f" {event.eventbasecode} {event.eventrootcode} {event.quadclass}; {event.dateadded}"
    reason = (
        "do not agree with each other (date, month, year; code, base, root, class; the day it was"
        " added): the columns are shifted"
    )
    return Refused(line=line, column="SQLDATE", value=shown, reason=reason)

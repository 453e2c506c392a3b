"""Rows of GDELT's event tables, of either version: their columns by name, checked for shifts."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
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


_CODES = ("countrycode", "knowngroupcode", "ethniccode", "religion1code")
_TYPES = ("type1code", "type2code", "type3code")
_READ_OF_ACTOR = ("code", "name", *_CODES, *_TYPES)
_READ_OF_ACT = ("eventcode", "eventbasecode", "eventrootcode", "quadclass", "goldsteinscale")
_READ_OF_DAY = ("sqldate", "monthyear", "year")
_COUNTS = ("nummentions", "numsources", "numarticles", "avgtone")
_PLACE = tuple(f"actiongeo_{name}" for name in ("fullname", "countrycode", "lat", "long"))
_URL = "sourceurl"
# The columns that are read, in lower case.
READ = (
    *("globaleventid", *_READ_OF_DAY, *_READ_OF_ACT, *_COUNTS),
    *(f"actor{number}{name}" for number in (1, 2) for name in _READ_OF_ACTOR),
    *(*_PLACE, "dateadded", _URL),
)
# The most actors, acts and days to cache.
_CACHED = 20_000

type Cells = Sequence[str]


class ActorCodes(NamedTuple):
    """The codes of an actor."""

    code: str
    country: str
    group: str
    ethnic: str
    religion: str
    types: tuple[str, ...]


class GdeltActor(NamedTuple):
    name: str
    codes: ActorCodes


class GdeltAct(NamedTuple):
    code: str
    quad: str
    goldstein: str


class GdeltRow(NamedTuple):
    """The cells of a row that are read, empty if missing. `counts` are those of mentions, sources
    and articles, and the tone; `place` is a name, a FIPS code, latitude and longitude."""

    line: int
    number: str
    day: str
    act: GdeltAct
    actor1: GdeltActor
    actor2: GdeltActor
    added: str
    url: str
    counts: tuple[str, ...]
    place: tuple[str, ...]
    remarks: tuple[str, ...]


def _clean(cells: Cells) -> list[str]:
    return ["" if (cell := raw.strip()) == MISSING else cell for raw in cells]


# Most cells repeat those of other rows: an actor, an act, a day. Each combination is read once.


@lru_cache(_CACHED)
def _day(cells: Cells) -> str | None:
    """The day of a row; None if its month and year differ from it."""
    day, month, year = _clean(cells)
    is_day = len(day) == 8 and day.isdecimal() and month == day[:6] and year == day[:4]
    return day if is_day else None


@lru_cache(_CACHED)
def _act(cells: Cells) -> GdeltAct | None:
    """The act of a row; None if its base, root or class do not fit the code."""
    code, base_code, root, quad, goldstein = _clean(cells)
    is_code = (
        quad in ("1", "2", "3", "4")
        and bool(root)
        and code.startswith(base_code)
        and base_code.startswith(root)
    )
    return GdeltAct(code, quad, goldstein) if is_code else None


@lru_cache(_CACHED)
def _actor(cells: Cells) -> GdeltActor:
    code, name, country, group, ethnic, religion, *types = _clean(cells)
    return GdeltActor(name, ActorCodes(code, country, group, ethnic, religion, tuple(types)))


def _is_added(text: str) -> bool:
    return len(text) in _ADDED and text.isdecimal()


COLUMNS = {name.lower(): name for name in columns(with_districts=True)}


def matches(head: FileHead, names: Sequence[str]) -> bool:
    """Whether a file has a header of these columns, or rows of them without a header."""
    if "globaleventid" in head.names:
        with_districts = "actiongeo_adm2code" in head.names
        return with_districts == ("ActionGeo_ADM2Code" in names)
    layout = Layout.without_header(names)
    lines = (base.SplitLine(0, cells) for cells in head.rows)
    return any(isinstance(layout.read(line), GdeltRow) for line in lines)


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


class _Placed(NamedTuple):
    """The cells of a row, each at the place of its column."""

    cells: Cells
    remarks: tuple[str, ...]


class Layout:
    """The order of the columns in a file."""

    def __init__(self, names: Sequence[str], *, has_header: bool) -> None:
        self.has_header = has_header
        self._width = len(names)
        plain = [_ALIASES.get(name.strip().lower(), name.strip()).lower() for name in names]
        self._check(plain)
        self._has_url = _URL in plain
        self._may_lack_url = not has_header and plain[-1] == _URL
        self._remarks = self._unknown_columns(plain) if has_header else ()
        places = {name: place for place, name in enumerate(plain)}

        def get(names: Sequence[str]) -> Callable[[Cells], tuple[str, ...]]:
            return itemgetter(*[places[name] for name in names])

        self._day_cells, self._act_cells = get(_READ_OF_DAY), get(_READ_OF_ACT)
        self._actor1_cells = get([f"actor1{name}" for name in _READ_OF_ACTOR])
        self._actor2_cells = get([f"actor2{name}" for name in _READ_OF_ACTOR])
        address = [_URL] if self._has_url else []
        self._own_cells = get(["globaleventid", "dateadded", *_COUNTS, *_PLACE, *address])

    @staticmethod
    def _check(plain: Sequence[str]) -> None:
        if missing := [COLUMNS[name] for name in READ if name not in plain and name != _URL]:
            raise BadFile(f"the header lacks columns of GDELT: {', '.join(missing)}")
        for name in READ:
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
        """A row; invalid if it has too many or too few cells, or if they are not consistent: the
        date with its month and year, the code with its base and root, and DATEADDED with a date. In
        a shifted row they are not."""
        placed = self._placed(row.cells)
        if placed is None:
            expected = f"{self._width}{f' or {self._width - 1}' if self._may_lack_url else ''}"
            reason = f"has {len(row.cells)} cells instead of {expected}"
            return InvalidRow(line=row.number, column="", value="", reason=reason)
        return self._read(row.number, placed) or self._misaligned(row.number, placed.cells)

    def _read(self, line: int, placed: _Placed) -> GdeltRow | None:
        """The row of some cells; None if they are not consistent."""
        cells, remarks = placed
        day, act = _day(self._day_cells(cells)), _act(self._act_cells(cells))
        number, added, *own = _clean(self._own_cells(cells))
        if day is None or act is None or not _is_added(added):
            return None
        return GdeltRow(
            line=line,
            number=number,
            day=day,
            act=act,
            actor1=_actor(self._actor1_cells(cells)),
            actor2=_actor(self._actor2_cells(cells)),
            added=added,
            url=own[8] if self._has_url else "",
            counts=tuple(own[:4]),
            place=tuple(own[4:8]),
            remarks=remarks,
        )

    def _placed(self, cells: list[str]) -> _Placed | None:
        """The cells of a line; None if they are too many or too few.

        Without a header, rows from before April 2013 lack the last column, the address of the
        story; a header fixes the number of columns. One cell more than it has can be the number of
        the row, before the first column: it is, if only then the columns are consistent.
        """
        missing = self._width - len(cells)
        if missing == 0:
            return _Placed(cells, self._remarks)
        if missing == 1 and self._may_lack_url:
            return _Placed([*cells, ""], self._remarks)
        if missing == -1 and self.has_header:
            remark = "has a cell before its first column, which is skipped"
            shifted = _Placed(cells[1:], (*self._remarks, remark))
            if self._read(0, shifted) and not self._read(0, _Placed(cells, ())):
                return shifted
        return None

    def _misaligned(self, line: int, cells: Cells) -> InvalidRow:
        day, act = _clean(self._day_cells(cells)), _clean(self._act_cells(cells))
        _, added, *_ = _clean(self._own_cells(cells))
        reason = (
            "are not consistent (date, month, year; code, base, root, class; the day it was added):"
            " the columns are shifted"
        )
        shown = f"{' '.join(day)}; {' '.join(act[:4])}; {added}"
        return InvalidRow(line=line, column="SQLDATE", value=shown, reason=reason)

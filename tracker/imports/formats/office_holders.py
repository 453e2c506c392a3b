"""Tables of office-holders: our own, or what Wikidata's query service gives as CSV or JSON.

Each row is a term of a person in an office. The queries for Wikidata are in docs/importing.md.
"""

import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, BinaryIO, NamedTuple, cast, get_args

from tracker.domain.dates.edtf import BadDate
from tracker.domain.offices import Office, aliases, person_key, term_end, term_start
from tracker.domain.records import Sector
from tracker.imports.formats import base, headed
from tracker.imports.formats.base import BadCell, FileHead, ImportFormat, InvalidRow
from tracker.imports.formats.coded import STATE
from tracker.imports.formats.countries import NoCountry
from tracker.imports.formats.country_schemes import CountryScheme
from tracker.imports.formats.faults import Faults
from tracker.imports.formats.headed import NamedRow
from tracker.imports.formats.packed import BadFile

_WANTED = ("name", "country", "sector", "from", "to")
_OF_WIKIDATA = ("personLabel", "iso3", "officeLabel", "from", "to")
_ISO3 = CountryScheme(scheme="iso3")
_TERM = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_ITEM = re.compile(r"Q[1-9][0-9]*")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})T00:00:00Z")
# Precisions of Wikidata: a day or a month.
_DAY, _MONTH = "11", "10"
NO_NAME = "is no name"
NO_START = "is empty: a term needs its first day or month"
NO_TERM = "is not a day or a month such as 2009-01-20 or 2009-01"
NO_SECTOR = f"is not a sector: one of {', '.join(get_args(Sector))}"
NO_ITEM = "is not an item of Wikidata such as Q76"
ENDS_FIRST = "is not after `from`: a term ends on the day of the handover, or in its month"
TOO_COARSE = "is less precise than a month"
NO_RESULT = "it is not a result of Wikidata's query service: download it as CSV or JSON"
TOO_LARGE = f"it has more than {base.MOST_BYTES} bytes: query fewer countries or years"


class OfficeRow(NamedTuple):
    """A term of a person in an office. `wikidata` is the person's item, empty if it is unknown."""

    line: int
    name: str
    aliases: tuple[str, ...]
    wikidata: str
    office: Office

    @property
    def person(self) -> str:
        """What the rows of one person have in common. Without an item of Wikidata, people of one
        name in two countries are two people."""
        return self.wikidata or f"{person_key(self.name)} {self.office.country}"


def _read(stream: BinaryIO) -> Iterator[OfficeRow | InvalidRow]:
    rows = headed.read_headed(stream, _WANTED, missing=())
    yield from (_office_row(row) if isinstance(row, NamedRow) else row for row in rows)


def _office_row(row: NamedRow) -> OfficeRow | InvalidRow:
    """A row with all of its cells checked."""
    cells, faults = row.cells, Faults()
    since = faults.read(partial(_since, cells["from"]), None)
    until = faults.read(partial(_until, cells["to"], since), None)
    country = faults.read(partial(_country, cells["country"], cells["from"]), "")
    sector = faults.read(partial(_sector, cells["sector"]), STATE)
    name = faults.read(partial(_name, cells["name"]), "")
    item = faults.read(partial(_item, cells.get("wikidata", "")), "")
    if faults:
        return faults.in_one().at_line(row.line)
    others = tuple(aliases([cells.get("aliases", "")]))
    return OfficeRow(row.line, name, others, item, Office(country, sector, since, until))


def _since(text: str) -> date:
    if not text:
        raise BadCell("from", "", NO_START)
    start = _day("from", text, term_start)
    assert start is not None  # noqa: S101 # the text is a day or a month
    return start


def _until(text: str, since: date | None) -> date | None:
    until = _day("to", text, term_end) if text else None
    if since and until and until <= since:
        raise BadCell("to", text, ENDS_FIRST)
    return until


def _day(column: str, text: str, read: Any) -> date | None:
    """The day that `read` gives for a day or a month."""
    try:
        if not _TERM.fullmatch(text):
            raise BadCell(column, text, NO_TERM)
        return cast("date | None", read(text))
    except BadDate as problem:
        raise BadCell(column, text, NO_TERM) from problem


def _country(code: str, since: str) -> str:
    try:
        return _ISO3.state(code, since if _TERM.fullmatch(since) else None) or ""
    except (NoCountry, BadDate) as problem:
        raise BadCell("country", code, str(problem)) from problem


def _sector(text: str) -> Sector:
    if text not in get_args(Sector):
        raise BadCell("sector", text, NO_SECTOR)
    return cast("Sector", text)


def _name(text: str) -> str:
    if not person_key(text) or _ITEM.fullmatch(text):
        raise BadCell("name", text, NO_NAME)
    return text


def _item(text: str) -> str:
    if text and not _ITEM.fullmatch(text):
        raise BadCell("wikidata", text, NO_ITEM)
    return text


def _read_wikidata(stream: BinaryIO) -> Iterator[OfficeRow | InvalidRow]:
    """The rows of a result of Wikidata's query service.

    An office of a country has one holder. A term without an end has ended if somebody took the
    office later.

    :raises BadFile: if it is none.
    """
    data = stream.read(base.MOST_BYTES + 1)
    if len(data) > base.MOST_BYTES:
        raise BadFile(TOO_LARGE)
    rows = list(_results(data))
    last = _last_starts(rows)
    for row in rows:
        yield _wikidata_row(row, last) if isinstance(row, NamedRow) else row


def _results(data: bytes) -> Iterator[NamedRow | InvalidRow]:
    """The results of a query: CSV, TSV, or JSON in the short or the verbose form."""
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] not in (b"[", b"{"):
        yield from headed.read_headed(io.BytesIO(data), _OF_WIKIDATA, missing=())
        return
    try:
        value = json.loads(data)
        results = value if isinstance(value, list) else value["results"]["bindings"]
        for number, result in enumerate(results, start=1):
            yield NamedRow(number, {key.lower(): _text(cell) for key, cell in result.items()})
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as problem:
        raise BadFile(NO_RESULT) from problem


def _text(cell: Any) -> str:
    text = str(cell["value"] if isinstance(cell, dict) else cell).strip()
    # JSON can have half of a character, which is no text.
    return text.encode(errors="replace").decode()


def _last_starts(rows: list[NamedRow | InvalidRow]) -> Mapping[tuple[str, str], str]:
    """When the last holder of each office took it, by the country and the office."""
    last: dict[tuple[str, str], str] = defaultdict(str)
    for row in rows:
        if isinstance(row, NamedRow):
            key = _office_of(row)
            last[key] = max(last[key], row.cells.get("from", ""))
    return last


def _office_of(row: NamedRow) -> tuple[str, str]:
    return row.cells.get("iso3", ""), row.cells.get("officelabel", "")


def _wikidata_row(row: NamedRow, last: Mapping[tuple[str, str], str]) -> OfficeRow | InvalidRow:
    """A result as a row of our own table. Columns keep the names that both have in common."""
    cells = defaultdict(str, row.cells)
    successor = last[_office_of(row)]
    if not cells["to"] and cells["from"] < successor:
        reason = f"is empty, but the office was taken on {successor[:10]}: give the end in Wikidata"
        return BadCell("to", "", reason).at_line(row.line)
    try:
        terms = {name: _term(name, cells) for name in ("from", "to")}
    except BadCell as problem:
        return problem.at_line(row.line)
    own = {
        "name": cells["personlabel"],
        "country": cells["iso3"],
        "sector": STATE,
        "aliases": cells["aliases"],
        "wikidata": cells["person"].rpartition("/")[2],
    }
    return _office_row(NamedRow(row.line, own | terms))


def _term(column: str, cells: Mapping[str, str]) -> str:
    """A day or a month of Wikidata: 2009-01-20T00:00:00Z with a precision of 10 is 2009-01. Without
    a precision it is a day."""
    text, precision = cells[column], cells[f"{column}precision"] or _DAY
    if not text:
        return ""
    time = _TIME.fullmatch(text)
    if time is None:
        raise BadCell(column, text, NO_TERM)
    if precision not in (_DAY, _MONTH):
        raise BadCell(column, text, TOO_COARSE)
    return time[1] if precision == _DAY else time[1][:7]


def _is_wikidata(head: FileHead) -> bool:
    if {name.lower() for name in _OF_WIKIDATA} <= head.names:
        return True
    return all(f'"{name}"' in head.text for name in _OF_WIKIDATA[:-1])


FORMAT = ImportFormat(
    name="office-holders",
    description="who held which office: name, country, sector, from, to",
    collection=None,
    matches=lambda head: set(_WANTED) <= head.names,
    rows=_read,
    header=_WANTED,
)
WIKIDATA = ImportFormat(
    name="office-holders-wikidata",
    description="who held which office, as Wikidata's query service gives it",
    collection=None,
    matches=_is_wikidata,
    rows=_read_wikidata,
    is_line_based=False,
    header=_OF_WIKIDATA,
)

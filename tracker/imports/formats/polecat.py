"""POLECAT's tables of PLOVER events: weekly files with a header, separated by tabs."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from operator import itemgetter
from typing import BinaryIO, NamedTuple

from tracker.domain import codebooks
from tracker.domain.claims import Basis
from tracker.domain.codes import PLOVER, Code, UnknownCode
from tracker.domain.offices import NO_OFFICES, Offices
from tracker.imports.formats import coded, countries, headed
from tracker.imports.formats.base import BadCell, FileHead, ImportFormat, InvalidRow
from tracker.imports.formats.coded import (
    NO_INITIATOR,
    NO_PUBLISHER,
    ArchiveRow,
    CodedAct,
    NoSector,
    PartyColumns,
    SectorActor,
)
from tracker.imports.formats.countries import NoCountry
from tracker.imports.formats.drafts import NamedSource, PlainDraft, Story
from tracker.imports.formats.faults import Reads
from tracker.imports.formats.headed import NamedRow

_WANTED = (
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Contexts",
    "Actor Name",
    "Actor Country",
    "Primary Actor Sector",
    "Recipient Name",
    "Recipient Country",
    "Primary Recipient Sector",
    "Source",
    "Publication Date",
)
# Some headers name these columns, but no row has them.
_HEADER_ONLY = ("headline", "event text", "feed", "story id")
_MISSING = ("NA", "None", "none", "NULL")
_PARTIES = PartyColumns("Actor Country", "Recipient Country")
_COLUMNS = {
    "/code": "Event Type",
    "/occurred": "Event Date",
    "/document/title": "Event ID",
    "/document/date": "Publication Date",
}
_SEVERAL = re.compile(r"[;|]")
# The program resolves words such as "on Monday" against the day of publication.
_BASIS: Basis = "inferred"
_day = partial(coded.day_in, such_as="2023-01-31")
NO_SECTOR = "has no sector and is not the country itself"


class _Party(NamedTuple):
    """The columns of one party."""

    name: str
    country: str
    sector: str

    @classmethod
    def of(cls, party: str) -> "_Party":
        return cls(f"{party} Name", f"{party} Country", f"Primary {party} Sector")


_ACTOR, _RECIPIENT = _Party.of("Actor"), _Party.of("Recipient")
_ACTOR_CELLS = itemgetter(*map(str.lower, _ACTOR))
_RECIPIENT_CELLS = itemgetter(*map(str.lower, _RECIPIENT))
# The most actors and contexts to cache.
_CACHED = 65_536


def _matches(head: FileHead) -> bool:
    return {"event type", "event mode", "actor country", "recipient country"} <= head.names


def _read(stream: BinaryIO, offices: Offices = NO_OFFICES) -> Iterator[PlainDraft | InvalidRow]:
    rows = headed.read_headed(stream, _WANTED, missing=_MISSING, header_only=_HEADER_ONLY)
    return coded.drafts(rows, _draft, _parts, offices, ("actor name", "recipient name"))


def _draft(row: NamedRow, offices: Offices) -> PlainDraft:
    cells = row.cells
    initiators = _initiators(row, offices)
    contexts = _contexts(cells["contexts"])
    event = CodedAct(
        day=_day(row.cells, "Event Date"),
        basis=_BASIS,
        act=_act(row),
        initiators=initiators,
        recipients=_recipients(row, offices),
        contexts=contexts.known,
    )
    archived = ArchiveRow(
        line=row.line,
        key=cells["event id"],
        note=_note(row),
        remarks=contexts.remarks,
        columns=_COLUMNS,
        cells=partial(_shown, cells),
    )
    return coded.draft(archived, event, _story(row), _PARTIES)


def _shown(cells: Mapping[str, str]) -> Mapping[str, str]:
    return {name: cells[name.lower()] for name in _WANTED}


def _parts(row: NamedRow, offices: Offices) -> Reads:
    yield partial(_initiators, row, offices)
    yield partial(_day, row.cells, "Event Date")
    yield partial(_act, row)
    yield partial(_recipients, row, offices)
    yield partial(_publisher, row)
    yield partial(_day, row.cells, "Publication Date")


def _act(row: NamedRow) -> Code:
    event, mode = row.cells["event type"], row.cells["event mode"]
    code = "/".join(filter(None, (event.upper(), mode.lower())))
    try:
        return coded.act(PLOVER, code)
    except UnknownCode as problem:
        raise BadCell("Event Type", code, str(problem)) from problem


class _Contexts(NamedTuple):
    """The contexts of a row that PLOVER has, and the remarks on others."""

    known: tuple[str, ...]
    remarks: tuple[str, ...]


@lru_cache(_CACHED)
def _contexts(cell: str) -> _Contexts:
    named = tuple(_split(cell))
    known = tuple(context for context in named if context in codebooks.CONTEXTS)
    remarks = () if known == named else ("has a context that PLOVER 2.0 does not have",)
    return _Contexts(known, remarks)


def _initiators(row: NamedRow, offices: Offices) -> tuple[SectorActor, ...]:
    if initiators := _actors_of(_ACTOR, _ACTOR_CELLS(row.cells), row, offices):
        return initiators
    raise BadCell(_ACTOR.name, "", NO_INITIATOR)


def _recipients(row: NamedRow, offices: Offices) -> tuple[SectorActor, ...]:
    return _actors_of(_RECIPIENT, _RECIPIENT_CELLS(row.cells), row, offices)


def _actors_of(
    party: _Party, cells: tuple[str, str, str], row: NamedRow, offices: Offices
) -> tuple[SectorActor, ...]:
    """The actors of a party: that of the person's office, or those of its countries."""
    name, place, sector = cells
    held = coded.holder(name, coded.day(row.cells["event date"]), offices)
    if isinstance(held, SectorActor):
        return (held,)
    try:
        return _actors(party, *cells)
    except BadCell as problem:
        if held and not (place and sector):
            raise BadCell(party.name, name, str(held)) from problem
        raise


@lru_cache(_CACHED)
def _actors(party: _Party, name: str, place: str, sector: str) -> tuple[SectorActor, ...]:
    """The actors of a party, one for each of its countries; none if it is empty."""
    if not place:
        if name:
            raise BadCell(party.country, name, "has no country that it represents")
        return ()
    codes = dict.fromkeys(_country(party, country) for country in _split(place))
    if sector:
        try:
            return tuple(
                SectorActor(code, coded.sector("plover", sector.upper())) for code in codes
            )
        except NoSector as problem:
            raise BadCell(party.sector, sector, str(problem)) from problem
    if countries.is_country("name", name) and countries.country("name", name) in codes:
        return tuple(SectorActor(code) for code in codes)
    raise BadCell(party.name, name, NO_SECTOR)


def _country(party: _Party, text: str) -> str:
    """:raises BadCell: if it is neither the ISO code nor the name of a country."""
    scheme: countries.Scheme = "cameo" if countries.is_known("cameo", text) else "name"
    try:
        return countries.country(scheme, text)
    except NoCountry as problem:
        raise BadCell(party.country, text, str(problem)) from problem


def _split(cell: str) -> Iterator[str]:
    return filter(None, dict.fromkeys(part.strip() for part in _SEVERAL.split(cell)))


def _publisher(row: NamedRow) -> NamedSource:
    if outlet := row.cells["source"]:
        return coded.publisher(outlet, "Source")
    raise BadCell("Source", "", NO_PUBLISHER)


def _story(row: NamedRow) -> Story:
    """The story. The ids of its events begin with its id."""
    publisher = _publisher(row)
    story = row.cells["event id"].partition("_")[0]
    title = f"{publisher.name}: the story that POLECAT numbers {story}"
    return Story(publisher=publisher, title=title, published=_day(row.cells, "Publication Date"))


def _note(row: NamedRow) -> str:
    cells = row.cells
    recipient = f" to {cells['recipient name']}" if cells["recipient name"] else ""
    places = (cells.get(name, "") for name in ("placename", "country", "latitude", "longitude"))
    place = " ".join(filter(None, places))
    where = f"; at {place}" if place else ""
    return f"POLECAT event {cells['event id']}: {cells['actor name']}{recipient}{where}"


FORMAT = ImportFormat(
    name="polecat",
    description="a table of PLOVER events, as POLECAT's",
    collection=coded.collection(
        "polecat",
        "Events that POLECAT's program read out of the news (PLOVER 2.0): credibility 3.",
        credibility=3,
    ),
    matches=_matches,
    rows=_read,
    header=_WANTED,
    names_people=True,
)

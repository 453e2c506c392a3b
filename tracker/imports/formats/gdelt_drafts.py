"""Rows of GDELT event tables of both versions as drafts."""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import BinaryIO, NamedTuple

from tracker.domain.claims import Basis
from tracker.domain.codes import Code, UnknownCode
from tracker.domain.facts import rows
from tracker.imports.formats import base, coded, countries, faults, gdelt_rows, values
from tracker.imports.formats.base import BadCell, InvalidRow
from tracker.imports.formats.coded import (
    CAMEO,
    NO_INITIATOR,
    ArchiveRow,
    CodedAct,
    NoSector,
    PartyColumns,
    SectorActor,
    Story,
)
from tracker.imports.formats.countries import NoCountry
from tracker.imports.formats.drafts import DraftClaim, NamedSource
from tracker.imports.formats.faults import Reads
from tracker.imports.formats.gdelt_rows import GdeltCells, GdeltRow, Layout

_CACHED = 65_536
GROUP = "is an own group: it does not represent the country that it is in"
NO_COUNTRY = "has no country that it represents"


class ActorCodes(NamedTuple):
    """The cells of one actor."""

    code: str
    country: str
    group: str
    ethnic: str
    religion: str
    types: tuple[str, ...]


class NoGdeltActor(NamedTuple):
    """Why an actor represents no country: the end of the column's name, its cell, the reason."""

    column: str
    value: str
    reason: str


@lru_cache(_CACHED)
def actor_of(cells: ActorCodes) -> SectorActor | NoGdeltActor | None:
    """The actor for some cells; None if they name none.

    The first role counts, unless a role is that of an armed opponent or a criminal. Without a role,
    an ethnic group or a religion is society, and the bare code of a country is the state.
    """
    if not cells.country:
        return NoGdeltActor("Code", cells.code, NO_COUNTRY) if cells.code else None
    try:
        country = countries.country("cameo", cells.country)
    except NoCountry as problem:
        return NoGdeltActor("CountryCode", cells.country, str(problem))
    if cells.group:
        return NoGdeltActor("KnownGroupCode", cells.group, GROUP)
    types = [role for role in cells.types if role]
    roles = types or _roles_in(cells.code, cells.country)
    is_community = bool(cells.ethnic or cells.religion)
    try:
        sectors = [
            coded.sector("cameo", role)
            for role in roles
            if not is_community or coded.is_role("cameo", role)
        ]
    except NoSector as problem:
        return NoGdeltActor("Type1Code" if types else "Code", "".join(roles), str(problem))
    if sectors:
        return SectorActor(country, sectors[0])
    return SectorActor(country, "society" if is_community else coded.STATE)


def _roles_in(code: str, country: str) -> list[str]:
    """The roles in an actor's code after its country, in threes, without old codes of countries."""
    rest = code.replace(country, "", 1)
    parts = [rest[at : at + 3] for at in range(0, len(rest), 3)]
    return [part for part in parts if not countries.is_known("cameo", part)]


PROJECT = NamedSource(name="GDELT Project", column="", kind="organisation")
_PARTIES = PartyColumns("Actor1Code", "Actor2Code")
_COLUMNS = {"/code": "EventCode", "/occurred": "SQLDATE", "/document/url": "SOURCEURL"}
# A program reads the date from the story, if the story has one.
BASIS: Basis = "inferred"
# From this day on rows are added on the day of their story; older ones were added later, in bulk.
_DAILY = "20130401"
_SHOWN = ("EventCode", "SQLDATE", "SOURCEURL", "Actor1Code", "Actor2Code")
_SHOWN_CELLS = attrgetter(*map(str.lower, _SHOWN))
# The columns of counts and of the place in a note.
NOTED = (
    *("nummentions", "numsources", "numarticles", "avgtone"),
    *("actiongeo_fullname", "actiongeo_countrycode", "actiongeo_lat", "actiongeo_long"),
)
_ACTOR_COLUMNS = (
    *("code", "countrycode", "knowngroupcode", "ethniccode", "religion1code"),
    *("type1code", "type2code", "type3code"),
)
_ACTOR_CELLS = {
    party: attrgetter(*(f"{party.lower()}{column}" for column in _ACTOR_COLUMNS))
    for party in ("Actor1", "Actor2")
}


class Version(NamedTuple):
    """A version of GDELT: its title and its columns."""

    title: str
    names: Sequence[str]


def read(stream: BinaryIO, version: Version) -> Iterator[DraftClaim | InvalidRow]:
    """Each row as a draft or as an invalid row.

    :raises BadFile: if the header lacks a required column.
    """
    rows = gdelt_rows.read(stream, version.names)
    return faults.drafts(rows, partial(_draft, version=version), _parts)


def read_row(layout: Layout, version: Version, row: base.SplitLine) -> DraftClaim | InvalidRow:
    """One row of a file."""
    rows_ = [layout.read(row)]
    [draft] = faults.drafts(rows_, partial(_draft, version=version), _parts)
    return draft


def _draft(row: GdeltRow, version: Version) -> DraftClaim:
    event = row.event
    act, day = _act(event.eventcode), _day(event)
    initiator = _initiator(event)
    recipient = _actor("Actor2", event)
    coded_act = CodedAct(
        day=day,
        basis=BASIS,
        act=act,
        initiators=(initiator,),
        recipients=(recipient,) if recipient else (),
    )
    archived = ArchiveRow(
        line=row.line,
        key=event.globaleventid,
        note=_note(event, version.title),
        remarks=(*row.remarks, *_remarks(event)),
        columns=_COLUMNS,
        cells=dict(zip(_SHOWN, _SHOWN_CELLS(event), strict=True)),
    )
    return coded.draft(archived, coded_act, _story(event, day, version.title), _PARTIES)


def _parts(row: GdeltRow) -> Reads:
    event = row.event
    yield partial(_act, event.eventcode)
    yield partial(_day, event)
    yield partial(_initiator, event)
    yield partial(_actor, "Actor2", event)
    yield partial(_story, event, "", "")


def _day(event: GdeltCells) -> str:
    if day := coded.day(event.sqldate):
        return day
    raise BadCell("SQLDATE", event.sqldate, "is not a day such as 20160729")


def _initiator(event: GdeltCells) -> SectorActor:
    if initiator := _actor("Actor1", event):
        return initiator
    raise BadCell("Actor1Code", "", NO_INITIATOR)


def _act(code: str) -> Code:
    try:
        return coded.act(CAMEO, code)
    except UnknownCode as problem:
        raise BadCell("EventCode", code, str(problem)) from problem


def _actor(party: str, event: GdeltCells) -> SectorActor | None:
    code, country, group, ethnic, religion, *types = _ACTOR_CELLS[party](event)
    actor = actor_of(ActorCodes(code, country, group, ethnic, religion, tuple(types)))
    if isinstance(actor, NoGdeltActor):
        raise BadCell(f"{party}{actor.column}", actor.value, actor.reason)
    return actor


def _story(event: GdeltCells, day: str, title: str) -> Story:
    """The story at an address, or by the name of its outlet; otherwise GDELT alone reports it."""
    added = published(event.dateadded)
    dated = {"date": added} if added else {}
    source = event.sourceurl
    if source.lower().startswith(("http://", "https://")):
        publisher = coded.publisher(values.host("SOURCEURL", source), "SOURCEURL")
        return Story(publisher=publisher, document={"url": source} | dated, citation={})
    if source:
        publisher = coded.publisher(source, "SOURCEURL")
        named = f"{source}: stories that {title} took in on {added or 'an unknown day'}"
        return Story(publisher=publisher, document={"title": named} | dated, citation={})
    unnamed = f"{title}: events of {day}, from stories that it does not name"
    return Story(publisher=PROJECT, document={"title": unnamed} | dated, citation={})


def published(added: str) -> str:
    """The day of a story, by the time when its row was added; empty if that is unknown."""
    return coded.day(added[:8]) if added[:8] >= _DAILY else ""


def _note(event: GdeltCells, title: str) -> str:
    recipient = f" to {named(event.actor2name, event.actor2code)}" if event.actor2code else ""
    parties = f"{named(event.actor1name, event.actor1code)}{recipient}"
    return note(f"{title} event {event.globaleventid}: {parties}", _NOTED(event))


_NOTED = attrgetter(*NOTED)


def named(name: str, code: str) -> str:
    """An actor in a note."""
    return f"{name} ({code})"


def note(event: str, cells: Sequence[str]) -> str:
    """The note about an event, with the cells of the columns `NOTED`."""
    mentions, sources, articles, tone, where, fips, latitude, longitude = cells
    if mentions and sources and articles and tone:
        counts = f"mentions {mentions}, sources {sources}, articles {articles}, tone {tone}"
    else:
        numbers = {"mentions": mentions, "sources": sources, "articles": articles, "tone": tone}
        counts = ", ".join([f"{name} {number}" for name, number in numbers.items() if number])
    if where:
        where = f"; at {where} [{_place(fips)}] {latitude} {longitude}"
    return f"{event}; {counts}{where}".rstrip()


@lru_cache(1024)
def _place(fips: str) -> str:
    """The country of a place, by its FIPS code; the code itself if it is not that of a country."""
    try:
        return countries.country("fips", fips)
    except NoCountry:
        return f"FIPS {fips}"


@cache
def _expected(code: str) -> tuple[str, float | None]:
    """The class of a code in GDELT's codebook, and its Goldstein value, if it has one."""
    return next(
        (row["quad_class_gdelt"][0], _number(row["goldstein_gdelt"]))
        for row in rows("cameo_goldstein")
        if row["code"] == code
    )


def _remarks(event: GdeltCells) -> Iterator[str]:
    """Oddities of a valid row."""
    if is_late(event.dateadded, event.sqldate):
        yield coded.LATE
    yield from code_remarks(event.eventcode, event.quadclass, event.goldsteinscale)


def is_late(added: str, day: str) -> bool:
    """Whether a row was added a year or more after its event."""
    return int(added[:8]) - int(day) >= 10_000


def code_remarks(code: str, quad: str, goldstein: str) -> Iterator[str]:
    """Differences from GDELT's codebook."""
    expected_quad, expected_goldstein = _expected(code)
    if quad != expected_quad:
        yield "has another QuadClass than its code"
    if expected_goldstein is not None and _number(goldstein) != expected_goldstein:
        yield "has another GoldsteinScale than its code"


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None

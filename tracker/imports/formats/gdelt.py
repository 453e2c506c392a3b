"""GDELT event tables of both versions, separated by tabs; some derived files have a header."""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import BinaryIO, NamedTuple

from tracker.domain.claims import Basis
from tracker.domain.codes import Code, UnknownCode
from tracker.domain.facts import rows
from tracker.imports.formats import coded, countries, faults, gdelt_rows, values
from tracker.imports.formats.base import BadCell, FileHead, ImportFormat, InvalidRow
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
from tracker.imports.formats.gdelt_rows import GdeltCells, GdeltRow

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
_BASIS: Basis = "inferred"
# From this day on rows are added on the day of their story; older ones were added later, in bulk.
_DAILY = "20130401"
_SHOWN = ("EventCode", "SQLDATE", "SOURCEURL", "Actor1Code", "Actor2Code")
_SHOWN_CELLS = attrgetter(*map(str.lower, _SHOWN))
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


def _draft(row: GdeltRow, version: Version) -> DraftClaim:
    event = row.event
    act, day = _act(event.eventcode), _day(event)
    initiator = _initiator(event)
    recipient = _actor("Actor2", event)
    coded_act = CodedAct(
        day=day,
        basis=_BASIS,
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
    added = coded.day(event.dateadded[:8]) if event.dateadded[:8] >= _DAILY else ""
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


def _note(event: GdeltCells, title: str) -> str:
    initiator = f"{event.actor1name} ({event.actor1code})"
    recipient = f" to {event.actor2name} ({event.actor2code})" if event.actor2code else ""
    numbers = {
        "mentions": event.nummentions,
        "sources": event.numsources,
        "articles": event.numarticles,
        "tone": event.avgtone,
    }
    counts = ", ".join([f"{name} {number}" for name, number in numbers.items() if number])
    where = event.actiongeo_fullname
    if where:
        country = _place(event.actiongeo_countrycode)
        where = f"; at {where} [{country}] {event.actiongeo_lat} {event.actiongeo_long}"
    return f"{title} event {event.globaleventid}: {initiator}{recipient}; {counts}{where}".rstrip()


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
    if int(event.dateadded[:8]) - int(event.sqldate) >= 10_000:
        yield coded.LATE
    quad, goldstein = _expected(event.eventcode)
    if event.quadclass != quad:
        yield "has another QuadClass than its code"
    if goldstein is not None and _number(event.goldsteinscale) != goldstein:
        yield "has another GoldsteinScale than its code"


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _format(number: int, columns: str, *, with_districts: bool) -> ImportFormat:
    name, title = f"gdelt-{number}", f"GDELT {number}.0"
    version = Version(title, gdelt_rows.columns(with_districts=with_districts))
    return ImportFormat(
        name=name,
        description=f"{title} events, of {columns}",
        collection=coded.collection(
            name,
            f"Events that the GDELT Project's program read out of the news ({title}, CAMEO 1.1b3)."
            " One in five stories says what is said of it (Wang and others, Science 353, 2016):"
            " credibility 4.",
            credibility=4,
        ),
        matches=partial(_matches, version),
        read=partial(read, version=version),
        header=tuple(gdelt_rows.COLUMNS[name] for name in GdeltCells._fields),
    )


def _matches(version: Version, head: FileHead) -> bool:
    return gdelt_rows.matches(head, version.names)


# Daily exports, and exports every 15 minutes.
GDELT_1 = _format(1, "58 columns, or 57 from before April 2013", with_districts=False)
GDELT_2 = _format(2, "61 columns", with_districts=True)

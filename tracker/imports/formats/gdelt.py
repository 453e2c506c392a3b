"""GDELT event tables of both versions, separated by tabs; some derived files have a header."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
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
)
from tracker.imports.formats.countries import NoCountry
from tracker.imports.formats.drafts import NamedSource, PlainDraft, Story
from tracker.imports.formats.faults import Reads
from tracker.imports.formats.gdelt_rows import ActorCodes, GdeltAct, GdeltActor, GdeltRow

_CACHED = 65_536
GROUP = "is an own group: it does not represent the country that it is in"
NO_COUNTRY = "has no country that it represents"


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


_PROJECT = NamedSource(name="GDELT Project", kind="organisation")
_PARTIES = PartyColumns("Actor1Code", "Actor2Code")
_COLUMNS = {
    "/code": "EventCode",
    "/occurred": "SQLDATE",
    "/document/url": "SOURCEURL",
    "/document/date": "DATEADDED",
}
# A program reads the date from the story, if the story has one.
_BASIS: Basis = "inferred"
# From this day on rows are added on the day of their story; older ones were added later, in bulk.
_DAILY = "20130401"


class Version(NamedTuple):
    """A version of GDELT: its title and its columns."""

    title: str
    names: Sequence[str]


def _rows(stream: BinaryIO, version: Version) -> Iterator[PlainDraft | InvalidRow]:
    rows_ = gdelt_rows.read(stream, version.names)
    return faults.drafts(rows_, partial(_draft, version=version), _parts)


def _draft(row: GdeltRow, version: Version) -> PlainDraft:
    act, day = _act(row.act.code), _day(row)
    initiator = _initiator(row)
    recipient = _actor("Actor2", row.actor2)
    coded_act = CodedAct(
        day=day,
        basis=_BASIS,
        act=act,
        initiators=(initiator,),
        recipients=(recipient,) if recipient else (),
    )
    archived = ArchiveRow(
        line=row.line,
        key=row.number,
        note=_note(row, version.title),
        remarks=_remarks(row),
        columns=_COLUMNS,
        cells=partial(_shown, row),
    )
    return coded.draft(archived, coded_act, _story(row, day, version.title), _PARTIES)


def _shown(row: GdeltRow) -> Mapping[str, str]:
    return {
        "EventCode": row.act.code,
        "SQLDATE": row.day,
        "SOURCEURL": row.url,
        "DATEADDED": row.added,
        "Actor1Code": row.actor1.codes.code,
        "Actor2Code": row.actor2.codes.code,
    }


def _parts(row: GdeltRow) -> Reads:
    yield partial(_act, row.act.code)
    yield partial(_day, row)
    yield partial(_initiator, row)
    yield partial(_actor, "Actor2", row.actor2)
    yield partial(_story, row, "", "")


def _day(row: GdeltRow) -> str:
    if day := coded.day(row.day):
        return day
    raise BadCell("SQLDATE", row.day, "is not a day such as 20160729")


def _initiator(row: GdeltRow) -> SectorActor:
    if initiator := _actor("Actor1", row.actor1):
        return initiator
    raise BadCell("Actor1Code", "", NO_INITIATOR)


def _act(code: str) -> Code:
    try:
        return coded.act(CAMEO, code)
    except UnknownCode as problem:
        raise BadCell("EventCode", code, str(problem)) from problem


def _actor(party: str, named: GdeltActor) -> SectorActor | None:
    actor = actor_of(named.codes)
    if isinstance(actor, NoGdeltActor):
        raise BadCell(f"{party}{actor.column}", actor.value, actor.reason)
    return actor


def _story(row: GdeltRow, day: str, title: str) -> Story:
    """The story at an address, or by the name of its outlet; otherwise GDELT alone reports it."""
    url, added = row.url, _published(row.added)
    if url.lower().startswith(("http://", "https://")):
        return Story(publisher=_publisher(url), url=url, published=added)
    if url:
        publisher = coded.publisher(url, "SOURCEURL")
        named = f"{url}: stories that {title} took in on {added or 'an unknown day'}"
        return Story(publisher=publisher, title=named, published=added)
    unnamed = f"{title}: events of {day}, from stories that it does not name"
    return Story(publisher=_PROJECT, title=unnamed, published=added)


def _publisher(url: str) -> NamedSource:
    """The host of an address. Those with the same start, up to the path, have the same."""
    path = url.find("/", len("https://"))
    start = url[:path] if path > 0 else url
    return _host(start) or coded.publisher(values.host("SOURCEURL", url), "SOURCEURL")


@lru_cache(_CACHED)
def _host(start: str) -> NamedSource | None:
    try:
        return coded.publisher(values.host("SOURCEURL", start), "SOURCEURL")
    except BadCell:
        return None


def _published(added: str) -> str:
    """The day of a story, by the time when its row was added; empty if that is unknown."""
    return coded.day(added[:8]) if added[:8] >= _DAILY else ""


def _note(row: GdeltRow, title: str) -> str:
    mentions, sources, articles, tone = row.counts
    if mentions and sources and articles and tone:
        counts = f"mentions {mentions}, sources {sources}, articles {articles}, tone {tone}"
    else:
        numbers = {"mentions": mentions, "sources": sources, "articles": articles, "tone": tone}
        counts = ", ".join([f"{name} {number}" for name, number in numbers.items() if number])
    where, fips, latitude, longitude = row.place
    if where:
        where = f"; at {where} [{_place(fips)}] {latitude} {longitude}"
    recipient = f" to {_named(row.actor2)}" if row.actor2.codes.code else ""
    event = f"{title} event {row.number}: {_named(row.actor1)}{recipient}"
    return f"{event}; {counts}{where}".rstrip()


def _named(actor: GdeltActor) -> str:
    return f"{actor.name} ({actor.codes.code})"


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


def _remarks(row: GdeltRow) -> tuple[str, ...]:
    """Oddities of a valid row."""
    late = (coded.LATE,) if _is_late(row.added, row.day) else ()
    return (*row.remarks, *late, *_code_remarks(row.act))


def _is_late(added: str, day: str) -> bool:
    """Whether a row was added a year or more after its event."""
    return int(added[:8]) - int(day) >= 10_000


@lru_cache(_CACHED)
def _code_remarks(act: GdeltAct) -> tuple[str, ...]:
    """Differences from GDELT's codebook."""
    quad, goldstein = _expected(act.code)
    found = []
    if act.quad != quad:
        found.append("has another QuadClass than its code")
    if goldstein is not None and _number(act.goldstein) != goldstein:
        found.append("has another GoldsteinScale than its code")
    return tuple(found)


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
        rows=partial(_rows, version=version),
        header=tuple(gdelt_rows.COLUMNS[name] for name in gdelt_rows.READ),
    )


def _matches(version: Version, head: FileHead) -> bool:
    return gdelt_rows.matches(head, version.names)


# Daily exports, and exports every 15 minutes.
GDELT_1 = _format(1, "58 columns, or 57 from before April 2013", with_districts=False)
GDELT_2 = _format(2, "61 columns", with_districts=True)

"""GDELT event tables of both versions, with tabs: without a header, or with one if derived."""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import BinaryIO, NamedTuple

from tracker.domain.claims import Basis
from tracker.domain.codes import Code, UnknownCode
from tracker.domain.facts import rows
from tracker.imports.formats import coded, countries, gdelt_rows, values
from tracker.imports.formats.base import BadCell, Format, Head, Refused
from tracker.imports.formats.coded import CAMEO, Deed, Ends, NoSpeaker, Row, Speaker, Story
from tracker.imports.formats.countries import NoCountry
from tracker.imports.formats.drafts import DraftClaim, NamedSource
from tracker.imports.formats.gdelt_rows import Event, Read

_REMEMBERED = 65_536
GROUP = "is a group of its own: it does not speak for the country that it is in"
HOMELESS = "has no country, so that nobody is known to speak for one"


class ActorCodes(NamedTuple):
    """One actor's cells."""

    code: str
    country: str
    group: str
    ethnic: str
    religion: str
    types: tuple[str, str, str]


class Unheard(NamedTuple):
    """Why an actor speaks for no country: the end of the column's name, its cell, the reason."""

    column: str
    value: str
    reason: str


@lru_cache(_REMEMBERED)
def speaker(actor: ActorCodes) -> Speaker | Unheard | None:
    """Give whom an actor speaks for, or why for nobody; nothing where no actor is named.

    The first role counts, unless one is an armed opponent's or a criminal's. Without a role, an
    ethnic group or a religion is society, and the country's bare code is the state.
    """
    if not actor.country:
        return Unheard("Code", actor.code, HOMELESS) if actor.code else None
    try:
        country = countries.country("cameo", actor.country)
    except NoCountry as problem:
        return Unheard("CountryCode", actor.country, str(problem))
    if actor.group:
        return Unheard("KnownGroupCode", actor.group, GROUP)
    typed = [role for role in actor.types if role]
    roles = typed or _roles_in(actor.code, actor.country)
    faith = bool(actor.ethnic or actor.religion)
    try:
        sectors = [coded.sector("cameo", one) for one in roles if not faith or _known(one)]
    except NoSpeaker as problem:
        column = "Type1Code" if typed else "Code"
        return Unheard(column, "".join(roles), str(problem))
    if sectors:
        return Speaker(country, sectors[0])
    return Speaker(country, "society" if faith else coded.STATE)


def _known(role: str) -> bool:
    return coded.known("cameo", role)


def _roles_in(code: str, country: str) -> list[str]:
    """What an actor's code says beside its country, in threes; old codes of countries aside."""
    rest = code.replace(country, "", 1)
    parts = [rest[at : at + 3] for at in range(0, len(rest), 3)]
    return [part for part in parts if not countries.is_known("cameo", part)]


PROJECT = NamedSource(name="GDELT Project", column="", kind="organisation")
NOBODY = "is empty: an act needs somebody who acts"
_ENDS = Ends("Actor1Code", "Actor2Code")
_COLUMNS = {"/code": "EventCode", "/occurred": "SQLDATE", "/document/url": "SOURCEURL"}
# A program read the date out of the story, where the story says one.
_BASIS: Basis = "inferred"
# From this day on rows are added on the day of their story; older ones came in later, in bulk.
_DAILY = "20130401"
_MENTIONS = ("mentions", "sources", "articles", "tone")
_COUNTS = attrgetter("nummentions", "numsources", "numarticles", "avgtone")


class Version(NamedTuple):
    """What differs between the versions."""

    title: str
    names: Sequence[str]


def read(stream: BinaryIO, version: Version) -> Iterator[DraftClaim | Refused]:
    """Give each row as a draft, or why it is refused.

    :raises BadFile: if the header lacks a column that is needed.
    """
    for row in gdelt_rows.read(stream, version.names):
        if isinstance(row, Refused):
            yield row
            continue
        try:
            yield _draft(row, version)
        except BadCell as problem:
            yield problem.on(row.line)


def _draft(row: Read, version: Version) -> DraftClaim:
    event = row.event
    act = _act(event.eventcode)
    day = coded.day(event.sqldate)
    if not day:
        raise BadCell("SQLDATE", event.sqldate, "is no day, as 20160729")
    deed = Deed(day=day, basis=_BASIS, act=act, who=(_who(event),), whom=_whom(event))
    said = Row(
        line=row.line,
        key=event.globaleventid,
        note=_note(event, version.title),
        remarks=(*row.remarks, *_remarks(event)),
        columns=_COLUMNS,
        cells={
            "EventCode": event.eventcode,
            "SQLDATE": event.sqldate,
            "SOURCEURL": event.sourceurl,
            "Actor1Code": event.actor1code,
            "Actor2Code": event.actor2code,
        },
    )
    return coded.draft(said, deed, _story(event, day, version.title), _ENDS)


def _act(code: str) -> Code:
    try:
        return coded.act(CAMEO, code)
    except UnknownCode as problem:
        raise BadCell("EventCode", code, str(problem)) from problem


def _who(event: Event) -> Speaker:
    found = speaker(
        ActorCodes(
            event.actor1code,
            event.actor1countrycode,
            event.actor1knowngroupcode,
            event.actor1ethniccode,
            event.actor1religion1code,
            (event.actor1type1code, event.actor1type2code, event.actor1type3code),
        )
    )
    if found is None:
        raise BadCell("Actor1Code", "", NOBODY)
    return _heard("Actor1", found)


def _whom(event: Event) -> tuple[Speaker, ...]:
    found = speaker(
        ActorCodes(
            event.actor2code,
            event.actor2countrycode,
            event.actor2knowngroupcode,
            event.actor2ethniccode,
            event.actor2religion1code,
            (event.actor2type1code, event.actor2type2code, event.actor2type3code),
        )
    )
    return () if found is None else (_heard("Actor2", found),)


def _heard(whose: str, found: Speaker | Unheard) -> Speaker:
    if isinstance(found, Unheard):
        raise BadCell(f"{whose}{found.column}", found.value, found.reason)
    return found


def _story(event: Event, day: str, title: str) -> Story:
    """The story at an address, or by the name of who told it; else GDELT alone says so."""
    added = coded.day(event.dateadded[:8]) if event.dateadded[:8] >= _DAILY else ""
    dated = {"date": added} if added else {}
    told = event.sourceurl
    if told.lower().startswith(("http://", "https://")):
        publisher = coded.publisher(values.host("SOURCEURL", told), "SOURCEURL")
        return Story(publisher=publisher, document={"url": told} | dated, citation={})
    if told:
        publisher = coded.publisher(told, "SOURCEURL")
        named = f"{told}: stories that {title} took in on {added or 'an unknown day'}"
        return Story(publisher=publisher, document={"title": named} | dated, citation={})
    unnamed = f"{title}: events of {day}, from stories that it does not name"
    return Story(publisher=PROJECT, document={"title": unnamed} | dated, citation={})


def _note(event: Event, title: str) -> str:
    who = f"{event.actor1name} ({event.actor1code})"
    whom = f" to {event.actor2name} ({event.actor2code})" if event.actor2code else ""
    told = zip(_MENTIONS, _COUNTS(event), strict=True)
    counted = ", ".join([f"{name} {number}" for name, number in told if number])
    where = event.actiongeo_fullname
    if where:
        country = _place(event.actiongeo_countrycode)
        where = f"; at {where} [{country}] {event.actiongeo_lat} {event.actiongeo_long}"
    return f"{title} event {event.globaleventid}: {who}{whom}; {counted}{where}".rstrip()


@lru_cache(1024)
def _place(fips: str) -> str:
    """The country of a place, by its FIPS code; the code itself where it is no country's."""
    try:
        return countries.country("fips", fips)
    except NoCountry:
        return f"FIPS {fips}"


@cache
def _said_of(code: str) -> tuple[str, float | None]:
    """The class that GDELT's codebook gives a code, and the Goldstein value, where it has one."""
    return next(
        (row["quad_class_gdelt"][0], _number(row["goldstein_gdelt"]))
        for row in rows("cameo_goldstein")
        if row["code"] == code
    )


def _remarks(event: Event) -> Iterator[str]:
    """What is strange about a row that can be read all the same."""
    if int(event.dateadded[:8]) - int(event.sqldate) >= 10_000:
        yield coded.LATE
    quad, goldstein = _said_of(event.eventcode)
    if event.quadclass != quad:
        yield "has another QuadClass than its code"
    if goldstein is not None and _number(event.goldsteinscale) != goldstein:
        yield "has another GoldsteinScale than its code"


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _format(number: int, columns: str, *, finer: bool) -> Format:
    name, title = f"gdelt-{number}", f"GDELT {number}.0"
    version = Version(title, gdelt_rows.columns(finer=finer))
    return Format(
        name=name,
        says=f"{title} events, of {columns}",
        collection=coded.collection(
            name,
            f"Events that the GDELT Project's program read out of the news ({title}, CAMEO 1.1b3)."
            " One in five stories says what is said of it (Wang and others, Science 353, 2016):"
            " credibility 4.",
            credibility=4,
        ),
        knows=partial(_knows, version),
        read=partial(read, version=version),
    )


def _knows(version: Version, head: Head) -> bool:
    return gdelt_rows.knows(head, version.names)


# Daily exports, and exports of a quarter of an hour.
GDELT_1 = _format(1, "58 columns, or 57 from before April 2013", finer=False)
GDELT_2 = _format(2, "61 columns", finer=True)

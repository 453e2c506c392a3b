"""POLECAT's tables of PLOVER events, weekly text files with tabs and a header."""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from tracker.domain import codebooks
from tracker.domain.claims import Basis
from tracker.domain.codes import PLOVER, Code, UnknownCode
from tracker.imports.formats import base, coded, countries
from tracker.imports.formats.base import BadCell, Format, Head, Named, Refused
from tracker.imports.formats.coded import Deed, Ends, NoSpeaker, Row, Speaker, Story
from tracker.imports.formats.countries import NoCountry
from tracker.imports.formats.drafts import DraftClaim, NamedSource

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
_GHOSTS = ("headline", "event text", "feed", "story id")
_MISSING = ("NA", "None", "none", "NULL")
_ENDS = Ends("Actor Country", "Recipient Country")
_COLUMNS = {"/code": "Event Type", "/occurred": "Event Date", "/document/title": "Event ID"}
_SEVERAL = re.compile(r"[;|]")
# The program resolves words such as "on Monday" against the day of publication.
_BASIS: Basis = "inferred"
SECTORLESS = "has no sector and is not called as the country is"


class _End(NamedTuple):
    """The columns of one party, in small letters and as they are printed."""

    name: str
    country: str
    sector: str

    @classmethod
    def of(cls, whose: str) -> "_End":
        return cls(f"{whose} Name", f"{whose} Country", f"Primary {whose} Sector")


_ACTOR, _RECIPIENT = _End.of("Actor"), _End.of("Recipient")


def _knows(head: Head) -> bool:
    return {"event type", "event mode", "actor country", "recipient country"} <= head.names


def _read(stream: BinaryIO) -> Iterator[DraftClaim | Refused]:
    for row in base.read(stream, _WANTED, missing=_MISSING, ghosts=_GHOSTS):
        if isinstance(row, Refused):
            yield row
            continue
        try:
            yield _draft(row)
        except BadCell as problem:
            yield problem.on(row.line)


def _draft(row: Named) -> DraftClaim:
    cells = row.cells
    who = _speakers(row, _ACTOR)
    if not who:
        raise BadCell(_ACTOR.name, "", "is empty: an act needs somebody who acts")
    told = tuple(_split(cells["contexts"]))
    contexts = tuple(one for one in told if one in codebooks.CONTEXTS)
    deed = Deed(
        day=_day(row, "Event Date"),
        basis=_BASIS,
        act=_act(cells["event type"], cells["event mode"]),
        who=who,
        whom=_speakers(row, _RECIPIENT),
        contexts=contexts,
    )
    said = Row(
        line=row.line,
        key=cells["event id"],
        note=_note(row),
        remarks=() if contexts == told else ("has a context that PLOVER 2.0 does not know",),
        columns=_COLUMNS,
        cells={name: cells[name.lower()] for name in _WANTED},
    )
    return coded.draft(said, deed, _story(row), _ENDS)


def _day(row: Named, column: str) -> str:
    told = row.cells[column.lower()]
    if day := coded.day(told[:10]):
        return day
    raise BadCell(column, told, "is no day, as 2023-01-31")


def _act(event: str, mode: str) -> Code:
    rest = "/".join(filter(None, (event.upper(), mode.lower())))
    try:
        return coded.act(PLOVER, rest)
    except UnknownCode as problem:
        raise BadCell("Event Type", rest, str(problem)) from problem


def _speakers(row: Named, end: _End) -> tuple[Speaker, ...]:
    """Whom a party speaks for; nobody where none is named. It may be of several countries."""
    name, told = row.cells[end.name.lower()], row.cells[end.country.lower()]
    if not told:
        if name:
            raise BadCell(end.country, name, "has no country, so that it speaks for none")
        return ()
    homes = dict.fromkeys(_country(end, one) for one in _split(told))
    sector = row.cells[end.sector.lower()]
    if sector:
        try:
            return tuple(Speaker(home, coded.sector("plover", sector.upper())) for home in homes)
        except NoSpeaker as problem:
            raise BadCell(end.sector, sector, str(problem)) from problem
    if any(_find(name) == home for home in homes):
        return tuple(Speaker(home) for home in homes)
    raise BadCell(end.name, name, SECTORLESS)


def _country(end: _End, told: str) -> str:
    """:raises BadCell: if it is no country, by its ISO code or its name."""
    scheme: countries.Scheme = "cameo" if countries.is_known("cameo", told) else "name"
    try:
        return countries.country(scheme, told)
    except NoCountry as problem:
        raise BadCell(end.country, told, str(problem)) from problem


def _find(name: str) -> str:
    return countries.country("name", name) if countries.is_country("name", name) else ""


def _split(cell: str) -> Iterator[str]:
    return filter(None, dict.fromkeys(one.strip() for one in _SEVERAL.split(cell)))


def _story(row: Named) -> Story:
    """A story's events have its id and a mark behind it as theirs."""
    told = row.cells["source"]
    if not told:
        raise BadCell("Source", "", "is empty: who published it is not known")
    story = row.cells["event id"].partition("_")[0]
    title = f"{told}: the story that POLECAT numbers {story}"
    document = {"title": title, "date": _day(row, "Publication Date")}
    publisher = NamedSource(name=told, column="Source")
    return Story(publisher=publisher, document=document, citation={})


def _note(row: Named) -> str:
    cells = row.cells
    whom = f" to {cells['recipient name']}" if cells["recipient name"] else ""
    places = (cells.get(one, "") for one in ("placename", "country", "latitude", "longitude"))
    where = " ".join(filter(None, places))
    shown = f"; at {where}" if where else ""
    return f"POLECAT event {cells['event id']}: {cells['actor name']}{whom}{shown}"


FORMAT = Format(
    name="polecat",
    says="a table of PLOVER events, as POLECAT's",
    collection=coded.collection(
        "polecat",
        "Events that POLECAT's program read out of the news (PLOVER 2.0): credibility 3.",
        credibility=3,
    ),
    knows=_knows,
    read=_read,
)

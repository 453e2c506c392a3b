"""ICEWS coded event data: yearly files with a header and 20 columns, separated by tabs."""

from collections.abc import Iterator, Mapping
from functools import partial
from operator import itemgetter
from typing import BinaryIO

from tracker.domain.claims import Basis
from tracker.domain.codes import Code, UnknownCode
from tracker.domain.offices import NO_OFFICES, Offices
from tracker.imports.formats import coded, headed, icews_names
from tracker.imports.formats.base import BadCell, FileHead, ImportFormat, InvalidRow
from tracker.imports.formats.coded import (
    CAMEO,
    NO_PUBLISHER,
    ArchiveRow,
    CodedAct,
    PartyColumns,
    SectorActor,
)
from tracker.imports.formats.drafts import NamedSource, PlainDraft, Story
from tracker.imports.formats.faults import Reads
from tracker.imports.formats.headed import NamedRow
from tracker.imports.formats.icews_names import NoIcewsActor

_WANTED = (
    "Event ID",
    "Event Date",
    "Source Name",
    "Source Sectors",
    "Source Country",
    "Event Text",
    "CAMEO Code",
    "Intensity",
    "Target Name",
    "Target Sectors",
    "Target Country",
    "Story ID",
    "Sentence Number",
    "Publisher",
    "City",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
)
_PARTIES = PartyColumns("Source Name", "Target Name")
_SHOWN = ("CAMEO Code", "Event Date", "Story ID", "Source Name", "Target Name")
_COLUMNS = {"/code": "CAMEO Code", "/occurred": "Event Date", "/document/title": "Story ID"}
# ICEWS dates an event by the day of the story.
_BASIS: Basis = "publication"
_day = partial(coded.day_in, such_as="2018-06-01")
OTHER_EDITION = "is not the label of the code in CAMEO 1.1b3: the file has another edition"


def _matches(head: FileHead) -> bool:
    return {"event id", "cameo code", "source name", "target name"} <= head.names


def _read(stream: BinaryIO, offices: Offices = NO_OFFICES) -> Iterator[PlainDraft | InvalidRow]:
    rows = headed.read_headed(stream, _WANTED, missing=("NA", "NULL"))
    return coded.drafts(rows, _draft, _parts, offices, ("source name", "target name"))


def _draft(row: NamedRow, offices: Offices) -> PlainDraft:
    cells = row.cells
    act, day = _act(row), _day(row.cells, "Event Date")
    event = CodedAct(
        day=day,
        basis=_BASIS,
        act=act,
        initiators=(_actor("Source", row, offices),),
        recipients=_recipients(row, offices),
    )
    archived = ArchiveRow(
        line=row.line,
        # The id of an event is used again on other days.
        key=f"{cells['event id']} {day}",
        note=_note(row),
        remarks=_remarks(row, act),
        columns=_COLUMNS,
        cells=partial(_shown, cells),
    )
    return coded.draft(archived, event, _story(row, day), _PARTIES)


def _shown(cells: Mapping[str, str]) -> Mapping[str, str]:
    return {name: cells[name.lower()] for name in _SHOWN}


def _parts(row: NamedRow, offices: Offices) -> Reads:
    yield partial(_act, row)
    yield partial(_day, row.cells, "Event Date")
    yield partial(_actor, "Source", row, offices)
    yield partial(_recipients, row, offices)
    yield partial(_publisher, row)


def _act(row: NamedRow) -> Code:
    code, label = row.cells["cameo code"], row.cells["event text"]
    try:
        act = coded.act(CAMEO, code)
    except UnknownCode as problem:
        raise BadCell("CAMEO Code", code, str(problem)) from problem
    if label and label.casefold() != act.label.casefold():
        raise BadCell("Event Text", label, OTHER_EDITION)
    return act


def _recipients(row: NamedRow, offices: Offices) -> tuple[SectorActor, ...]:
    return (_actor("Target", row, offices),) if row.cells["target name"] else ()


_ACTOR_CELLS = {
    party: itemgetter(*(f"{party.lower()} {column}" for column in ("name", "country", "sectors")))
    for party in ("Source", "Target")
}


def _actor(party: str, row: NamedRow, offices: Offices) -> SectorActor:
    name, country, sectors = _ACTOR_CELLS[party](row.cells)
    held = coded.holder(name, coded.day(row.cells["event date"]), offices)
    if isinstance(held, SectorActor):
        return held
    actor = icews_names.actor_of(name, country, sectors)
    if isinstance(actor, NoIcewsActor):
        is_coded = bool(country and sectors)
        raise BadCell(f"{party} Name", name, str(actor if is_coded else held or actor))
    return actor


def _publisher(row: NamedRow) -> NamedSource:
    if name := row.cells["publisher"]:
        return coded.publisher(name, "Publisher")
    raise BadCell("Publisher", "", NO_PUBLISHER)


def _story(row: NamedRow, day: str) -> Story:
    cells, publisher = row.cells, _publisher(row)
    sentence = cells["sentence number"]
    return Story(
        publisher=publisher,
        title=f"{publisher.name}: the story that ICEWS numbers {cells['story id']}",
        published=day,
        locator=f"sentence {sentence}" if sentence else "",
    )


def _note(row: NamedRow) -> str:
    cells = row.cells
    target = f" to {cells['target name']}" if cells["target name"] else ""
    places = (cells["city"], cells["province"], cells["country"])
    where = ", ".join(dict.fromkeys(filter(None, places)))
    if where:
        where = f"; at {where} {cells['latitude']} {cells['longitude']}"
    return f"ICEWS event {cells['event id']}: {cells['source name']}{target}{where}"


def _remarks(row: NamedRow, act: Code) -> tuple[str, ...]:
    try:
        is_expected = float(row.cells["intensity"]) == act.value
    except ValueError:
        is_expected = False
    return () if is_expected else ("has another Intensity than its code",)


FORMAT = ImportFormat(
    name="icews",
    description="ICEWS coded events, of 20 columns",
    collection=coded.collection(
        "icews",
        "Events that ICEWS's program read out of the news (CAMEO 1.1b3)."
        " Four in five are what the story says: credibility 3.",
        credibility=3,
    ),
    matches=_matches,
    rows=_read,
    header=_WANTED,
    width=20,
    names_people=True,
)

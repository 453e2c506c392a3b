"""ICEWS coded event data: yearly files with a header and 20 columns, separated by tabs."""

from collections.abc import Iterator
from typing import BinaryIO

from tracker.domain.claims import Basis
from tracker.domain.codes import Code, UnknownCode
from tracker.imports.formats import base, coded, icews_names
from tracker.imports.formats.base import BadCell, FileHead, ImportFormat, InvalidRow, NamedRow
from tracker.imports.formats.coded import (
    CAMEO,
    NO_PUBLISHER,
    ArchiveRow,
    CodedAct,
    PartyColumns,
    SectorActor,
    Story,
)
from tracker.imports.formats.drafts import DraftClaim, NamedSource
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
_COLUMNS = {"/code": "CAMEO Code", "/occurred": "Event Date", "/document/title": "Story ID"}
# ICEWS dates an event by the day of the story.
_BASIS: Basis = "publication"
OTHER_EDITION = "is not the label of the code in CAMEO 1.1b3: the file has another edition"


def _matches(head: FileHead) -> bool:
    return {"event id", "cameo code", "source name", "target name"} <= head.names


def _read(stream: BinaryIO) -> Iterator[DraftClaim | InvalidRow]:
    return base.drafts(base.read_headed(stream, _WANTED, missing=("NA", "NULL")), _draft)


def _draft(row: NamedRow) -> DraftClaim:
    cells = row.cells
    act = _act(cells["cameo code"], cells["event text"])
    day = coded.day(cells["event date"])
    if not day:
        raise BadCell("Event Date", cells["event date"], "is not a day such as 2018-06-01")
    event = CodedAct(
        day=day,
        basis=_BASIS,
        act=act,
        initiators=(_actor("Source", row),),
        recipients=(_actor("Target", row),) if cells["target name"] else (),
    )
    shown = ("CAMEO Code", "Event Date", "Story ID", "Source Name", "Target Name")
    archived = ArchiveRow(
        line=row.line,
        # The id of an event is used again on other days.
        key=f"{cells['event id']} {day}",
        note=_note(row),
        remarks=_remarks(row, act),
        columns=_COLUMNS,
        cells={name: cells[name.lower()] for name in shown},
    )
    return coded.draft(archived, event, _story(row, day), _PARTIES)


def _act(code: str, label: str) -> Code:
    try:
        act = coded.act(CAMEO, code)
    except UnknownCode as problem:
        raise BadCell("CAMEO Code", code, str(problem)) from problem
    if label and label.casefold() != act.label.casefold():
        raise BadCell("Event Text", label, OTHER_EDITION)
    return act


def _actor(party: str, row: NamedRow) -> SectorActor:
    name, country, sectors = (
        row.cells[f"{party.lower()} {column}"] for column in ("name", "country", "sectors")
    )
    actor = icews_names.actor_of(name, country, sectors)
    if isinstance(actor, NoIcewsActor):
        raise BadCell(f"{party} Name", name, str(actor))
    return actor


def _story(row: NamedRow, day: str) -> Story:
    cells = row.cells
    if not cells["publisher"]:
        raise BadCell("Publisher", "", NO_PUBLISHER)
    publisher = NamedSource(name=cells["publisher"], column="Publisher")
    title = f"{cells['publisher']}: the story that ICEWS numbers {cells['story id']}"
    sentence = cells["sentence number"]
    citation = {"locator": f"sentence {sentence}"} if sentence else {}
    return Story(publisher=publisher, document={"title": title, "date": day}, citation=citation)


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
    read=_read,
)

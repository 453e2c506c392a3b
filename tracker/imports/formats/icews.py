"""ICEWS coded event data, the yearly files of 20 columns with tabs and a header."""

from collections.abc import Iterator
from typing import BinaryIO

from tracker.domain.claims import Basis
from tracker.domain.codes import Code, UnknownCode
from tracker.imports.formats import base, coded, icews_names
from tracker.imports.formats.base import BadCell, Format, Head, Named, Refused
from tracker.imports.formats.coded import CAMEO, Deed, Ends, Row, Speaker, Story
from tracker.imports.formats.drafts import DraftClaim, NamedSource
from tracker.imports.formats.icews_names import Unheard

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
_ENDS = Ends("Source Name", "Target Name")
_COLUMNS = {"/code": "CAMEO Code", "/occurred": "Event Date", "/document/title": "Story ID"}
# ICEWS dates an event by the day of the story.
_BASIS: Basis = "publication"
OTHER_EDITION = "is not what CAMEO 1.1b3 calls the code: the file is of another edition"


def _knows(head: Head) -> bool:
    return {"event id", "cameo code", "source name", "target name"} <= head.names


def _read(stream: BinaryIO) -> Iterator[DraftClaim | Refused]:
    for row in base.read(stream, _WANTED, missing=("NA", "NULL")):
        if isinstance(row, Refused):
            yield row
            continue
        try:
            yield _draft(row)
        except BadCell as problem:
            yield problem.on(row.line)


def _draft(row: Named) -> DraftClaim:
    cells = row.cells
    act = _act(cells["cameo code"], cells["event text"])
    day = coded.day(cells["event date"])
    if not day:
        raise BadCell("Event Date", cells["event date"], "is no day, as 2018-06-01")
    whom = (_speaker("Target", row),) if cells["target name"] else ()
    deed = Deed(day=day, basis=_BASIS, act=act, who=(_speaker("Source", row),), whom=whom)
    said = Row(
        line=row.line,
        # An event's id comes again on another day.
        key=f"{cells['event id']} {day}",
        note=_note(row),
        remarks=_remarks(row, act),
        columns=_COLUMNS,
        cells={
            "CAMEO Code": cells["cameo code"],
            "Event Date": cells["event date"],
            "Story ID": cells["story id"],
            "Source Name": cells["source name"],
            "Target Name": cells["target name"],
        },
    )
    return coded.draft(said, deed, _story(row, day), _ENDS)


def _act(code: str, label: str) -> Code:
    try:
        act = coded.act(CAMEO, code)
    except UnknownCode as problem:
        raise BadCell("CAMEO Code", code, str(problem)) from problem
    if label and label.casefold() != act.label.casefold():
        raise BadCell("Event Text", label, OTHER_EDITION)
    return act


def _speaker(whose: str, row: Named) -> Speaker:
    small = whose.lower()
    name, country = row.cells[f"{small} name"], row.cells[f"{small} country"]
    found = icews_names.listed(name, country, row.cells[f"{small} sectors"])
    if isinstance(found, Unheard):
        raise BadCell(f"{whose} Name", name, str(found))
    return found


def _story(row: Named, day: str) -> Story:
    cells = row.cells
    if not cells["publisher"]:
        raise BadCell("Publisher", "", "is empty: who published it is not known")
    publisher = NamedSource(name=cells["publisher"], column="Publisher")
    title = f"{cells['publisher']}: the story that ICEWS numbers {cells['story id']}"
    sentence = cells["sentence number"]
    citation = {"locator": f"sentence {sentence}"} if sentence else {}
    return Story(publisher=publisher, document={"title": title, "date": day}, citation=citation)


def _note(row: Named) -> str:
    cells = row.cells
    whom = f" to {cells['target name']}" if cells["target name"] else ""
    places = (cells["city"], cells["province"], cells["country"])
    where = ", ".join(dict.fromkeys(filter(None, places)))
    if where:
        where = f"; at {where} {cells['latitude']} {cells['longitude']}"
    return f"ICEWS event {cells['event id']}: {cells['source name']}{whom}{where}"


def _remarks(row: Named, act: Code) -> tuple[str, ...]:
    try:
        same = float(row.cells["intensity"]) == act.value
    except ValueError:
        same = False
    return () if same else ("has another Intensity than its code",)


FORMAT = Format(
    name="icews",
    says="ICEWS coded events, of 20 columns",
    collection=coded.collection(
        "icews",
        "Events that ICEWS's program read out of the news (CAMEO 1.1b3)."
        " Four in five are what the story says: credibility 3.",
        credibility=3,
    ),
    knows=_knows,
    read=_read,
)

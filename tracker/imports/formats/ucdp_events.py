"""The UCDP Georeferenced Event Dataset (GED): each event between states is an act with its dead."""

from collections.abc import Iterator
from typing import BinaryIO

from tracker.imports.formats import base, coded, ucdp
from tracker.imports.formats.base import BadCell, FileHead, ImportFormat, InvalidRow, NamedRow
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.formats.ucdp import FightClaim

_WANTED = (
    "id",
    "type_of_violence",
    "dyad_name",
    "source_article",
    "where_coordinates",
    "date_start",
    "date_end",
    "best",
    "high",
    "low",
    "gwnoa",
    "gwnob",
)
_SIDES = ("gwnoa", "gwnob")
_COLUMNS = {"/occurred": "date_start", "/magnitude": "best", "/key": "id"}
# The most of the list of sources that a note has.
_MOST_SOURCES = 500


def _matches(head: FileHead) -> bool:
    return set(_WANTED) <= head.names


def _read(stream: BinaryIO) -> Iterator[DraftClaim | InvalidRow]:
    return base.drafts_of(base.read_headed(stream, _WANTED, missing=("NA",)), _draft)


def _draft(row: NamedRow) -> DraftClaim:
    cells = row.cells
    if cells["type_of_violence"] != ucdp.STATE_BASED:
        reason = f"is not {ucdp.STATE_BASED}: no state fights a state"
        raise BadCell("type_of_violence", cells["type_of_violence"], reason)
    edtf, deaths = _edtf(row), _deaths(row)
    found = ucdp.fight(row, _SIDES, edtf)
    place = f" at {where}" if (where := cells["where_coordinates"]) else ""
    claim = FightClaim(
        kind="act",
        key=cells["id"],
        edtf=edtf,
        deaths=deaths,
        summary=f"Fighting between {found.names}{place}, with {deaths} deaths."[:500],
        note=_note(row),
        title="UCDP Georeferenced Event Dataset (GED)",
        locator=f"event {cells['id']}",
        columns=_COLUMNS,
    )
    return ucdp.draft(row, found, claim)


def _edtf(row: NamedRow) -> str:
    """The day, or one day of several."""
    first, last = (_day(row, column) for column in ("date_start", "date_end"))
    if first > last:
        raise BadCell("date_end", row.cells["date_end"], f"is before date_start, {first}")
    return first if first == last else f"[{first}..{last}]"


def _day(row: NamedRow, column: str) -> str:
    text = row.cells[column]
    if day := coded.day(text[:10]):
        return day
    raise BadCell(column, text, "is not a day such as 2022-02-24")


def _deaths(row: NamedRow) -> str:
    text = row.cells["best"].removesuffix(".0")
    if not (text.isascii() and text.isdigit()):
        raise BadCell("best", text, "is not a number of deaths")
    return text


def _note(row: NamedRow) -> str:
    cells = row.cells
    range_ = f"{cells['low']} to {cells['high']} deaths"
    sources = cells["source_article"][:_MOST_SOURCES]
    return f"UCDP GED event {cells['id']}, {cells['dyad_name']}: {range_}; {sources}".strip("; ")


FORMAT = ImportFormat(
    name="ucdp-events",
    description="events of armed conflict, as those of UCDP GED",
    collection=ucdp.collection(
        "ucdp-events",
        "Events of fighting between states, of the UCDP Georeferenced Event Dataset.",
    ),
    matches=_matches,
    rows=_read,
    header=_WANTED,
)

"""The UCDP Dyadic Dataset: each pair of states that fought in a year is a situation of that year.

It has the number of dead as a class only: at least 25, or at least 1,000. The claim has the lower
bound, which is where the classes of assaults have their limits, too.
"""

from collections.abc import Iterator
from typing import BinaryIO

from tracker.imports.formats import base, coded, ucdp
from tracker.imports.formats.base import BadCell, FileHead, ImportFormat, InvalidRow, NamedRow
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.formats.ucdp import FightClaim

_WANTED = (
    "dyad_id",
    "side_a",
    "side_b",
    "year",
    "intensity_level",
    "type_of_conflict",
    "start_date2",
    "gwno_a",
    "gwno_b",
)
_SIDES = ("gwno_a", "gwno_b")
# The deaths at least by level of intensity.
_DEATHS = {"1": "25", "2": "1000"}
_COLUMNS = {"/occurred": "year", "/magnitude": "intensity_level", "/key": "dyad_id"}


def _matches(head: FileHead) -> bool:
    return set(_WANTED) <= head.names


def _read(stream: BinaryIO) -> Iterator[DraftClaim | InvalidRow]:
    return base.drafts_of(base.read_headed(stream, _WANTED, missing=("NA",)), _draft)


def _draft(row: NamedRow) -> DraftClaim:
    cells = row.cells
    if cells["type_of_conflict"] != ucdp.INTERSTATE:
        reason = f"is not {ucdp.INTERSTATE}: it is no conflict between states"
        raise BadCell("type_of_conflict", cells["type_of_conflict"], reason)
    edtf, deaths = _edtf(row), _deaths(row)
    found = ucdp.fight(row, _SIDES, edtf)
    year, version = edtf[:4], cells.get("version", "")
    claim = FightClaim(
        kind="situation",
        key=f"{cells['dyad_id']} {year}",
        edtf=edtf,
        deaths=deaths,
        summary=f"Fighting between {found.names} in {year}, with at least {deaths} deaths.",
        note=f"UCDP dyad {cells['dyad_id']}: {cells['side_a']}, {cells['side_b']}",
        title=f"UCDP Dyadic Dataset{f', version {version}' if version else ''}",
        locator=f"dyad {cells['dyad_id']}, {year}",
        columns=_COLUMNS,
    )
    return ucdp.draft(row, found, claim)


def _edtf(row: NamedRow) -> str:
    """The year, from the day on which the fighting began if it is in it."""
    year, begun = coded.year(row.cells["year"]), coded.day(row.cells["start_date2"][:10])
    if not year:
        raise BadCell("year", row.cells["year"], "is not a year such as 2022")
    first = begun if begun and begun[:4] == year else f"{year}-01-01"
    return f"{first}/{year}-12-31"


def _deaths(row: NamedRow) -> str:
    level = row.cells["intensity_level"]
    if level not in _DEATHS:
        raise BadCell("intensity_level", level, f"is none of: {', '.join(_DEATHS)}")
    return _DEATHS[level]


FORMAT = ImportFormat(
    name="ucdp-dyads",
    description="pairs of states in armed conflict by year, as UCDP's",
    collection=ucdp.collection(
        "ucdp-dyads",
        "Armed conflicts between states by year, of the UCDP Dyadic Dataset.",
    ),
    matches=_matches,
    rows=_read,
    header=_WANTED,
)

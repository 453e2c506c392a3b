"""Data sets of the Uppsala Conflict Data Program.

The Dyadic Dataset: each pair of states that fought in a year is a situation of that year. It has
the number of dead as a class only: at least 25, or at least 1,000. The claim has the lower bound,
which is where the classes of assaults have their limits, too. The Georeferenced Event Dataset
(GED): each event between states is an act with its dead.

The program does not code who attacks whom. So two states that fight are both initiators. If a side
has several states, those of side A are initiators and those of side B recipients, since a claim
with initiators only would have allies fight each other.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, NamedTuple

from tracker.domain.claims import Kind
from tracker.domain.records import Collection, Role
from tracker.imports.formats import coded, headed
from tracker.imports.formats.base import BadCell, ImportFormat, InvalidRow
from tracker.imports.formats.country_schemes import CountryScheme, state_names
from tracker.imports.formats.drafts import DraftClaim, NamedParty, NamedSource
from tracker.imports.formats.headed import NamedRow

_CODE = "plover-2.0/ASSAULT"
_UNIT = "deaths"
_PUBLISHER = NamedSource(name="Uppsala Conflict Data Program", kind="organisation")
_STATES = CountryScheme(scheme="gw")
_SEVERAL = re.compile("[,;] ?")
# The numbers of `type_of_violence` and of `type_of_conflict` for what counts here.
_STATE_BASED, _INTERSTATE = "1", "2"


class Fight(NamedTuple):
    """The states on the two sides, by code, and the columns that name them."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    columns: tuple[str, str]

    @property
    def names(self) -> str:
        """The sides in a sentence."""
        sides = (self.first, self.second)
        return " and ".join(", ".join(state_names()[code] for code in side) for side in sides)

    @property
    def parties(self) -> tuple[NamedParty, ...]:
        alone = len(self.first) == len(self.second) == 1
        second: Role = "initiator" if alone else "recipient"
        return (
            *(_party("initiator", code, self.columns[0]) for code in self.first),
            *(_party(second, code, self.columns[1]) for code in self.second),
        )


def _party(role: Role, code: str, column: str) -> NamedParty:
    return NamedParty(role=role, name=code, column=column, former=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class FightClaim:
    """A row as a claim. `edtf`: when they fought; `columns`: the column of each field."""

    kind: Kind
    key: str
    edtf: str
    deaths: str
    summary: str
    note: str
    title: str
    locator: str
    columns: Mapping[str, str]


def _collection(name: str, description: str) -> Collection:
    """The collection of a data set. Its coders compare several reports by published rules: usually
    reliable, probably true."""
    return Collection(
        name=name,
        coding="curated",
        review=False,
        description=description,
        default_reliability="B",
        default_credibility=2,
    )


def _fight(row: NamedRow, columns: tuple[str, str], edtf: str) -> Fight:
    """The states that fight each other on a date.

    :raises BadCell: if a side is no state, or a state is on both.
    """
    first, second = (_states(row, column, edtf) for column in columns)
    if set(first) & set(second):
        reason = "is on the other side too: this is no fight of two countries"
        raise BadCell(columns[1], row.cells[columns[1]], reason)
    return Fight(first, second, columns)


def _states(row: NamedRow, column: str, edtf: str) -> tuple[str, ...]:
    text = row.cells[column]
    if not text:
        raise BadCell(column, "", "is empty: this side is no state")
    codes = [part.removesuffix(".0") for part in _SEVERAL.split(text)]
    return tuple(dict.fromkeys(_STATES.in_cell(column, code, edtf) for code in codes))


def _draft(row: NamedRow, found: Fight, claim: FightClaim) -> DraftClaim:
    """A row as a draft."""
    return DraftClaim(
        line=row.line,
        key=claim.key,
        fields={
            "kind": claim.kind,
            "key": claim.key,
            "summary": claim.summary,
            "code": _CODE,
            "occurred": {"edtf": claim.edtf, "basis": "stated"},
            "magnitude": {"value": claim.deaths, "unit": _UNIT},
            "note": claim.note,
        },
        parties=found.parties,
        citation={"locator": claim.locator},
        document={"title": claim.title},
        publisher=_PUBLISHER,
        chain=(),
        columns=claim.columns,
        cells=row.cells,
    )


def _read(
    wanted: Sequence[str], draft: Callable[[NamedRow], DraftClaim], stream: BinaryIO
) -> Iterator[DraftClaim | InvalidRow]:
    return headed.drafts_of(headed.read_headed(stream, wanted, missing=("NA",)), draft)


_DYAD_WANTED = (
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
_DYAD_SIDES = ("gwno_a", "gwno_b")
# The deaths at least by level of intensity.
_LEAST_DEATHS = {"1": "25", "2": "1000"}
_DYAD_COLUMNS = {"/occurred": "year", "/magnitude": "intensity_level", "/key": "dyad_id"}


def _dyad(row: NamedRow) -> DraftClaim:
    cells = row.cells
    if cells["type_of_conflict"] != _INTERSTATE:
        reason = f"is not {_INTERSTATE}: it is no conflict between states"
        raise BadCell("type_of_conflict", cells["type_of_conflict"], reason)
    edtf, deaths = _year(row), _least_deaths(row)
    found = _fight(row, _DYAD_SIDES, edtf)
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
        columns=_DYAD_COLUMNS,
    )
    return _draft(row, found, claim)


def _year(row: NamedRow) -> str:
    """The year, from the day on which the fighting began if it is in it."""
    year, begun = coded.year(row.cells["year"]), coded.day(row.cells["start_date2"])
    if not year:
        raise BadCell("year", row.cells["year"], "is not a year such as 2022")
    first = begun if begun and begun[:4] == year else f"{year}-01-01"
    return f"{first}/{year}-12-31"


def _least_deaths(row: NamedRow) -> str:
    level = row.cells["intensity_level"]
    if level not in _LEAST_DEATHS:
        raise BadCell("intensity_level", level, f"is none of: {', '.join(_LEAST_DEATHS)}")
    return _LEAST_DEATHS[level]


DYADS = ImportFormat(
    name="ucdp-dyads",
    description="pairs of states in armed conflict by year, as UCDP's",
    collection=_collection(
        "ucdp-dyads",
        "Armed conflicts between states by year, of the UCDP Dyadic Dataset.",
    ),
    matches=lambda head: set(_DYAD_WANTED) <= head.names,
    rows=partial(_read, _DYAD_WANTED, _dyad),
    header=_DYAD_WANTED,
)


_EVENT_WANTED = (
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
_EVENT_SIDES = ("gwnoa", "gwnob")
_EVENT_COLUMNS = {"/occurred": "date_start", "/magnitude": "best", "/key": "id"}
# The most of the list of sources that a note has.
_MOST_SOURCES = 500


def _event(row: NamedRow) -> DraftClaim:
    cells = row.cells
    if cells["type_of_violence"] != _STATE_BASED:
        reason = f"is not {_STATE_BASED}: no state fights a state"
        raise BadCell("type_of_violence", cells["type_of_violence"], reason)
    edtf, deaths = _days(row), _deaths(row)
    found = _fight(row, _EVENT_SIDES, edtf)
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
        columns=_EVENT_COLUMNS,
    )
    return _draft(row, found, claim)


def _days(row: NamedRow) -> str:
    """The day, or one day of several."""
    first, last = (
        coded.day_in(row, column, such_as="2022-02-24") for column in ("date_start", "date_end")
    )
    if first > last:
        raise BadCell("date_end", row.cells["date_end"], f"is before date_start, {first}")
    return first if first == last else f"[{first}..{last}]"


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


EVENTS = ImportFormat(
    name="ucdp-events",
    description="events of armed conflict, as those of UCDP GED",
    collection=_collection(
        "ucdp-events",
        "Events of fighting between states, of the UCDP Georeferenced Event Dataset.",
    ),
    matches=lambda head: set(_EVENT_WANTED) <= head.names,
    rows=partial(_read, _EVENT_WANTED, _event),
    header=_EVENT_WANTED,
)

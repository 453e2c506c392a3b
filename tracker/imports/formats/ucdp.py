"""What the data sets of the Uppsala Conflict Data Program share: their source, the states on the
two sides of a fight, and the claim that these fight each other.

The program does not code who attacks whom. So two states that fight are both initiators. If a side
has several states, those of side A are initiators and those of side B recipients, since a claim
with initiators only would have allies fight each other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tracker.domain.claims import Kind
from tracker.domain.codec import Plain
from tracker.domain.records import Collection, Role
from tracker.imports.formats.base import BadCell, NamedRow
from tracker.imports.formats.country_schemes import CountryScheme, state_names
from tracker.imports.formats.drafts import DraftClaim, NamedParty, NamedSource

_CODE = "plover-2.0/ASSAULT"
_UNIT = "deaths"
_PUBLISHER = NamedSource(name="Uppsala Conflict Data Program", kind="organisation")
_STATES = CountryScheme(scheme="gw")
_SEVERAL = re.compile("[,;] ?")
# The numbers of `type_of_violence` and of `type_of_conflict` for what counts here.
STATE_BASED, INTERSTATE = "1", "2"


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


def collection(name: str, description: str) -> Collection:
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


def fight(row: NamedRow, columns: tuple[str, str], edtf: str) -> Fight:
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


def draft(row: NamedRow, found: Fight, claim: FightClaim) -> DraftClaim:
    """A row as a draft."""
    return DraftClaim(
        line=row.line,
        key=claim.key,
        fields=_fields(claim),
        parties=found.parties,
        citation={"locator": claim.locator},
        document={"title": claim.title},
        publisher=_PUBLISHER,
        chain=(),
        columns=claim.columns,
        cells=row.cells,
    )


def _fields(claim: FightClaim) -> Plain:
    return {
        "kind": claim.kind,
        "key": claim.key,
        "summary": claim.summary,
        "code": _CODE,
        "occurred": {"edtf": claim.edtf, "basis": "stated"},
        "magnitude": {"value": claim.deaths, "unit": _UNIT},
        "note": claim.note,
    }

"""ATOP: the file of pairs by year (`atop5_1dy.csv`). The last year of the file counts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tracker.domain.structural import Pact, PairRecord
from tracker.imports.formats import level_tables
from tracker.imports.formats.level_tables import LevelTable, SourceRow

_COLUMNS = ("mem1", "mem2", "year", "defense", "offense", "neutral", "nonagg", "consul")
# The obligations by column, in the order in which a sentence lists them.
_OBLIGATIONS = {
    "defense": "defence",
    "offense": "offence",
    "neutral": "neutrality",
    "nonagg": "non-aggression",
    "consul": "consultation",
}


def _known_until(rows: Sequence[SourceRow]) -> date:
    return level_tables.last_year(rows, "year")


def _countries(row: SourceRow, day: date) -> tuple[str, str]:
    return level_tables.two_states(row, "mem1", "mem2", day)


def _fact(row: SourceRow, day: date) -> Pact | None:
    if level_tables.year(row, "year") != day.year:
        return None
    bound = [
        name for column, name in _OBLIGATIONS.items() if row.cells[column].removesuffix(".0") == "1"
    ]
    states = f"{row.cells['mem1']}, {row.cells['mem2']}"
    return Pact(year=day.year, obligations=tuple(bound), row=f"{states} in {day.year}")


def _join(record: PairRecord, pacts: Sequence[Pact]) -> PairRecord:
    bound = {name for pact in pacts for name in pact.obligations}
    if not bound:
        return replace(record, pact=None)
    ordered = tuple(name for name in _OBLIGATIONS.values() if name in bound)
    return replace(record, pact=replace(pacts[0], obligations=ordered))


FORMAT = level_tables.format_of(
    LevelTable(
        table="pacts",
        publisher="Leeds, Ritter, Mitchell & Long",
        title="Alliance Treaty Obligations and Provisions (ATOP), pairs by year",
        columns=_COLUMNS,
        known_until=_known_until,
        countries=_countries,
        fact=_fact,
        join=_join,
    ),
    name="atop",
    description="pairs of states by year, as ATOP's",
)

"""Militarised interstate disputes by pair and year: the dyadic file of the Correlates of War
(`dyadic_mid_4.03.csv`), and that of Gibler, Miller and Little (`gml_mid_ddydisps`)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from tracker.domain.structural import Dispute, PairRecord
from tracker.imports.formats import level_tables
from tracker.imports.formats.base import ImportFormat
from tracker.imports.formats.level_tables import LevelTable, SourceRow


class _Columns(NamedTuple):
    """The columns of a file. The levels are the highest of the dispute."""

    number: str
    first: str
    second: str
    year: str
    hostility: str
    fatality: str


def _join(record: PairRecord, disputes: Sequence[Dispute]) -> PairRecord:
    return replace(record, disputes=tuple(disputes))


def _format(
    columns: _Columns, *, name: str, description: str, publisher: str, title: str
) -> ImportFormat:
    def known_until(rows: Sequence[SourceRow]) -> date:
        return level_tables.last_year(rows, columns.year)

    def countries(row: SourceRow, day: date) -> tuple[str, str]:
        return level_tables.two_states(row, columns.first, columns.second, day)

    def fact(row: SourceRow, _: date) -> Dispute:
        year = level_tables.year(row, columns.year)
        return Dispute(
            first=year,
            last=year,
            hostility=level_tables.number(row, columns.hostility),
            fatality=level_tables.number(row, columns.fatality),
            row=f"dispute {row.cells[columns.number].removesuffix('.0')} in {year}",
        )

    table = LevelTable(
        table="disputes",
        publisher=publisher,
        title=title,
        columns=columns,
        known_until=known_until,
        countries=countries,
        fact=fact,
        join=_join,
    )
    return level_tables.format_of(table, name=name, description=description)


COW = _format(
    _Columns("disno", "statea", "stateb", "year", "hihost", "fatlev"),
    name="cow-disputes",
    description="militarised disputes of pairs by year, as those of the Correlates of War",
    publisher="Correlates of War Project",
    title="Dyadic Militarized Interstate Disputes",
)
GML = _format(
    _Columns("dispnum", "ccode1", "ccode2", "year", "hostlev", "fatality"),
    name="gml-disputes",
    description="militarised disputes of pairs by year, as those of Gibler, Miller and Little",
    publisher="Gibler, Miller & Little",
    title="Militarized Interstate Disputes, pairs by year",
)

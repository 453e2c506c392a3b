"""Tables of readings: a pair over days, and the pairs as they are on one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tracker.domain.shifts import CHANGES
from tracker.exports import readings
from tracker.exports.readings import Plain
from tracker.exports.tables import Column, Facts, Table
from tracker.queries.scores.pairs import Reading, Series
from tracker.queries.scores.table import Row, TablePart

LENS = Column(name="lens", says="name and version")
PAIR = Column(name="pair", unit="ISO 3166-1 alpha-3", says="in the order of the codes")
READ = (
    Column(name="day", type="day", says="at its end"),
    Column(name="value", type="number", unit="as the lens's model gives it, −10..10"),
    Column(name="sd", type="number", unit="as value"),
    Column(name="low", type="number", unit="as value", says="of the 90 % interval"),
    Column(name="high", type="number", unit="as value", says="of the 90 % interval"),
    Column(name="band", says="of a level, where the interval is narrow enough to name one"),
    Column(name="words"),
    Column(name="claims", type="integer", says="that came in by then"),
    Column(name="roots", type="integer", says="independent sources behind them"),
    Column(name="state_roots", type="integer", says="those of them that a state owns"),
    Column(name="state_share", type="number", unit="0..1", says="of the roots"),
    Column(name="days_since", type="integer", unit="days", says="since the last claim's day"),
)
OVER_DAYS = (
    LENS,
    PAIR,
    Column(name="direction", says="KAZ-RUS for the pair, RUS>KAZ for what Russia does to it"),
    *READ,
)
LAST = Column(name="last_claim_day", type="day")
CHANGED = tuple(
    Column(name=f"change_{days}", type="number", unit="as value", says=f"in {days} days")
    for days in CHANGES
)
OF_PAIRS = (LENS, PAIR, *READ, LAST, *CHANGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """A row: its reading, what stands before it and behind it."""

    before: tuple[Any, ...]
    reading: Reading | Row
    behind: tuple[Any, ...] = ()

    @property
    def flat(self) -> tuple[Any, ...]:
        said = readings.plain(self.reading) | {"day": self.reading.day}
        return (*self.before, *said.values(), *self.behind)


def over_days(
    facts: Facts, series: Series, read: Sequence[Reading], *, without: Sequence[str]
) -> Table[Any]:
    """A series day by day; `without` says what was left out of it."""
    notes = (f"as if these had never been: {', '.join(without)}",) if without else ()
    named = (series.lens.label, series.pair, series.direction)
    return _table(
        "scores",
        f"Scores of {series.direction} day by day",
        facts,
        OVER_DAYS,
        [_Cells(before=named, reading=one) for one in read],
        notes,
    )


def of_pairs(facts: Facts, ranked: TablePart) -> Table[Any]:
    """The table of pairs."""
    label = ranked.lens.label
    cells = [
        _Cells(
            before=(label, row.pair),
            reading=row,
            behind=(row.last_claim_day, *readings.changes(row).values()),
        )
        for row in ranked.rows
    ]
    return _table("pairs", "Pairs of countries with their values", facts, OF_PAIRS, cells)


def _table(
    name: str,
    title: str,
    facts: Facts,
    columns: tuple[Column, ...],
    cells: Sequence[_Cells],
    notes: tuple[str, ...] = (),
) -> Table[Any]:
    def line(one: _Cells) -> str:
        said: Plain = dict(zip((column.name for column in columns), one.flat, strict=True))
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=str)

    return Table(
        name=name,
        title=title,
        facts=facts,
        columns=columns,
        rows=cells,
        line=line,
        row=lambda one: one.flat,
        total=len(cells),
        notes=notes,
    )

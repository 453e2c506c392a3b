"""Scores: each lens, pair and direction on each day on which it moved.

Between two such days a series fades by its lens's model in closed form, so that nothing more is
known: a row for each day would be many times as long and say the same.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from tracker.domain.lenses import LensVersion, directions
from tracker.domain.scoring.moments import Knot, Score
from tracker.exports.tables import Column, Facts, Table
from tracker.queries.scores import values

COLUMNS = (
    Column(name="lens", says="name and version"),
    Column(name="pair", unit="ISO 3166-1 alpha-3", says="in the order of the codes"),
    Column(name="direction", says="KAZ-RUS for the pair, RUS>KAZ for what Russia does to it"),
    Column(name="day", type="day", says="at its end"),
    Column(name="value", type="number", unit="as the lens's model gives it, −10..10"),
    Column(name="sd", type="number", unit="as value"),
    Column(name="low", type="number", unit="as value", says="of the 90 % interval"),
    Column(name="high", type="number", unit="as value", says="of the 90 % interval"),
    Column(name="words"),
    Column(name="claims", type="integer", says="that came in by then"),
    Column(name="roots", type="integer", says="independent sources behind them"),
    Column(name="state_roots", type="integer", says="those of them that a state owns"),
    Column(name="last_claim_day", type="day"),
    Column(name="moments", type="numbers", says="the model's own state, see docs/method.md"),
)
QUIET = (
    "one row for each day on which a series moved; between two rows it fades in closed form:"
    " docs/method.md says how, and moments are what it starts from"
)


class Moved(NamedTuple):
    """A series at the end of a day on which it moved."""

    lens: str
    pair: str
    direction: str
    score: Score
    words: str
    knot: Knot


def table(facts: Facts, lenses: Sequence[LensVersion]) -> Table[Moved]:
    """The series of each lens by pair and direction, day by day."""
    return Table(
        name="scores",
        title="Scores of pairs of countries on the days on which they moved",
        facts=facts,
        columns=COLUMNS,
        rows=_moved(lenses, position=facts.position),
        line=_line,
        row=_row,
        notes=(QUIET,),
    )


def _moved(lenses: Sequence[LensVersion], *, position: int) -> Iterator[Moved]:
    for lens in lenses:
        for pair in values.pairs(lens, position=position):
            found = values.knots_of(lens, pair, position=position)
            for direction in directions(pair):
                yield from _series(lens, pair, direction, found.get(direction, []))


def _series(lens: LensVersion, pair: str, direction: str, knots: Sequence[Knot]) -> Iterator[Moved]:
    scorer = lens.scorer(direction)
    for knot in knots:
        score = scorer.at(knot, knot.day)
        words = scorer.words(score, since=knots[0].day)
        yield Moved(lens.label, pair, direction, score, words, knot)


def _row(one: Moved) -> tuple[Any, ...]:
    score, knot = one.score, one.knot
    return (
        one.lens,
        one.pair,
        one.direction,
        knot.day,
        score.value,
        score.sd,
        score.low,
        score.high,
        one.words,
        knot.claims,
        knot.roots,
        knot.state_roots,
        knot.newest,
        knot.moments,
    )


def _line(one: Moved) -> str:
    named = dict(zip((column.name for column in COLUMNS), _row(one), strict=True))
    return json.dumps(named, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)

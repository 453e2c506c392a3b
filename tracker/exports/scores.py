"""Scores of pairs: on the days on which they moved, day by day, and as the table of pairs."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from tracker.domain.lenses import LensVersion
from tracker.domain.movements import WindowMovement
from tracker.domain.scoring.moments import Knot, Score
from tracker.exports.tables import Column, Table, TableFacts, optional
from tracker.level_wording import WITHIN_PAIRS
from tracker.queries.scores import values
from tracker.queries.scores.pairs import Reading, Series
from tracker.queries.scores.table import CHANGED, RankedPair, TablePart


class ScoreRow(NamedTuple):
    """A series at the end of a day, and the evidence of the score."""

    lens: str
    pair: str
    direction: str
    score: Score
    words: str
    evidence: Knot | Reading | RankedPair


def _column(path: str, name: str = "", **options: Any) -> Column:
    return Column(name=name or path.rpartition(".")[2], cell=optional(path), **options)


_SERIES = (
    Column(name="lens", doc="name and version"),
    Column(name="pair", unit="ISO 3166-1 alpha-3", doc="in the order of the codes"),
)
_DIRECTION = Column(
    name="direction", doc="KAZ-RUS for the pair, RUS>KAZ for Russia's stance towards Kazakhstan"
)
_SCORE = (
    _column("evidence.day", type="day", doc="the score is that at its end"),
    _column("score.value", type="number", unit="as the lens's model gives it, −10..10"),
    _column("score.sd", type="number", unit="as value", doc="of a level"),
    _column("score.low", type="number", unit="as value", doc="of the 90 % interval of a level"),
    _column("score.high", type="number", unit="as value", doc="of the 90 % interval of a level"),
)


_LEVEL = (
    Column(
        name="likely",
        cell=lambda row: row.score.likely and " or ".join(row.score.likely.bands),
        doc="of a level, the two neighbouring bands that are most probable together",
    ),
    _column(
        "score.likely.chance",
        "likely_chance",
        type="number",
        unit="0..1",
        doc="the probability that the level is in one of them",
    ),
    _column(
        "score.assessed.state",
        "assessed",
        doc="of a level, whether it was ever assessed: never, fresh (within five years) or past",
    ),
    _column(
        "score.assessed.day",
        "assessed_day",
        type="day",
        doc="on which the level was last assessed",
    ),
    _column(
        "score.silent",
        type="day",
        doc="of a tone that says little (B/(B + κ) under .1), the last day with news",
    ),
)
_SINCE = (
    "the movement is that since the end of this day; null without an act, and of a pair with very"
    " many claims until the next search for shifts"
)
_MOVEMENT = (
    ("since", "day", "", _SINCE),
    ("value", "number", "as value", "by which the level moved since then"),
    ("low", "number", "as value", "of the 90 % interval of the movement"),
    ("high", "number", "as value", "of the 90 % interval of the movement"),
    ("fell", "number", "0..1", "the probability that the level fell"),
    ("rose", "number", "0..1", "the probability that the level rose"),
    ("acted", "flag", "", "whether an act of that time is on record"),
)
_WORDS = Column(name="words")
_EVIDENCE = (
    _column("evidence.claims", type="integer", doc="the claims up to that day"),
    _column("evidence.roots", type="integer", doc="the independent sources behind them"),
    _column("evidence.state_roots", type="integer", doc="those of them that a state owns"),
)
_OF_KNOTS = (
    *_SERIES,
    _DIRECTION,
    *_SCORE,
    *_LEVEL,
    _WORDS,
    *_EVIDENCE,
    _column("evidence.newest", "last_claim_day", type="day"),
    _column("evidence.moments", type="numbers", doc="the state of the model, see docs/method.md"),
)
_READING = (
    *_SCORE,
    *_LEVEL,
    _WORDS,
    *_EVIDENCE,
    _column("evidence.state_share", type="number", unit="0..1", doc="of the roots"),
    _column(
        "evidence.days_since", type="integer", unit="days", doc="since the day of the last claim"
    ),
)
_OVER_DAYS = (*_SERIES, _DIRECTION, *_READING)
_OF_PAIRS = (
    *_SERIES,
    *_READING,
    _column("evidence.last_claim_day", type="day"),
    *(
        _column(f"evidence.{name}", type="number", unit="as value", doc=f"in {days} days")
        for name, days in ((name, name.removeprefix("change_")) for name in CHANGED)
    ),
    *(
        _column(
            f"evidence.movement.{name}",
            f"movement_{name}".removesuffix("_value"),
            type=kind,
            unit=unit,
            doc=doc,
        )
        for name, kind, unit, doc in _MOVEMENT
    ),
)
QUIET = (
    "one row for each day on which a series moved, up to the day of the record; between two rows a"
    " level stays as it is, and a flow fades in closed form, which docs/method.md describes; it"
    " starts from the moments"
)


def table(facts: TableFacts, lenses: Sequence[LensVersion]) -> Table[ScoreRow]:
    """The series of each lens by pair and direction, on each day on which it moved, up to that of
    the record: a level has knots after it.

    Between two such days a level stays as it is, and a flow fades in closed form, by the model of
    its lens. A row for each other day would add nothing.
    """
    return Table(
        name="scores",
        title="Scores of pairs of countries on the days on which they moved",
        facts=facts,
        columns=_OF_KNOTS,
        rows=_knots(lenses, facts),
        line=_line(_OF_KNOTS),
        notes=(QUIET, *_within_pairs(lenses)),
    )


def _within_pairs(lenses: Iterable[LensVersion]) -> tuple[str, ...]:
    """What to mind where levels of several pairs are listed."""
    return (str(WITHIN_PAIRS),) if any(lens.model.levels for lens in lenses) else ()


def _knots(lenses: Sequence[LensVersion], facts: TableFacts) -> Iterator[ScoreRow]:
    day = facts.recorded_at.date() if facts.recorded_at else date.min
    for lens in lenses:
        for pair in values.pairs(lens, position=facts.position):
            knots = values.knots_of(lens, pair, position=facts.position)
            for direction in lens.stored_directions(pair):
                known = [knot for knot in knots.get(direction, ()) if knot.day <= day]
                yield from _series(lens, pair, direction, known)


def _series(
    lens: LensVersion, pair: str, direction: str, knots: Sequence[Knot]
) -> Iterator[ScoreRow]:
    scorer = lens.scorer
    for knot in knots:
        score = scorer.at(knot, knot.day)
        words = scorer.words(score, since=knots[0].day)
        yield ScoreRow(lens.label, pair, direction, score, words, knot)


def over_days(
    facts: TableFacts,
    series: Series,
    readings: Sequence[Reading],
    *,
    moved: WindowMovement | None,
    without: Sequence[str],
) -> Table[ScoreRow]:
    """A series day by day, and its movement; `without` names what was left out of it."""
    left_out = f"as if these had never been recorded: {', '.join(without)}" if without else ""
    notes = tuple(filter(None, (left_out, moved and _movement_note(moved))))
    names = (series.lens.label, series.pair, series.direction)
    return Table(
        name="scores",
        title=f"Scores of {series.direction} day by day",
        facts=facts,
        columns=_OVER_DAYS,
        rows=_rows(names, readings),
        line=_line(_OVER_DAYS),
        total=len(readings),
        notes=notes,
    )


def _movement_note(moved: WindowMovement) -> str:
    return (
        f"from the end of {moved.since} to the end of {moved.until} the level moved"
        f" by {moved.value!r}, with a 90 % interval from {moved.low!r} to {moved.high!r}; it fell"
        f" with a probability of {moved.fell!r} and rose with one of {moved.rose!r}"
        f"{'' if moved.acted else '; no act of that time is on record'}"
    )


def of_pairs(facts: TableFacts, ranked: TablePart) -> Table[ScoreRow]:
    """The table of pairs."""
    rows = (
        row
        for pair in ranked.rows
        for row in _rows((ranked.lens.label, pair.pair, pair.pair), [pair])
    )
    return Table(
        name="pairs",
        title="Pairs of countries with their values",
        facts=facts,
        columns=_OF_PAIRS,
        rows=rows,
        line=_line(_OF_PAIRS),
        total=len(ranked.rows),
        notes=_within_pairs([ranked.lens]),
    )


def _rows(
    names: tuple[str, str, str], readings: Iterable[Reading | RankedPair]
) -> Iterator[ScoreRow]:
    for reading in readings:
        yield ScoreRow(*names, reading.score, reading.words, reading)


def _line(columns: Sequence[Column]) -> Callable[[ScoreRow], str]:
    getters = {column.name: column.getter for column in columns}

    def line(row: ScoreRow) -> str:
        cells = {name: get(row) for name, get in getters.items()}
        return json.dumps(cells, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)

    return line

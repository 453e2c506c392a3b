"""How far apart two lenses put a pair, on a day and over a span of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.domain.divergence import Divergence, NotShown, Side, compare
from tracker.domain.scoring.evidence import Pulls
from tracker.domain.scoring.level import Level
from tracker.queries.evidence import impacts
from tracker.queries.moment import At
from tracker.queries.scores import pairs
from tracker.queries.scores.pairs import Every, Reading, Series


class Comparison(NamedTuple):
    """The series of one direction of a pair under two lenses, as known at one moment."""

    one: Series
    other: Series


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedDay:
    """Both readings at the end of a day, and the difference of the first to the second, or why it
    is not shown."""

    day: date
    one: Reading
    other: Reading
    outcome: Divergence | NotShown

    @property
    def divergence(self) -> Divergence | None:
        return self.outcome if isinstance(self.outcome, Divergence) else None

    @property
    def not_shown(self) -> NotShown | None:
        return self.outcome if isinstance(self.outcome, NotShown) else None


def comparison(pair: str, *, direction: str, lenses: tuple[str, str], as_of: At) -> Comparison:
    """Return the two series of a direction of a pair under two lenses.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    """
    one, other = (
        pairs.series(pair, direction=direction, lens=each, as_of=as_of) for each in lenses
    )
    return Comparison(one, other)


def compare_on(two: Comparison, day: date) -> ComparedDay:
    """Compare two series at the end of a day."""
    [compared] = _compared(two, [(side.on(day),) for side in two])
    return compared


def compare_over(two: Comparison, start: date, end: date, *, every: Every) -> Sequence[ComparedDay]:
    """Compare two series on the days of a span; by week and month on the last day of each.

    :raises pairs.TooLong: as `Series.over`.
    """
    return _compared(two, [side.over(start, end, every=every) for side in two])


def _compared(two: Comparison, readings: Sequence[Sequence[Reading]]) -> list[ComparedDay]:
    """Compare the readings of both on the same days."""
    pulls = [_pulls(side) for side in two]
    compared = []
    for both in zip(*readings, strict=True):
        one, other = (_side(*each) for each in zip(two, both, pulls, strict=True))
        compared.append(
            ComparedDay(day=both[0].day, one=both[0], other=both[1], outcome=compare(one, other))
        )
    return compared


def _pulls(series: Series) -> Pulls:
    lens = series.lens
    known = impacts.iterate_on_pair(lens.lens.view.id, series.pair, position=series.position)
    return lens.pulls(known, series.direction)


def _side(series: Series, reading: Reading, pulls: Pulls) -> Side:
    scorer = series.scorer
    return Side(
        lens=series.lens.label,
        model=series.lens.lens.model,
        score=reading.score,
        roots=reading.roots,
        worlds=scorer.worlds(pulls, reading.day) if isinstance(scorer, Level) else None,
    )

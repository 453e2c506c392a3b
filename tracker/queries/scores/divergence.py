"""How far apart two lenses put a pair, on a day and over a span of days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.domain.divergence import (
    Divergence,
    Errors,
    NotShown,
    Side,
    compare,
    errors,
    reason_against,
    sd_between,
)
from tracker.domain.scoring.moments import latest
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
    days = [[*each] for each in zip(*readings, strict=True)]
    sides = [[_side(*each) for each in zip(two, both, strict=True)] for both in days]
    changed = [_last_change(two, one.day) for one, _ in days]
    shown = (day for day, both in zip(changed, sides, strict=True) if not reason_against(*both))
    sds = _sds(two, [*dict.fromkeys(shown)])
    return [
        ComparedDay(day=one.day, one=one, other=other, outcome=compare(*both, sd=sds.get(day)))
        for (one, other), both, day in zip(days, sides, changed, strict=True)
    ]


def _side(series: Series, reading: Reading) -> Side:
    return Side(
        lens=series.lens.label,
        model=series.lens.lens.model,
        score=reading.score,
        roots=reading.roots,
        reach=series.lens.model.reach,
    )


def _last_change(two: Comparison, day: date) -> date:
    """The last day up to `day` on which either series had an impact.

    The sd of the difference is that of this day. Quiet days do not change that of a level; those of
    a flow forget what happened, which is no knowledge either.
    """
    knots = (latest(side.knots, day) for side in two)
    return max((knot.day for knot in knots if knot), default=day)


def _sds(two: Comparison, days: Sequence[date]) -> dict[date, float]:
    """The sd of the difference on days that ascend."""
    if not days:
        return {}
    both = zip(days, *(_errors(side, days) for side in two), strict=True)
    return {day: sd_between(one, other) for day, one, other in both}


def _errors(series: Series, days: Sequence[date]) -> Iterator[Errors]:
    lens = series.lens.lens
    known = impacts.iterate_on_pair(lens.view.id, series.pair, position=series.position)
    return errors(
        series.scorer,
        series.lens.pulls(known, series.direction),
        days,
        model=lens.model,
        least_sd=float(lens.parameters.get("least_sd", "0")),
    )

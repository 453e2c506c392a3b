"""How far apart two lenses put a pair, on a day and over a span of days."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from tracker.domain.divergence import (
    Divergence,
    Errors,
    NotShown,
    Side,
    compare,
    errors,
    sd_between,
)
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import latest
from tracker.queries.evidence import impacts
from tracker.queries.moment import At
from tracker.queries.scores import pairs
from tracker.queries.scores.pairs import Every, Reading, Series


@dataclass(frozen=True, kw_only=True)
class ComparedSide:
    """A series with the pulls from which its errors come. They are read when they are needed."""

    series: Series

    @cached_property
    def _pulls(self) -> Sequence[Pull]:
        series = self.series
        view = series.lens.lens.view.id
        known = impacts.iterate_on_pair(view, series.pair, position=series.position)
        return series.lens.pulls(known, series.direction)

    def errors(self, day: date) -> Errors:
        """Return where the error of the score on a day comes from."""
        lens = self.series.lens.lens
        return errors(
            self.series.scorer,
            self._pulls,
            day,
            model=lens.model,
            start=self.series.anchor if self.series.anchored(day) else None,
            least_sd=float(lens.parameters.get("least_sd", "0")),
        )

    def last_change(self, day: date) -> date:
        """Return the last day with an impact, up to a day; without one, the first day there is."""
        knot = latest(self.series.knots, day)
        return knot.day if knot else date.min

    def read(self, reading: Reading) -> Side:
        lens = self.series.lens
        return Side(
            lens=lens.label, model=lens.lens.model, score=reading.score, roots=reading.roots
        )


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The series of one direction of a pair under two lenses, as known at one moment."""

    one: Series
    other: Series
    # By the day on which either side changed last.
    sds: dict[date, float] = field(default_factory=dict)

    @property
    def sides(self) -> tuple[Series, Series]:
        return self.one, self.other

    @cached_property
    def _compared(self) -> tuple[ComparedSide, ComparedSide]:
        return ComparedSide(series=self.one), ComparedSide(series=self.other)

    def sd(self, day: date) -> float:
        """Return the sd of the difference: that of the last day on which either side had an impact.

        Quiet days do not change that of a level. Those of a flow forget what happened, which is no
        knowledge either.
        """
        changed = max(side.last_change(day) for side in self._compared)
        if changed not in self.sds:
            self.sds[changed] = sd_between(*(side.errors(changed) for side in self._compared))
        return self.sds[changed]

    def on(self, one: Reading, other: Reading) -> "ComparedDay":
        """Compare the readings of one day."""
        sides = (side.read(each) for side, each in zip(self._compared, (one, other), strict=True))
        outcome = compare(*sides, sd=lambda: self.sd(one.day))
        return ComparedDay(day=one.day, one=one, other=other, outcome=outcome)


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
    return Comparison(one=one, other=other)


def compare_on(two: Comparison, day: date) -> ComparedDay:
    """Compare two series at the end of a day."""
    return two.on(two.one.on(day), two.other.on(day))


def compare_over(two: Comparison, start: date, end: date, *, every: Every) -> Sequence[ComparedDay]:
    """Compare two series on the days of a span; by week and month on the last day of each.

    :raises pairs.TooLong: as `Series.over`.
    """
    readings = (side.over(start, end, every=every) for side in two.sides)
    return [two.on(one, other) for one, other in zip(*readings, strict=True)]

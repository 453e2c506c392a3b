"""Scores of pairs: series over days, under one lens or all.

Without `as_of` the answer comes from the knots that the workers wrote; with it, from a fold of the
impacts known then. Both use the same function, so that they agree to the bit.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial
from itertools import groupby
from typing import Literal, NamedTuple

from tracker.domain.lenses import LensVersion, directions, pair_of
from tracker.domain.problems import BadParameter
from tracker.domain.scoring.moments import Knot, Score, Scorer
from tracker.queries import moment
from tracker.queries.evidence import impacts
from tracker.queries.moment import At
from tracker.queries.scores import knots, lenses
from tracker.queries.scores import table as score_table
from tracker.queries.scores.table import RankedPair, state_share

Every = Literal["day", "week", "month"]
# Limits the size of an answer: about a century by day, five by month.
MOST_DAYS: dict[str, int] = {"day": 40_000, "week": 80_000, "month": 200_000}


class NoSuchDirection(BadParameter):
    """A pair has three directions: undirected, and each country's stance to the other."""

    parameter = "direction"
    code = "unknown"


class TooLong(BadParameter):
    """The span has too many days for one answer."""

    parameter = "from"
    code = "too_long"


def direction_of(pair: str, requested: str | None) -> str:
    """Return the canonical name of a direction of a pair; None means the undirected pair.

    :raises NoSuchDirection:
    """
    if requested is None:
        return pair
    name = requested.upper()
    direction = pair_of(*name.split("-")) if name.count("-") == 1 else name
    if direction not in directions(pair):
        raise NoSuchDirection(f"{pair} has the directions {', '.join(directions(pair))}")
    return direction


class Reading(NamedTuple):
    """A score on a day, with its evidence. `days_since` counts from the last claim's day."""

    day: date
    score: Score
    words: str
    claims: int
    roots: int
    state_roots: int
    days_since: int | None

    @property
    def state_share(self) -> float | None:
        return state_share(roots=self.roots, state_roots=self.state_roots)


@dataclass(frozen=True, kw_only=True)
class Series:
    """A direction of a pair under a lens version, as known at a position.

    `position` is how far the scores reach, `as_of` the requested position. The first is lower while
    the workers lag behind.
    """

    pair: str
    direction: str
    lens: LensVersion
    as_of: int
    position: int
    knots: Sequence[Knot]

    @property
    def scorer(self) -> Scorer:
        return self.lens.scorer

    @cached_property
    def _days(self) -> list[date]:
        return [knot.day for knot in self.knots]

    @cached_property
    def recorded(self) -> list[date]:
        """The days of which a claim tells. A level has knots on the first of each month too."""
        if not self.lens.model.levels:
            return self._days
        known = [(knot.claims, knot.moments[-1]) for knot in self.knots]
        return [
            day
            for day, now, before in zip(self._days, known, [None, *known], strict=False)
            if day.day > 1 or now != before
        ]

    def _latest(self, day: date) -> Knot | None:
        """The last knot that is not after a day."""
        place = bisect_right(self._days, day)
        return self.knots[place - 1] if place else None

    def score_on(self, day: date) -> Score:
        """The score at the end of a day, without words and evidence."""
        return self.scorer.at(self._latest(day), day)

    def values(self, days: Sequence[date]) -> list[float]:
        """The values at the end of some days in ascending order: as `on`, but faster."""
        values: list[float] = []
        for knot, own in self._stretches(days):
            if knot:
                gaps = [(day - knot.day).days for day in own]
                closes = self.scorer.closes(knot, gaps[-1] + 1)
                values += [closes[gap] for gap in gaps]
            else:
                values += [self.scorer.at(None, day).value for day in own]
        return values

    def _stretches(self, days: Iterable[date]) -> Iterator[tuple[Knot | None, list[date]]]:
        """Days in ascending order, by the last knot that is not after them."""
        for place, own in groupby(days, key=partial(bisect_right, self._days)):
            yield self.knots[place - 1] if place else None, list(own)

    def on(self, day: date) -> Reading:
        """The score at the end of a day."""
        return next(self._readings(self._latest(day), [day]))

    def _readings(self, knot: Knot | None, days: Iterable[date]) -> Iterator[Reading]:
        """The scores at the end of days that have the same last knot."""
        at, words = self.scorer.at, self.scorer.words
        since = self.knots[0].day if knot else None
        newest = knot.newest if knot else None
        claims, roots, state_roots = _evidence(knot)
        for day in days:
            score = at(knot, day)
            passed = (day - newest).days if newest else None
            yield Reading(day, score, words(score, since=since), claims, roots, state_roots, passed)

    def over(self, start: date, end: date, *, every: Every) -> list[Reading]:
        """The scores on the days from `start` to `end`; by week and month the last day of each.

        :raises TooLong: for more than a hundred years by day, or an end before the start.
        """
        most = MOST_DAYS[every]
        if not 0 <= (end - start).days < most:
            raise TooLong(
                f"from {start} to {end} is {(end - start).days + 1} days;"
                f" 1 to {most} are allowed by {every}"
            )
        stretches = self._stretches(_days(start, end, every))
        return [reading for knot, days in stretches for reading in self._readings(knot, days)]


def _evidence(knot: Knot | None) -> tuple[int, int, int]:
    """The claims, roots and state-owned roots up to a knot."""
    return (knot.claims, knot.roots, knot.state_roots) if knot else (0, 0, 0)


def series(pair: str, *, direction: str, lens: str, as_of: At) -> Series:
    """Return a series by its pair ("KAZ-RUS"), direction ("KAZ-RUS" or "RUS>KAZ") and lens.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    """
    until = as_of.position
    chosen = lenses.find(lens, position=until)
    current = as_of.is_now and "@" not in lens
    stored = knots.stored_knots(chosen, pair, direction) if current else None
    position, folded = stored or _folded(chosen, pair, direction, until=until)
    return Series(
        pair=pair,
        direction=direction,
        lens=chosen,
        as_of=position if as_of.is_now else until,
        position=position,
        knots=folded,
    )


def series_of_pairs(
    lens: LensVersion, pairs: Sequence[str], *, position: int | None = None
) -> dict[str, Series]:
    """Return the current undirected series of many pairs, or those known at a position, with few
    queries.

    :raises impacts.CatchingUp:
    """
    series = knots.stored_undirected(lens, pairs) if position is None else {}
    missing = [pair for pair in pairs if pair not in series]
    if missing:
        if position is None:
            position = impacts.served_position(lens.lens.view.id)
        known = impacts.on_pairs(lens.lens.view.id, missing, position=position)
        for pair, pair_impacts in known.items():
            series[pair] = (position, lens.scorer.knots(lens.pulls(pair_impacts, pair)))
    return {
        pair: Series(
            pair=pair,
            direction=pair,
            lens=lens,
            as_of=series[pair][0],
            position=series[pair][0],
            knots=series[pair][1],
        )
        for pair in pairs
    }


def _folded(lens: LensVersion, pair: str, direction: str, *, until: int) -> tuple[int, list[Knot]]:
    """The knots known at a position, or at the last one that the view has followed, and that
    position."""
    position = min(until, impacts.served_position(lens.lens.view.id))
    known = impacts.iterate_on_pair(lens.lens.view.id, pair, position=position)
    return position, lens.scorer.knots(lens.pulls(known, direction))


def table(*, lens: str) -> list[RankedPair]:
    """Return the undirected pairs with their current values, by name.

    :raises lenses.NoSuchLens:
    """
    chosen = lenses.find(lens, position=moment.now().position)
    return score_table.page(chosen, score_table.BY_NAME, limit=None)


def _days(start: date, end: date, every: Every) -> Iterator[date]:
    """Every day; or the last day of each week (Sunday) or month, and `end` itself."""
    if every == "day":
        yield from map(date.fromordinal, range(start.toordinal(), end.toordinal() + 1))
        return
    day = start
    while day < end:
        following = day + timedelta(days=1)
        if day.weekday() == 6 if every == "week" else following.month != day.month:
            yield day
        day = following
    if day == end:
        yield day

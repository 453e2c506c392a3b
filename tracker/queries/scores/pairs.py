"""Scores of pairs: the table, a series over days, and why a value is what it is.

Without `as_of` the answer comes from the knots that the workers wrote; with it, from a fold of
the impacts known then. Both are the same function, so they agree to the bit.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal, NamedTuple

from tracker.domain.disclosure import Reader
from tracker.domain.divergence import Divergence, NotShown, Side, compare
from tracker.domain.lenses import LensVersion, directions, pair_of
from tracker.domain.problems import BadParameter
from tracker.domain.scoring import moments
from tracker.domain.scoring.moments import Explanation, Knot, Score, Scorer
from tracker.queries import moment
from tracker.queries.evidence import impacts
from tracker.queries.moment import At
from tracker.queries.scores import knots, lenses, uncounted
from tracker.queries.scores import table as score_table
from tracker.queries.scores.table import Row, state_share
from tracker.queries.scores.uncounted import UncountedClaims

Every = Literal["day", "week", "month"]
# By day a century and a bit, by month some five centuries: no answer grows without end.
MOST_DAYS: dict[str, int] = {"day": 40_000, "week": 80_000, "month": 200_000}


class NoSuchDirection(BadParameter):
    """A pair has three: undirected, and each country's stance to the other."""

    parameter = "direction"
    code = "unknown"


class TooLong(BadParameter):
    """Nobody reads that many days at once."""

    parameter = "from"
    code = "too_long"


def direction_of(pair: str, asked: str | None) -> str:
    """Give a direction of a pair as it is named here; nothing asked for is the undirected pair.

    :raises NoSuchDirection:
    """
    if asked is None:
        return pair
    name = asked.upper()
    found = pair_of(*name.split("-")) if name.count("-") == 1 else name
    if found not in directions(pair):
        raise NoSuchDirection(f"{pair} has the directions {', '.join(directions(pair))}")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A score on a day, with what it rests on. `days_since` counts from the last claim's day."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A level at the close of a day, and who vouches for it. The level is as the lens has it."""

    day: date
    level: str
    citation: str


@dataclass(frozen=True, kw_only=True)
class Series:
    """A direction of a pair under a lens version, as known at a position.

    `position` is how far the scores reach, `as_of` how far was asked for: where the workers lag,
    the first is less.
    """

    pair: str
    direction: str
    lens: LensVersion
    as_of: int
    position: int
    knots: Sequence[Knot]

    @cached_property
    def scorer(self) -> Scorer:
        return self.lens.scorer(self.direction)

    @cached_property
    def anchor(self) -> Anchor | None:
        """What holds the series at a level, if its lens says something of it."""
        for one in self.lens.lens.parameters.get("anchors", ()):
            if one["series"] == self.direction:
                day = date.fromisoformat(one["day"])
                return Anchor(day=day, level=one["level"], citation=one["citation"])
        return None

    def anchored(self, day: date) -> bool:
        """Whether the series has its anchor by the end of a day."""
        return self.anchor is not None and self.anchor.day <= day

    def on(self, day: date) -> Reading:
        """The score at the end of a day."""
        knot = moments.latest(self.knots, day)
        score = self.scorer.at(knot, day)
        since = self.knots[0].day if knot else None
        newest = knot.newest if knot else None
        return Reading(
            day=day,
            score=score,
            words=self.scorer.words(score, since=since),
            claims=knot.claims if knot else 0,
            roots=knot.roots if knot else 0,
            state_roots=knot.state_roots if knot else 0,
            days_since=(day - newest).days if newest else None,
        )

    def over(self, start: date, end: date, *, every: Every) -> list[Reading]:
        """The scores on the days from `start` to `end`; of weeks and months the last day.

        :raises TooLong: for more than a hundred years of days, or an end before the start.
        """
        most = MOST_DAYS[every]
        if not 0 <= (end - start).days < most:
            raise TooLong(
                f"from {start} to {end} is {(end - start).days + 1} days;"
                f" 1 to {most} are answered at once, by {every}"
            )
        return [self.on(day) for day in _days(start, end, every)]


def series(pair: str, *, direction: str, lens: str, as_of: At) -> Series:
    """Give a series by its pair ("KAZ-RUS"), direction ("KAZ-RUS" or "RUS>KAZ") and lens.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    """
    asked = as_of.position
    chosen = lenses.named(lens, position=asked)
    current = as_of.is_now and "@" not in lens
    found = knots.stored(chosen, pair, direction) if current else None
    position, made = found or _folded(chosen, pair, direction, until=asked)
    return Series(
        pair=pair,
        direction=direction,
        lens=chosen,
        as_of=position if as_of.is_now else asked,
        position=position,
        knots=made,
    )


def series_of_pairs(
    lens: LensVersion, pairs: Sequence[str], *, position: int | None = None
) -> dict[str, Series]:
    """Give the undirected series of many pairs under a lens as they stand, or as known at a
    position that its view has taken in, with few questions.

    :raises impacts.CatchingUp:
    """
    found = knots.stored_of(lens, pairs) if position is None else {}
    newer = [pair for pair in pairs if pair not in found]
    if newer:
        if position is None:
            position = impacts.served(lens.lens.view.id)
        known = impacts.known_of(lens.lens.view.id, newer, position=position)
        for pair, own in known.items():
            found[pair] = (position, lens.scorer(pair).knots(lens.pulls(own, pair)))
    return {
        pair: Series(
            pair=pair,
            direction=pair,
            lens=lens,
            as_of=found[pair][0],
            position=found[pair][0],
            knots=found[pair][1],
        )
        for pair in pairs
    }


def _folded(lens: LensVersion, pair: str, direction: str, *, until: int) -> tuple[int, list[Knot]]:
    """The knots as known at a position, or at the last one followed, and which of them it is."""
    position = min(until, impacts.served(lens.lens.view.id))
    known = impacts.each_known(lens.lens.view.id, pair, position=position)
    return position, lens.scorer(direction).knots(lens.pulls(known, direction))


def explanation(series: Series, day: date) -> Explanation:
    """Take the score of a series on a day apart, claim by claim."""
    known = impacts.known(series.lens.lens.view.id, series.pair, position=series.position)
    pulls = series.lens.pulls(known, series.direction)
    return series.scorer.contributions(pulls, day)


def table(*, lens: str) -> list[Row]:
    """Give the undirected pairs with their current values, by name.

    :raises lenses.NoSuchLens: if there is none.
    """
    chosen = lenses.named(lens, position=moment.now().position)
    return score_table.page(chosen, score_table.BY_NAME, limit=None)


def _days(start: date, end: date, every: Every) -> Iterator[date]:
    """Every day; or the last day of each week (Sunday) or month, and `end` itself."""
    day = start
    while day <= end:
        following = day + timedelta(days=1)
        closes = {
            "day": True,
            "week": day.weekday() == 6,
            "month": following.month != day.month,
        }
        if closes[every] or day == end:
            yield day
        if following == start:  # date.max
            return
        day = following


class Comparison(NamedTuple):
    """The series of one direction of a pair under two lenses, as known at one moment."""

    one: Series
    other: Series


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedDay:
    """What each side says at the end of a day, and how far they are apart: the first's value less
    the second's, or why that is not shown."""

    day: date
    one: Reading
    other: Reading
    found: Divergence | NotShown

    @property
    def divergence(self) -> Divergence | None:
        return self.found if isinstance(self.found, Divergence) else None

    @property
    def not_shown(self) -> NotShown | None:
        return self.found if isinstance(self.found, NotShown) else None


def comparison(pair: str, *, direction: str, lenses: tuple[str, str], as_of: At) -> Comparison:
    """Give the two series of a direction of a pair under two lenses.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    """
    one, other = (series(pair, direction=direction, lens=each, as_of=as_of) for each in lenses)
    return Comparison(one, other)


def compare_on(two: Comparison, day: date) -> ComparedDay:
    """Compare two sides at the end of a day."""
    return _day(two, two.one.on(day), two.other.on(day))


def compare_over(two: Comparison, start: date, end: date, *, every: Every) -> Sequence[ComparedDay]:
    """Compare two sides on the days of a span, of weeks and months the last.

    :raises pairs.TooLong: as `Series.over`.
    """
    read = (side.over(start, end, every=every) for side in two)
    return [_day(two, *each) for each in zip(*read, strict=True)]


def _day(two: Comparison, one: Reading, other: Reading) -> ComparedDay:
    found = compare(_side(two.one, one), _side(two.other, other))
    return ComparedDay(day=one.day, one=one, other=other, found=found)


def _side(series: Series, reading: Reading) -> Side:
    return Side(
        lens=series.lens.label,
        model=series.lens.lens.model,
        score=reading.score,
        roots=reading.roots,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionReading:
    """A series of a pair with its reading."""

    direction: str
    score: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class LensReadings:
    """The three series of a pair under one lens version; none while its view catches up."""

    lens: str
    scored_through: int
    directions: tuple[DirectionReading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A pair at the end of a day under every lens, as known at a position. `uncounted` are the
    claims that no lens counts, as of now; None of a past moment."""

    pair: str
    day: date
    as_of: int
    lenses: tuple[LensReadings, ...]
    uncounted: tuple[UncountedClaims, ...] | None


def overview(pair: str, *, day: date, reader: Reader, as_of: At) -> Overview:
    """Read the undirected pair and both directions under each lens, in the version in force then.

    :raises moment.AheadOfLog:
    """
    asked = as_of.position
    now = as_of.is_now
    found = [
        _under(one, pair, day, as_of=as_of)
        for one in (lenses.latest() if now else _in_force(asked))
    ]
    beside = tuple(uncounted.uncounted_of(pair, reader=reader)) if now else None
    return Overview(pair=pair, day=day, as_of=asked, lenses=tuple(found), uncounted=beside)


def _in_force(position: int) -> list[LensVersion]:
    """The lenses that there were at a position, in the version of that time."""
    found = []
    for one in lenses.latest():
        with suppress(lenses.NoSuchLens):
            found.append(lenses.defined(one.lens.name, position=position))
    return found


def _under(lens: LensVersion, pair: str, day: date, *, as_of: At) -> LensReadings:
    named = lens.lens.name
    try:
        found = [series(pair, direction=one, lens=named, as_of=as_of) for one in directions(pair)]
    except impacts.CatchingUp:
        reached = impacts.followed(lens.lens.view.id)
        return LensReadings(lens=lens.label, scored_through=reached, directions=())
    return LensReadings(
        lens=found[0].lens.label,
        scored_through=min(one.position for one in found),
        directions=tuple(
            DirectionReading(direction=one.direction, score=one.on(day)) for one in found
        ),
    )

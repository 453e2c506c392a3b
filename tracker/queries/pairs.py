"""Scores of pairs: the table, a series over days, and why a value is what it is.

Without `as_of` the answer comes from the knots that the workers wrote; with it, from a fold of
the impacts known then. Both are the same function, so they agree to the bit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.db import connection

from tracker.domain.lenses import LensVersion
from tracker.domain.scoring import moments
from tracker.domain.scoring.moments import Explanation, Knot, Score
from tracker.models.derived import CurrentScore
from tracker.queries import impacts, lenses, moment
from tracker.queries.moment import AsOf

Every = Literal["day", "week", "month"]
LONGEST_SERIES_DAYS = 40_000


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A direction of a pair under a lens version, as known at a position."""

    pair: str
    direction: str
    lens: LensVersion
    position: int
    knots: Sequence[Knot]

    def on(self, day: date) -> Reading:
        """The score at the end of a day."""
        scorer = self.lens.scorer(self.direction)
        knot = moments.latest(self.knots, day)
        score = scorer.at(knot, day)
        since = self.knots[0].day if knot else None
        newest = knot.newest if knot else None
        return Reading(
            day=day,
            score=score,
            words=scorer.words(score, since=since),
            claims=knot.claims if knot else 0,
            roots=knot.roots if knot else 0,
            state_roots=knot.state_roots if knot else 0,
            days_since=(day - newest).days if newest else None,
        )

    def over(self, start: date, end: date, *, every: Every) -> list[Reading]:
        """The scores on the days from `start` to `end`; of weeks and months the last day."""
        return [self.on(day) for day in _days(start, end, every)]


def series(pair: str, *, direction: str, lens: str, as_of: AsOf = None) -> Series:
    """Give a series by its pair ("KAZ-RUS"), direction ("KAZ-RUS" or "RUS>KAZ") and lens.

    :raises lenses.NoSuchLens: :raises moment.NotYet:
    """
    chosen = lenses.named(lens, position=moment.resolve(as_of))
    if as_of is None and "@" not in lens:
        position, knots = _stored(chosen, pair, direction)
    else:
        position = min(moment.resolve(as_of), impacts.followed(chosen.lens.view.id))
        known = impacts.known(chosen.lens.view.id, pair, position=position)
        knots = chosen.scorer(direction).knots(chosen.pulls(known, direction))
    return Series(pair=pair, direction=direction, lens=chosen, position=position, knots=knots)


def explanation(series: Series, day: date) -> Explanation:
    """Take the score of a series on a day apart, claim by claim."""
    known = impacts.known(series.lens.lens.view.id, series.pair, position=series.position)
    pulls = series.lens.pulls(known, series.direction)
    return series.lens.scorer(series.direction).contributions(pulls, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table of pairs, at the end of `day`."""

    pair: str
    day: date
    score: Score
    words: str
    claims: int
    roots: int
    state_roots: int
    last_claim_day: date | None


def table(*, lens: str) -> list[Row]:
    """Give the undirected pairs with their current values, by name.

    :raises lenses.NoSuchLens: if there is none.
    """
    chosen = lenses.named(lens, position=moment.resolve(None))
    rows = CurrentScore.objects.filter(
        lens=chosen.id, lens_version=chosen.version, direction__contains="-"
    )
    return [_row(chosen, row) for row in rows.order_by("direction")]


def _row(lens: LensVersion, row: CurrentScore) -> Row:
    series = Series(
        pair=row.pair,
        direction=row.direction,
        lens=lens,
        position=0,
        knots=_stored(lens, row.pair, row.direction)[1],
    )
    reading = series.on(row.day)
    return Row(
        pair=row.pair,
        day=row.day,
        score=reading.score,
        words=reading.words,
        claims=row.claims,
        roots=row.roots,
        state_roots=row.state_roots,
        last_claim_day=row.last_claim_day,
    )


def _stored(lens: LensVersion, pair: str, direction: str) -> tuple[int, list[Knot]]:
    """The knots on record and the position they reach, read in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.position, k.day, k.moments, k.claims, k.roots, k.state_roots,"
            " k.last_claim_day FROM scored s LEFT JOIN knot k ON k.lens = s.lens"
            " AND k.lens_version = s.lens_version AND k.pair = s.pair AND k.direction = %s"
            " WHERE s.lens = %s AND s.lens_version = %s AND s.pair = %s ORDER BY k.day",
            [direction, lens.id, lens.version, pair],
        )
        rows = cursor.fetchall()
    if not rows:
        return impacts.followed(lens.lens.view.id), []
    knots = [
        Knot(
            day=day,
            moments=tuple(state),
            claims=claims,
            roots=roots,
            state_roots=owned,
            newest=newest,
        )
        for _, day, state, claims, roots, owned, newest in rows
        if day is not None
    ]
    return rows[0][0], knots


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

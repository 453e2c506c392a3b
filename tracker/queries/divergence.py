"""How far two lenses are apart on one pair, on a day or over a span of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.domain.divergence import Divergence, NotShown, Side, compare
from tracker.queries import pairs
from tracker.queries.moment import AsOf
from tracker.queries.pairs import Every, Reading, Series


class Sides(NamedTuple):
    """The series of one direction of a pair under two lenses, as known at one moment."""

    one: Series
    other: Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
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


def sides(pair: str, *, direction: str, lenses: tuple[str, str], as_of: AsOf = None) -> Sides:
    """Give the two series of a direction of a pair under two lenses.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    """
    one, other = (
        pairs.series(pair, direction=direction, lens=each, as_of=as_of) for each in lenses
    )
    return Sides(one, other)


def on(two: Sides, day: date) -> Day:
    """Compare two sides at the end of a day."""
    return _day(two, two.one.on(day), two.other.on(day))


def over(two: Sides, start: date, end: date, *, every: Every) -> Sequence[Day]:
    """Compare two sides on the days of a span, of weeks and months the last.

    :raises pairs.TooLong: as `Series.over`.
    """
    read = (side.over(start, end, every=every) for side in two)
    return [_day(two, *each) for each in zip(*read, strict=True)]


def _day(two: Sides, one: Reading, other: Reading) -> Day:
    found = compare(_side(two.one, one), _side(two.other, other))
    return Day(day=one.day, one=one, other=other, found=found)


def _side(series: Series, reading: Reading) -> Side:
    return Side(
        lens=series.lens.label,
        model=series.lens.lens.model,
        score=reading.score,
        roots=reading.roots,
    )

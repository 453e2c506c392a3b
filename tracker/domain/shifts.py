"""Shifts: when a score moves further within 14 days than its own history lets one expect.

A day's window is the 14 days that end with it. The day closes a shift when its value lies more
than .5, and more than 2.5 standard deviations, from where the score stood before the window or
at the close of one of its days. The standard deviation is that of the population (over n, about
its mean) of all 30-day changes of the same series, each from one day's close to that of the
thirtieth day after it, from the first knot up to the day before the window: what is judged is in
no part of what it is judged by, and nothing later is. While fewer than 30 such changes have
passed, the series is too young and nothing is called a shift; `judged_from` says until when. A
series that never moved has sd 0, so that .5 alone decides.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from typing import NamedTuple

from tracker.domain.scoring.moments import Knot, Scorer

WINDOW = 14
CHANGE = 30
CHANGES_NEEDED = 30
DEVIATIONS = 2.5
LEAST = 0.5
# Days from the first knot to the first day that can be judged.
YOUTH = CHANGE + CHANGES_NEEDED - 1 + WINDOW
# The changes that are told of a pair, in days.
CHANGES = (7, 30, 365)
# Days that are looked at together.
BLOCK = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A move of a score from the close of `start` to that of `peak`, by `amount` points.

    `seen` is the first day on which it was one; `start` and `seen` stay as days go by, `peak` and
    `amount` may still grow. `sd` is that of the 30-day changes, as known on `seen`.
    """

    start: date
    seen: date
    peak: date
    amount: float
    sd: float


class _Move(NamedTuple):
    """A day's move down (`way` −1) or up (1), by the places of days in the series."""

    way: int
    base: int
    seen: int
    sd: float


def judged_from(first: date) -> date:
    """The first day on which a series that began on `first` can shift."""
    return first + timedelta(days=YOUTH)


def daily(scorer: Scorer, knots: Sequence[Knot], *, until: date) -> list[float]:
    """The values at the close of each day from the first knot to `until`, for `shifts`."""
    values: list[float] = []
    for knot, following in zip_longest(knots, knots[1:]):
        last = min(until, following.day - timedelta(days=1)) if following else until
        values += scorer.closes(knot, max(0, (last - knot.day).days + 1))
    return values


def changed(values: Sequence[float], days: int, *, start: float) -> float:
    """By how much a series changed in the last so many days of those that `daily` gives; `start`
    is its value before the first knot."""
    before = values[-1 - days] if len(values) > days else start
    return values[-1] - before if values else 0.0


def shifts(values: Sequence[float], *, first: date) -> list[Shift]:
    """Find the shifts of a series in the order in which they were seen.

    `values` are the closes of all days from `first`, that of the first knot. Moves one way whose
    windows overlap are one shift: from where the first of them began to the day on which it was
    furthest from there. The time taken is proportional to the days.
    """
    sds = _deviations(values, [*_lively(values)])
    runs = [run for way in (-1, 1) for run in _runs(_moves(values, sds, way=way))]
    found = [_shift(run, values, first=first) for run in runs]
    return sorted(found, key=lambda shift: (shift.seen, shift.start))


def _runs(moves: Iterable[_Move]) -> Iterator[list[_Move]]:
    """Put moves together whose windows share a day with the next."""
    run: list[_Move] = []
    for move in moves:
        if run and move.seen - run[-1].seen >= WINDOW:
            yield run
            run = []
        run.append(move)
    if run:
        yield run


def _shift(run: Sequence[_Move], values: Sequence[float], *, first: date) -> Shift:
    begun = run[0]
    peak = max((move.seen for move in run), key=lambda day: begun.way * values[day])
    return Shift(
        start=first + timedelta(days=begun.base),
        seen=first + timedelta(days=begun.seen),
        peak=first + timedelta(days=peak),
        amount=values[peak] - values[begun.base],
        sd=begun.sd,
    )


def _moves(values: Sequence[float], sds: Mapping[int, float], *, way: int) -> Iterator[_Move]:
    """The days whose move down (−1) or up (1) is large for the series, of those with an sd.

    Of equal closes to start from, the last counts: a quiet stretch is no part of a move.
    """
    furthest = min if way > 0 else max
    for day, sd in sds.items():
        value = furthest(values[day - WINDOW : day])
        if way * (values[day] - value) > max(LEAST, DEVIATIONS * sd):
            base = next(n for n in range(day - 1, day - WINDOW - 1, -1) if values[n] == value)
            yield _Move(way, base, day, sd)


def _lively(values: Sequence[float]) -> Iterator[int]:
    """The days that can be judged and about which the series moves by more than the least.

    Hardly any day is one, and whole blocks are passed over at a glance.
    """
    for start in range(YOUTH, len(values), BLOCK):
        about = values[start - WINDOW : start + BLOCK]
        if max(about) - min(about) > LEAST:
            yield from range(start, min(start + BLOCK, len(values)))


def _deviations(values: Sequence[float], days: Sequence[int]) -> dict[int, float]:
    """Of each of the days, the sd of the changes before its window (Welford 1962)."""
    mean = squares = 0.0
    since = CHANGE
    sds = {}
    for day in days:
        for end in range(since, day - WINDOW + 1):
            off = values[end] - values[end - CHANGE] - mean
            mean += off / (end - CHANGE + 1)
            squares += off * (values[end] - values[end - CHANGE] - mean)
        since = day - WINDOW + 1
        sds[day] = math.sqrt(squares / (since - CHANGE))
    return sds

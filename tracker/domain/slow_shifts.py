"""Slow shifts: a level that moves one way for months, further than is usual for the pair.

A cumulative sum with an allowance (Page 1954), the same both ways. Days are indexes into the closes
of a series. A run upward starts at the close of its base, and lasts while the level is above that
of the base by more than the allowance for the days since. It is a shift from the day on which level
less allowance is above the threshold, and goes on to its furthest day. It is over when the level is
back at the allowance, after 180 days without a further day, or on a day on which a fast shift is
seen; the next run starts there. Downward likewise.

The scale is the root mean square of the 180-day rises (for runs downward: falls) that end by the
base, where days that moved the other way count 0. Each way has its own, since a step of conflict is
several times a step of cooperation. The constants and their reasons are in decision 58.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

CHANGE = 180
CHANGES_NEEDED = 180
# The first day from which a run can start.
FIRST_BASE = CHANGE + CHANGES_NEEDED - 1
# In deviations: the allowance for 180 days, and the threshold, with its least.
ALLOWANCE = 0.5
THRESHOLD, LEAST_CHANGE = 2.0, 0.5
# A flow returns to 0 by forgetting, which is no shift.
MODELS = frozenset({"standing"})


class Run(NamedTuple):
    """A slow shift from the close of `base` to that of `peak`, up (`way` 1) or down (−1)."""

    way: int
    base: int
    seen: int
    peak: int
    sd: float


def runs(values: Sequence[float], *, blows: Collection[int]) -> list[Run]:
    """Find the slow shifts of a level; `blows` are the days on which a fast shift is seen."""
    return [run for way in (-1, 1) for run in _runs(values, way, blows)]


def scales(values: Sequence[float], way: int) -> list[float]:
    """Return the scale as of each day that can be a base."""
    total, found = 0.0, []
    for day in range(CHANGE, len(values)):
        rise = max(0.0, way * (values[day] - values[day - CHANGE]))
        total += rise * rise
        if day >= FIRST_BASE:
            found.append(math.sqrt(total / (day - CHANGE + 1)))
    return found


@dataclass(slots=True)
class _Current:
    """A run that has not ended."""

    base: int
    sd: float
    peak: int
    seen: int | None = None

    @property
    def daily(self) -> float:
        """The allowance for a day."""
        return ALLOWANCE * self.sd / CHANGE

    @property
    def threshold(self) -> float:
        return max(LEAST_CHANGE, THRESHOLD * self.sd)


def _runs(values: Sequence[float], way: int, blows: Collection[int]) -> Iterator[Run]:
    if len(values) <= FIRST_BASE or max(values) - min(values) <= LEAST_CHANGE:
        return
    sds = scales(values, way)
    run = _Current(FIRST_BASE, sds[0], FIRST_BASE)
    for day in range(FIRST_BASE + 1, len(values)):
        if day in blows or _has_ended(run, values, day, way):
            yield from _shift(run, way)
            run = _Current(day, sds[day - FIRST_BASE], day)
    yield from _shift(run, way)


def _shift(run: _Current, way: int) -> Iterator[Run]:
    if run.seen is not None:
        yield Run(way, run.base, run.seen, run.peak, run.sd)


def _has_ended(run: _Current, values: Sequence[float], day: int, way: int) -> bool:
    """Take a day into a run, or find that the run has ended."""
    rise = way * (values[day] - values[run.base])
    excess = rise - run.daily * (day - run.base)
    if excess <= 0:
        return True
    if way * (values[day] - values[run.peak]) > 0:
        run.peak = day
    if run.seen is None and excess > run.threshold:
        run.seen = day
    return day - run.peak >= CHANGE

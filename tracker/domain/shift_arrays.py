"""The closes of a series over arrays, and whether it moves enough that `domain.shifts` can find a
shift in it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tracker.domain import shifts
from tracker.domain.scoring.knot_columns import KnotColumns
from tracker.domain.scoring.level import Level
from tracker.domain.scoring.moments import Scorer
from tracker.domain.shifts import (
    BLOCK,
    FIRST_BASE,
    LEAST_CHANGE,
    WINDOW,
    YOUTH,
    Shift,
    assessed_after,
    changed,
)

_EPOCH = date(1970, 1, 1).toordinal()

type Floats = npt.NDArray[np.float64]


class Daily(NamedTuple):
    """The values of a series at the close of each day from `first` on, and those of the days on
    which the level was assessed, and on which nobody reported what moved it."""

    first: date
    values: Floats
    assessed: Sequence[int] = ()
    unreported: Sequence[int] = ()

    def changed(self, days: int, *, start: float) -> float:
        """See `shifts.changed`."""
        return changed(self.values[-1 - days :].tolist(), days, start=start)


def daily(scorer: Scorer, knots: KnotColumns, *, until: date) -> Daily:
    """Return the values of a series that has a knot by `until`, as `shifts.daily` does."""
    if not isinstance(scorer, Level):
        values = np.array(shifts.daily(scorer, knots.knots(), until=until), np.float64)
        return Daily(knots.day(0), values)
    values = _closes(knots, until)
    assessed = assessed_after(knots.day(0), np.unique(_states(knots)[:, -1]).tolist())
    shown = ([day for day in days if day < len(values)] for days in (assessed, _unreported(knots)))
    return Daily(knots.day(0), values, *shown)


def _unreported(knots: KnotColumns) -> list[int]:
    """See `shifts.unreported`."""
    days, newest = (np.frombuffer(column, ">i4")[1:] for column in (knots.days, knots.newest))
    when = (days - _EPOCH).astype("datetime64[D]")
    quiet = (when == when.astype("datetime64[M]")) & (newest != days)
    first = knots.day(0).toordinal()
    return [int(day) - first for day in days[quiet]]


def _states(knots: KnotColumns) -> Floats:
    """The states of knots, one row for each."""
    return np.frombuffer(knots.moments, ">f8").reshape(knots.number, -1)


def _closes(knots: KnotColumns, until: date) -> Floats:
    """A level stays as it is until the next knot."""
    number = knots.up_to(until)
    days = np.frombuffer(knots.days, ">i4")[:number].astype(np.int64)
    means = _states(knots)[:number, 0].astype(np.float64)
    closes: Floats = np.repeat(means, np.diff(days, append=until.toordinal() + 1))
    return closes


def find(one: Daily, *, slow: bool = False) -> list[Shift]:
    """Find the shifts of a series; `slow` adds the slow ones. Most series never move enough."""
    moving = _moving(one)
    may_be_slow = slow and len(moving) > FIRST_BASE and np.ptp(moving) > LEAST_CHANGE
    if not (may_be_slow or _is_lively(moving)):
        return []
    return shifts.shifts(
        one.values.tolist(),
        first=one.first,
        slow=slow,
        assessed=one.assessed,
        unreported=one.unreported,
    )


def _moving(one: Daily) -> Floats:
    """The values without the steps of the days on which nothing that was reported moved them."""
    without = sorted({*one.assessed, *one.unreported})
    if not without:
        return one.values
    days = np.array(without)
    steps = np.zeros_like(one.values)
    steps[days] = one.values[days] - one.values[days - 1]
    moving: Floats = one.values - np.cumsum(steps)
    return moving


def _is_lively(values: Floats) -> bool:
    """Whether a series may move by more than the minimum: within two blocks it does."""
    judged = values[YOUTH - WINDOW :]
    if len(values) <= YOUTH:
        return False
    starts = np.arange(0, len(judged), BLOCK)
    most, least = np.maximum.reduceat(judged, starts), np.minimum.reduceat(judged, starts)
    most[1:] = np.maximum(most[1:], most[:-1])
    least[1:] = np.minimum(least[1:], least[:-1])
    return bool((most - least > LEAST_CHANGE).any())

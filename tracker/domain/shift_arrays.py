"""The closes of a series over arrays, and whether it moves enough that `domain.shifts` can find a
shift in it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from tracker.domain import shifts
from tracker.domain.scoring.array_models import array_model
from tracker.domain.scoring.arrays import ArrayModel, Floats
from tracker.domain.scoring.knot_columns import KnotColumns
from tracker.domain.scoring.level_state import LAST_MEASURED
from tracker.domain.scoring.moments import Scorer
from tracker.domain.scoring.standing import Standing
from tracker.domain.shifts import (
    BLOCK,
    LEAST_CHANGE,
    WINDOW,
    YOUTH,
    Shift,
    assessed_after,
    changed,
)
from tracker.domain.slow_shifts import FIRST_BASE


class Daily(NamedTuple):
    """The values of a series at the close of each day from `first` on, and those of the days on
    which the level was assessed."""

    first: date
    values: Floats
    assessed: Sequence[int] = ()

    def changed(self, days: int, *, start: float) -> float:
        """See `shifts.changed`."""
        return changed(self.values[-1 - days :].tolist(), days, start=start)


def daily(scorer: Scorer, knots: KnotColumns, *, until: date) -> Daily:
    """Return the values of a series that has a knot by `until`, as `shifts.daily` does."""
    model = array_model(scorer)
    if model is None:
        values = np.array(shifts.daily(scorer, knots.knots(), until=until), np.float64)
    else:
        values = _closes(model, knots, until)
    assessed = _assessed(knots) if isinstance(scorer, Standing) else []
    return Daily(knots.day(0), values, [day for day in assessed if day < len(values)])


def _assessed(knots: KnotColumns) -> list[int]:
    last = _states(knots)[:, LAST_MEASURED]
    return assessed_after(knots.day(0), np.unique(last).tolist())


def _states(knots: KnotColumns) -> Floats:
    """The states of knots, one row for each."""
    return np.frombuffer(knots.moments, ">f8").reshape(knots.number, -1)


def _closes(model: ArrayModel, knots: KnotColumns, until: date) -> Floats:
    number = knots.up_to(until)
    days = np.frombuffer(knots.days, ">i4")[:number].astype(np.int64)
    states = _states(knots)[:number]
    lengths = np.diff(days, append=until.toordinal() + 1)
    ends = np.cumsum(lengths)
    since = np.arange(ends[-1]) - np.repeat(ends - lengths, lengths)
    state = np.repeat(states.astype(np.float64), lengths, axis=0).T
    return model.closes(state, since)


def find(one: Daily, *, slow: bool = False) -> list[Shift]:
    """Find the shifts of a series; `slow` adds the slow ones. Most series never move enough."""
    moving = _moving(one)
    may_be_slow = slow and len(moving) > FIRST_BASE and np.ptp(moving) > LEAST_CHANGE
    if not (may_be_slow or _is_lively(moving)):
        return []
    return shifts.shifts(one.values.tolist(), first=one.first, slow=slow, assessed=one.assessed)


def _moving(one: Daily) -> Floats:
    """The values without the steps of the days on which the level was assessed."""
    if not one.assessed:
        return one.values
    days = np.array(one.assessed)
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

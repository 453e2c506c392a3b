"""Slow shifts of many series at once, over arrays: those of `slow_shifts`, to the last bit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from tracker.domain.scoring.arrays import Floats, Ints
from tracker.domain.slow_shifts import (
    ALLOWANCE,
    CHANGE,
    FIRST_BASE,
    LEAST_CHANGE,
    THRESHOLD,
    Run,
)

type _Mask = npt.NDArray[np.bool_]


def may_shift(values: Floats) -> bool:
    """Whether a series may have a slow shift: it is long enough and moves by the minimum."""
    return len(values) > FIRST_BASE and bool(np.ptp(values) > LEAST_CHANGE)


def runs(values: Floats, blows: Sequence[Collection[int]]) -> list[list[Run]]:
    """Find the slow shifts of each column, downward and then upward.

    `blows` are the days of each on which a fast shift is seen. A column may stay at its last value
    after its end, which changes nothing.
    """
    number = values.shape[1]
    found: list[list[Run]] = [[] for _ in range(number)]
    if len(values) <= FIRST_BASE:
        return found
    # A fall is a rise of the mirrored series.
    both = _Columns(np.concatenate([-values, values], axis=1), _reset_days(values.shape, blows))
    for column, run in both.runs():
        found[column % number].append(run._replace(way=1 if column >= number else -1))
    return found


def _reset_days(shape: tuple[int, ...], blows: Sequence[Collection[int]]) -> _Mask:
    reset = np.zeros((shape[0], 2 * shape[1]), np.bool_)
    for column, days in enumerate(blows):
        reset[[*days], column] = reset[[*days], column + shape[1]] = True
    return reset


@dataclass(slots=True)
class _Columns:
    """Runs upward in columns, taken forward day by day. See `slow_shifts` for the steps."""

    values: Floats
    reset: _Mask
    sds: Floats = field(init=False)
    base: Ints = field(init=False)
    low: Floats = field(init=False)
    daily: Floats = field(init=False)
    threshold: Floats = field(init=False)
    is_seen: _Mask = field(init=False)
    seen: Ints = field(init=False)
    peak: Ints = field(init=False)
    high: Floats = field(init=False)
    found: list[tuple[int, Run]] = field(default_factory=list)

    def __post_init__(self) -> None:
        rises = np.maximum(0.0, self.values[CHANGE:] - self.values[:-CHANGE])
        totals = np.cumsum(rises * rises, axis=0)[FIRST_BASE - CHANGE :]
        numbers = np.arange(FIRST_BASE - CHANGE + 1, len(rises) + 1)
        self.sds = np.sqrt(totals / numbers[:, None])
        columns = self.values.shape[1]
        self.is_seen = np.zeros(columns, np.bool_)
        self.base, self.seen, self.peak = (np.zeros(columns, np.int64) for _ in range(3))
        self.low, self.high, self.daily, self.threshold = (np.zeros(columns) for _ in range(4))
        self._start_again(~self.is_seen, FIRST_BASE, self.values[FIRST_BASE])

    def runs(self) -> list[tuple[int, Run]]:
        """The shifts, each with its column."""
        for day in range(FIRST_BASE + 1, len(self.values)):
            value = self.values[day]
            excess = (value - self.low) - self.daily * (day - self.base)
            going = excess > 0
            going &= ~self.reset[day]
            self._take(day, value, excess, going)
            self._end(~going | (self.peak <= day - CHANGE), day, value)
        self._keep(self.is_seen)
        return self.found

    def _take(self, day: int, value: Floats, excess: Floats, going: _Mask) -> None:
        """Take a day into the runs that it does not end."""
        further = going & (value > self.high)
        np.putmask(self.peak, further, day)
        np.copyto(self.high, value, where=further)
        new = going & (excess > self.threshold)
        new &= ~self.is_seen
        if new.any():
            self.seen[new] = day
            self.is_seen |= new

    def _end(self, ended: _Mask, day: int, value: Floats) -> None:
        seen = ended & self.is_seen
        if seen.any():
            self._keep(seen)
        self._start_again(ended, day, value)

    def _keep(self, chosen: _Mask) -> None:
        for column in np.flatnonzero(chosen).tolist():
            base, seen, peak = (int(days[column]) for days in (self.base, self.seen, self.peak))
            sd = float(self.sds[base - FIRST_BASE, column])
            self.found.append((column, Run(1, base, seen, peak, sd)))

    def _start_again(self, ended: _Mask, day: int, value: Floats) -> None:
        self.is_seen &= ~ended
        for days in (self.base, self.peak):
            np.putmask(days, ended, day)
        for values in (self.low, self.high):
            np.copyto(values, value, where=ended)
        sds = self.sds[day - FIRST_BASE]
        np.copyto(self.daily, ALLOWANCE * sds / CHANGE, where=ended)
        np.copyto(self.threshold, np.maximum(LEAST_CHANGE, THRESHOLD * sds), where=ended)

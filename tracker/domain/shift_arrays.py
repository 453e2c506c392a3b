"""Shifts of many series at once, over arrays: those of `domain.shifts`, to the last bit."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from tracker.domain import shifts, slow_shift_arrays
from tracker.domain.scoring.array_models import array_model
from tracker.domain.scoring.arrays import ArrayModel, Floats, Ints
from tracker.domain.scoring.knot_columns import KnotColumns
from tracker.domain.scoring.level_state import LAST_MEASURED
from tracker.domain.scoring.moments import Scorer
from tracker.domain.scoring.standing_2 import Standing2
from tracker.domain.shifts import (
    BLOCK,
    CHANGE,
    DEVIATIONS,
    LEAST_CHANGE,
    WINDOW,
    YOUTH,
    Move,
    Shift,
    assessed_after,
    blows,
    changed,
    joined,
    judged,
)
from tracker.domain.slow_shifts import Run

# The most days times series that are searched together.
CELLS = 1_000_000
# Fewer series are searched one by one, which is faster.
FEW = 12


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
    assessed = _assessed(knots) if isinstance(scorer, Standing2) else []
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


def find(series: Sequence[Daily], *, slow: bool = False) -> list[list[Shift]]:
    """Find the shifts of each series; `slow` adds the slow ones."""
    found: list[list[Shift]] = [[] for _ in series]
    lively = [number for number, one in enumerate(series) if _may_shift(_moving(one), slow=slow)]
    lively.sort(key=lambda number: len(series[number].values))
    for group in _groups(lively, series):
        some = [series[number] for number in group]
        for number, of_one in zip(group, _found(some, slow=slow), strict=True):
            found[number] = of_one
    return found


def _found(series: Sequence[Daily], *, slow: bool) -> Iterator[list[Shift]]:
    """The shifts of series of about the same length."""
    if len(series) < FEW:
        for one in series:
            yield shifts.shifts(
                one.values.tolist(), first=one.first, slow=slow, assessed=one.assessed
            )
        return
    matrix = _Matrix.of([_moving(one) for one in series])
    moves = [
        [judged(one_way, one.assessed) for one_way in both_ways]
        for one, both_ways in zip(series, matrix.moves(), strict=True)
    ]
    runs: Sequence[Sequence[Run]] = [()] * len(series)
    if slow:
        resets = [{*blows(ways), *one.assessed} for one, ways in zip(series, moves, strict=True)]
        runs = slow_shift_arrays.runs(matrix.values, resets)
    for one, both_ways, slow_runs in zip(series, moves, runs, strict=True):
        if slow_runs or any(both_ways):
            yield joined(both_ways, slow_runs, one.values.tolist(), first=one.first)
        else:
            yield []


def _moving(one: Daily) -> Floats:
    """The values without the steps of the days on which the level was assessed."""
    if not one.assessed:
        return one.values
    days = np.array(one.assessed)
    steps = np.zeros_like(one.values)
    steps[days] = one.values[days] - one.values[days - 1]
    moving: Floats = one.values - np.cumsum(steps)
    return moving


def _may_shift(values: Floats, *, slow: bool) -> bool:
    return _is_lively(values) or (slow and slow_shift_arrays.may_shift(values))


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


def _groups(numbers: Sequence[int], series: Sequence[Daily]) -> Iterator[list[int]]:
    """Series of about the same length, given by length."""
    group: list[int] = []
    for number in numbers:
        if group and len(series[number].values) * (len(group) + 1) > CELLS:
            yield group
            group = []
        group.append(number)
    if group:
        yield group


class _Matrix(NamedTuple):
    """The values of series, one column for each. A shorter one stays at its last value."""

    values: Floats
    lengths: Ints

    @classmethod
    def of(cls, series: Sequence[Floats]) -> "_Matrix":
        lengths = np.array([len(values) for values in series])
        matrix = np.empty((int(lengths.max()), len(series)))
        for column, values in enumerate(series):
            matrix[: len(values), column] = values
            matrix[len(values) :, column] = values[-1]
        return cls(matrix, lengths)

    def moves(self) -> list[tuple[list[Move], list[Move]]]:
        """The moves of each series, down and up."""
        found: list[tuple[list[Move], list[Move]]] = [([], []) for _ in self.lengths]
        ends = {-1: _windows(self.values, np.maximum), 1: _windows(self.values, np.minimum)}
        large = {way: self._large(ends[way], way) for way in ends}
        last = max(int(days.max(initial=0)) for days, _ in large.values())
        squares = _squares(self.values[: max(0, last - WINDOW + 1)])
        for direction, way in enumerate(ends):
            days, columns = large[way]
            before = days - WINDOW
            sds = np.sqrt(squares[before, columns] / (before + 1 - CHANGE))
            for column, move in self._moves(way, large[way], ends[way][before, columns], sds):
                found[column][direction].append(move)
        return found

    def _moves(
        self, way: int, large: tuple[Ints, Ints], ends: Floats, sds: Floats
    ) -> Iterator[tuple[int, Move]]:
        """The moves among days that differ enough from the ends of their windows, with columns."""
        amounts = way * (self.values[large] - ends)
        chosen = amounts > np.maximum(LEAST_CHANGE, DEVIATIONS * sds)
        days, columns = (some[chosen] for some in large)
        bases = self._bases(days, columns, ends[chosen])
        moves = zip(bases.tolist(), days.tolist(), sds[chosen].tolist(), strict=True)
        for column, (base, day, sd) in zip(columns.tolist(), moves, strict=True):
            yield column, Move(way, base, day, sd)

    def _bases(self, days: Ints, columns: Ints, ends: Floats) -> Ints:
        """The last day of the window before each day whose value is the end of the window."""
        windows = self.values[days[:, None] - np.arange(1, WINDOW + 1), columns[:, None]]
        bases: Ints = days - 1 - np.argmax(windows == ends[:, None], axis=1)
        return bases

    def _large(self, ends: Floats, way: int) -> tuple[Ints, Ints]:
        """The days that can be judged and differ enough from the end of the window before them, by
        series and day: days and columns."""
        judged = self.values[YOUTH:]
        differs = way * (judged - ends[YOUTH - WINDOW : len(self.values) - WINDOW]) > LEAST_CHANGE
        differs &= np.arange(YOUTH, len(self.values))[:, None] < self.lengths
        columns, days = np.nonzero(differs.T)
        return days + YOUTH, columns


def _windows(values: Floats, furthest: np.ufunc) -> Floats:
    """The largest or smallest of the 14 values that begin with each row."""
    of_2 = furthest(values[1:], values[:-1])
    of_4 = furthest(of_2[2:], of_2[:-2])
    of_8 = furthest(of_4[4:], of_4[:-4])
    ends: Floats = furthest(of_8[6:], of_8[:-6])
    return ends


def _squares(values: Floats) -> Floats:
    """For each row, the sum of squares of the changes up to it about their mean (Welford 1962)."""
    squares = np.zeros_like(values)
    mean, total, step = (np.zeros(values.shape[1]) for _ in range(3))
    for end in range(CHANGE, len(values)):
        change = values[end] - values[end - CHANGE]
        deviation = change - mean
        np.divide(deviation, end - CHANGE + 1, out=step)
        mean += step
        np.subtract(change, mean, out=step)
        step *= deviation
        total += step
        squares[end] = total
    return squares

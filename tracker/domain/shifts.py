"""Shifts: a score moves further than its own history leads one to expect.

A *fast* shift is a move within 14 days; a *slow* one, of levels only, takes months. What nobody
reported moves nothing: at an end of the scale a level drifts back by itself. An assessed level
moves nothing, however doubtful: the step on its day is taken out, no shift reaches across it, and
for 14 days from it no fast one is seen.

**Fast.** The window of a day is the 14 days that end with it. A day closes a shift if its value
differs by more than .5, and by more than 2.5 standard deviations, from the score before the window
or at the close of one of its days. The standard deviation is that of the population (over n, about
its mean) of all 30-day changes of the series, each from the close of a day to that of the thirtieth
day after it, from the first knot up to the day before the window. So the tested change is not part
of its own baseline, and later changes are not either. With fewer than 30 such changes the series is
too young for shifts (`YOUTH`). A series that never moved has sd 0, so that only the .5 applies.

**Slow.** A cumulative sum with an allowance (Page 1954), the same both ways. Days are indexes into
the closes of a series. A run upward starts at the close of its base, and lasts while the level is
above that of the base by more than the allowance for the days since. It is a shift from the day on
which level less allowance is above the threshold, and goes on to its furthest day. It is over when
the level is back at the allowance, after 180 days without a further day, or on a day on which a
fast shift is seen; the next run starts there. Downward likewise.

The scale is the root mean square of the 180-day rises (for runs downward: falls) that end by the
base, where days that moved the other way count 0. Each way has its own, since a step of conflict is
several times a step of cooperation. The constants and their reasons are in decision 58.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from typing import Literal, NamedTuple

from tracker.domain.scoring.level import Level
from tracker.domain.scoring.moments import Knot, Scorer

WINDOW = 14
CHANGE = 30
CHANGES_NEEDED = 30
DEVIATIONS = 2.5
LEAST_CHANGE = 0.5
# Days from the first knot to the first day that can be judged.
YOUTH = CHANGE + CHANGES_NEEDED - 1 + WINDOW
# The changes of a pair that are shown, in days.
CHANGES = (7, 30, 365)
# Days that are checked together.
BLOCK = 64
SLOW_CHANGE = 180
SLOW_CHANGES_NEEDED = 180
# The first day from which a slow shift can start.
FIRST_BASE = SLOW_CHANGE + SLOW_CHANGES_NEEDED - 1
# In deviations: the allowance for 180 days, and the threshold, which is at least `LEAST_CHANGE`.
ALLOWANCE = 0.5
SLOW_THRESHOLD = 2.0
# A flow returns to 0 by forgetting, which is no shift.
SLOW_MODELS = frozenset({"standing"})
Kind = Literal["fast", "slow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A move of a score from the close of `start` to that of `peak`, by `amount` points.

    `seen` is the first day on which it was a shift. `start` and `seen` are final; `peak` and
    `amount` may still grow. `sd` is that of the earlier changes: for a fast shift of those of 30
    days, as known on `seen`, for a slow one of those of 180 days one way, as known on `start`.
    """

    start: date
    seen: date
    peak: date
    amount: float
    sd: float
    kind: Kind = "fast"


class Move(NamedTuple):
    """The move of a day, down (`way` −1) or up (1). Days are indexes into the series."""

    way: int
    base: int
    seen: int
    sd: float


class Run(NamedTuple):
    """A slow shift from the close of `base` to that of `peak`, up (`way` 1) or down (−1)."""

    way: int
    base: int
    seen: int
    peak: int
    sd: float


def daily(scorer: Scorer, knots: Sequence[Knot], *, until: date) -> list[float]:
    """Return the values at the close of each day from the first knot to `until`, for `shifts`."""
    values: list[float] = []
    for knot, following in zip_longest(knots, knots[1:]):
        last = min(until, following.day - timedelta(days=1)) if following else until
        values += scorer.closes(knot, max(0, (last - knot.day).days + 1))
    return values


def assessed(scorer: Scorer, knots: Sequence[Knot]) -> list[int]:
    """Return the days of the values of `daily` on which a level was assessed, without the first."""
    if not isinstance(scorer, Level) or not knots:
        return []
    return assessed_after(knots[0].day, (knot.moments[-1] for knot in knots))


def assessed_after(first: date, ordinals: Iterable[float]) -> list[int]:
    """Return days after the first one as indexes, each once and in order."""
    days = (int(ordinal) - first.toordinal() for ordinal in {*ordinals})
    return sorted(day for day in days if day > 0)


def unreported(scorer: Scorer, knots: Sequence[Knot]) -> list[int]:
    """Return the days of the values of `daily` on which only what nobody reported moved a level:
    first days of months without a claim."""
    if not isinstance(scorer, Level):
        return []
    quiet = (knot.day for knot in knots[1:] if knot.day.day == 1 and knot.newest != knot.day)
    return [(day - knots[0].day).days for day in quiet]


def changed(values: Sequence[float], days: int, *, start: float) -> float:
    """Return the change of a series over the last `days` of the values of `daily`. `start` is its
    value before the first knot.
    """
    before = values[-1 - days] if len(values) > days else start
    return values[-1] - before if values else 0.0


def shifts(
    values: Sequence[float],
    *,
    first: date,
    slow: bool = False,
    assessed: Sequence[int] = (),
    unreported: Sequence[int] = (),
) -> list[Shift]:
    """Find the shifts of a series in the order in which they were seen.

    `values` are the closes of all days from `first`, that of the first knot; `assessed` are those
    of them on which the level was assessed, and `unreported` those on which nobody reported what
    moved it, in order. Moves one way whose windows overlap are one
    shift: from where the first of them began to the day on which it was furthest from there. `slow`
    adds the slow shifts. The time taken is proportional to the days.
    """
    moving = _moving(values, sorted({*assessed, *unreported}))
    sds = _deviations(moving, [*_candidate_days(moving)])
    moves = [judged(_moves(moving, sds, way=way), assessed) for way in (-1, 1)]
    slow_runs = runs(moving, blows={*blows(moves), *assessed}) if slow else ()
    return joined(moves, slow_runs, values, first=first)


def _moving(values: Sequence[float], without: Sequence[int]) -> Sequence[float]:
    """The values without the steps of some days."""
    if not without:
        return values
    moving, step, left = [], 0.0, [*reversed(without)]
    for day, value in enumerate(values):
        if left and day == left[-1]:
            step += value - values[left.pop() - 1]
        moving.append(value - step)
    return moving


def judged(moves: Iterable[Move], assessed: Collection[int]) -> list[Move]:
    """Return the moves whose windows do not reach across an assessment."""
    return [move for move in moves if not any(0 <= move.seen - day < WINDOW for day in assessed)]


def blows(moves: Iterable[Iterable[Move]]) -> set[int]:
    """Return the days on which a fast shift is seen, or goes on."""
    return {move.seen for one_way in moves for move in one_way}


def joined(
    moves: Iterable[Iterable[Move]], runs: Iterable[Run], values: Sequence[float], *, first: date
) -> list[Shift]:
    """Return the shifts that the moves, given way by way and day by day, and the slow runs are."""
    groups = [group for one_way in moves for group in _grouped(one_way)]
    found = [_fast(group, values, first=first) for group in groups]
    found += [_slow(run, values, first=first) for run in runs]
    return sorted(found, key=lambda shift: (shift.seen, shift.start))


def _grouped(moves: Iterable[Move]) -> Iterator[list[Move]]:
    """Group moves whose windows overlap."""
    group: list[Move] = []
    for move in moves:
        if group and move.seen - group[-1].seen >= WINDOW:
            yield group
            group = []
        group.append(move)
    if group:
        yield group


def _slow(run: Run, values: Sequence[float], *, first: date) -> Shift:
    return Shift(
        start=first + timedelta(days=run.base),
        seen=first + timedelta(days=run.seen),
        peak=first + timedelta(days=run.peak),
        amount=values[run.peak] - values[run.base],
        sd=run.sd,
        kind="slow",
    )


def _fast(group: Sequence[Move], values: Sequence[float], *, first: date) -> Shift:
    first_move = group[0]
    peak = max((move.seen for move in group), key=lambda day: first_move.way * values[day])
    return Shift(
        start=first + timedelta(days=first_move.base),
        seen=first + timedelta(days=first_move.seen),
        peak=first + timedelta(days=peak),
        amount=values[peak] - values[first_move.base],
        sd=first_move.sd,
    )


def _moves(values: Sequence[float], sds: Mapping[int, float], *, way: int) -> Iterator[Move]:
    """The days whose move down (−1) or up (1) is large for the series, of those with an sd.

    Among equal closes to start from, the last counts, since a quiet stretch is not part of a move.
    """
    furthest = min if way > 0 else max
    for day, sd in sds.items():
        value = furthest(values[day - WINDOW : day])
        if way * (values[day] - value) > max(LEAST_CHANGE, DEVIATIONS * sd):
            base = next(n for n in range(day - 1, day - WINDOW - 1, -1) if values[n] == value)
            yield Move(way, base, day, sd)


def _candidate_days(values: Sequence[float]) -> Iterator[int]:
    """The days that can be judged and around which the series moves by more than the minimum.

    Few days do, so whole blocks are skipped.
    """
    for start in range(YOUTH, len(values), BLOCK):
        about = values[start - WINDOW : start + BLOCK]
        if max(about) - min(about) > LEAST_CHANGE:
            yield from range(start, min(start + BLOCK, len(values)))


def _deviations(values: Sequence[float], days: Sequence[int]) -> dict[int, float]:
    """The sd of the changes before the window of each of the days (Welford 1962)."""
    mean = squares = 0.0
    since = CHANGE
    sds = {}
    for day in days:
        for end in range(since, day - WINDOW + 1):
            deviation = values[end] - values[end - CHANGE] - mean
            mean += deviation / (end - CHANGE + 1)
            squares += deviation * (values[end] - values[end - CHANGE] - mean)
        since = day - WINDOW + 1
        sds[day] = math.sqrt(squares / (since - CHANGE))
    return sds


def runs(values: Sequence[float], *, blows: Collection[int]) -> list[Run]:
    """Find the slow shifts of a level; `blows` are the days on which a fast shift is seen."""
    return [run for way in (-1, 1) for run in _runs_one_way(values, way, blows)]


def scales(values: Sequence[float], way: int) -> list[float]:
    """Return the scale as of each day that can be a base."""
    total, found = 0.0, []
    for day in range(SLOW_CHANGE, len(values)):
        rise = max(0.0, way * (values[day] - values[day - SLOW_CHANGE]))
        total += rise * rise
        if day >= FIRST_BASE:
            found.append(math.sqrt(total / (day - SLOW_CHANGE + 1)))
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
        return ALLOWANCE * self.sd / SLOW_CHANGE

    @property
    def threshold(self) -> float:
        return max(LEAST_CHANGE, SLOW_THRESHOLD * self.sd)


def _runs_one_way(values: Sequence[float], way: int, blows: Collection[int]) -> Iterator[Run]:
    if len(values) <= FIRST_BASE or max(values) - min(values) <= LEAST_CHANGE:
        return
    sds = scales(values, way)
    run = _Current(FIRST_BASE, sds[0], FIRST_BASE)
    for day in range(FIRST_BASE + 1, len(values)):
        if day in blows or _has_ended(run, values, day, way):
            yield from _ended(run, way)
            run = _Current(day, sds[day - FIRST_BASE], day)
    yield from _ended(run, way)


def _ended(run: _Current, way: int) -> Iterator[Run]:
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
    return day - run.peak >= SLOW_CHANGE

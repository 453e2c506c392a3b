"""How far recorded acts moved a level over a window, with the interval and the chances.

With few draws every combination of truths is worked out; with more, the movement is taken as normal
with the moments of the fold.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tracker.domain.scoring.distributions import normal_cdf
from tracker.domain.scoring.draws import Day

# With so many draws there are 256 combinations.
MOST_DRAWS = 8
LEAST = 1e-9
_Z_90 = 1.645

type _Floats = npt.NDArray[np.float64]


class Movement(NamedTuple):
    """The expected movement in points, its 90 % interval, and the probabilities that the level fell
    and that it rose. They may not add up to 1: it may not have moved."""

    value: float
    low: float
    high: float
    fell: float
    rose: float


class Moving(NamedTuple):
    """A day of a window: what acts on it, and the usual act that is removed."""

    of_day: Day
    usual: float


def moved(
    begin: float, mean: float, second: float, days: Sequence[Moving], *, top: float
) -> Movement:
    """Return the movement from the level `begin` through some days, after which the level has these
    moments."""
    value = mean - begin
    keys = _keys(days)
    if len(keys) > MOST_DRAWS:
        return normal(value, math.sqrt(max(0.0, second - mean * mean)))
    chances, ends = _paths(begin, days, keys, top=top)
    moves = ends - begin
    exact = 0.0
    for chance, move in zip(chances, moves.tolist(), strict=True):
        exact += chance * move
    ordered = sorted(zip(moves.tolist(), chances, strict=True))
    low, high = (value + _quantile(ordered, q) - exact for q in (0.05, 0.95))
    return Movement(
        value,
        min(value, _zeroed(low)),
        max(value, _zeroed(high)),
        _sum(chance for move, chance in ordered if move < -LEAST),
        _sum(chance for move, chance in ordered if move > LEAST),
    )


def _zeroed(amount: float) -> float:
    """An amount without what rounding leaves of 0."""
    return amount if abs(amount) > LEAST else 0.0


def normal(value: float, sd: float) -> Movement:
    """Return a movement that is normally distributed."""
    if not sd:
        return Movement(value, value, value, float(value < -LEAST), float(value > LEAST))
    fell = normal_cdf(-value / sd)
    return Movement(value, value - _Z_90 * sd, value + _Z_90 * sd, fell, 1 - fell)


def _keys(days: Sequence[Moving]) -> dict[object, float]:
    """The draws of the days, each with its p. An act of its own is a draw."""
    return {one.truth: one.p for day in days for one in day.of_day.given if one.p > 0}


def _paths(
    begin: float, days: Sequence[Moving], keys: dict[object, float], *, top: float
) -> tuple[list[float], _Floats]:
    """The probability of each combination of truths, and the level at its end."""
    number = 1 << len(keys)
    places = {key: place for place, key in enumerate(keys)}
    truths = [((np.arange(number) >> place) & 1).astype(np.float64) for place in range(len(keys))]
    chances = [1.0] * number
    for place, p in enumerate(keys.values()):
        chances = [
            chance * (p if truth else 1 - p)
            for chance, truth in zip(chances, truths[place].tolist(), strict=True)
        ]
    level = np.full(number, begin)
    for of_day, usual in days:
        lost, gained = np.full(number, abs(usual) / top), np.full(number, -usual)
        for one in of_day.given:
            truth = truths[places[one.truth]]
            lost = lost + truth * (abs(one.impact) / top)
            gained = gained + truth * one.impact
        scale = np.maximum(1.0, lost)
        level = level - (lost * level - gained) / scale
    return chances, level


def _quantile(ordered: Sequence[tuple[float, float]], q: float) -> float:
    """The least move that is not exceeded with the probability q."""
    total = 0.0
    for move, chance in ordered[:-1]:
        total += chance
        if total >= q:
            return move
    return ordered[-1][0]


def _sum(chances: Iterable[float]) -> float:
    total = 0.0
    for chance in chances:
        total += chance
    return min(1.0, total)

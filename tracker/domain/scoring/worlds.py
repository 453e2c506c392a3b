"""The level at the end of some days in each combination of the truths of a few draws, its worlds.

The draws that matter most are true or not. What all the others add is carried in each world as a
mean and a variance. Of those that act on several days, a world also has the slope: the level if the
draw is true less that if it is not. This is exact for one such draw; for several, effects of two
draws on each other are left out of the mean.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tracker.domain.scoring.closure import Action
from tracker.domain.scoring.draws import Given, Moving, actions_of, totals_of
from tracker.domain.scoring.movement import LEAST

# With so many draws there are 256 worlds.
MOST_DRAWS = 8

# The error of `rough_share` is smaller.
ROUGHLY = 1e-6

type _Floats = npt.NDArray[np.float64]

_SQRT_2 = math.sqrt(2)
# Abramowitz & Stegun (1964), Handbook of Mathematical Functions, formula 7.1.26.
_ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
_ERF_SCALE = 0.3275911


class World(NamedTuple):
    """A combination of truths: its probability, and the mean of the level at the end with its sd,
    which is 0 if no draw is left in doubt."""

    chance: float
    mean: float
    sd: float


class Worlds(NamedTuple):
    """All worlds at the close of a day: their probabilities, and the mean and the sd of each."""

    chances: list[float]
    means: _Floats
    sds: _Floats


def at_end(begin: float, days: Sequence[Moving], *, top: float) -> list[World]:
    """Return the worlds after some days that begin with the level `begin`."""
    [last] = through(begin, days, after=[len(days)], top=top)
    return [*map(World, last.chances, last.means.tolist(), last.sds.tolist())]


def through(
    begin: float, days: Sequence[Moving], *, after: Collection[int], top: float
) -> Iterator[Worlds]:
    """Yield the worlds after the first days, for each number of days in `after`, in one pass. Only
    the draws that matter most over all days are computed."""
    draws = _largest(days)
    number = 1 << len(draws)
    truths = {
        key: ((np.arange(number) >> place) & 1).astype(np.float64)
        for place, key in enumerate(draws)
    }
    chances = _chances(draws, truths)
    level, rest = np.full(number, begin), _Rest(_last_days(days, without=truths))
    if 0 in after:
        yield Worlds(chances, *rest.ends(level, top=top))
    for place, (of_day, usual) in enumerate(days):
        lost: _Floats | float = abs(usual) / top
        gained: _Floats | float = -usual
        others = []
        for one in of_day.given:
            truth = truths.get(one.truth)
            if truth is None:
                others.append(one)
                continue
            lost = lost + truth * (abs(one.impact) / top)
            gained = gained + truth * one.impact
        level = rest.advance(level, lost, gained, actions_of(others, top=top))
        rest.close(place)
        if place + 1 in after:
            yield Worlds(chances, *rest.ends(level, top=top))


@dataclass(slots=True)
class _Rest:
    """What the draws that are not worked out add to each world: the variance of those that have
    acted for the last time, and the slope and p(1−p) of each that acts again by `last_days`."""

    last_days: Mapping[object, int]
    variance: _Floats | float = 0.0
    slopes: dict[object, tuple[_Floats | float, float]] = field(default_factory=dict)
    acted: bool = False

    def advance(
        self,
        level: _Floats,
        lost: _Floats | float,
        gained: _Floats | float,
        actions: Mapping[object, Action],
    ) -> _Floats:
        """Return the level after a day on which worlds lose and gain so much, and on which other
        draws act."""
        if not actions and not self.acted:
            return level - (lost * level - gained) / np.maximum(1.0, lost)
        self.acted = True
        totals = totals_of(actions.values())
        lost, gained = lost + totals.k, gained + totals.s
        scale = 1 / np.maximum(1.0, lost)
        kept = 1 - scale * lost
        down = lost * level - gained
        in_all = self._in_all()
        once = totals_of(one for key, one in actions.items() if key not in self.last_days)
        noise = once.k2 * (level * level + in_all) - 2 * once.c * level + once.v
        slopes = {key: (kept * slope, doubt) for key, (slope, doubt) in self.slopes.items()}
        for key, (p, k, impact, _) in actions.items():
            if key not in self.last_days:
                continue
            slope, doubt = self.slopes.get(key, (0.0, p * (1 - p)))
            down = down + doubt * k * slope
            noise = noise + doubt * k * k * (in_all - doubt * slope * slope)
            of_draw = k * (level + (1 - p) * slope) - impact
            slopes[key] = (kept + scale * (p * k)) * slope - scale * of_draw, doubt
        self.slopes = slopes
        self.variance = kept * kept * self.variance + scale * scale * noise
        return level - scale * down

    def _in_all(self) -> _Floats | float:
        """The variance from all draws that have acted."""
        total = self.variance
        for slope, doubt in self.slopes.values():
            total = total + doubt * slope * slope
        return total

    def ends(self, level: _Floats, *, top: float) -> tuple[_Floats, _Floats]:
        """The mean of each world, within the scale, and its sd."""
        means = np.minimum(top, np.maximum(-top, level)) if self.acted else level
        return means, np.sqrt(np.maximum(0.0, np.zeros(len(level)) + self._in_all()))

    def close(self, place: int) -> None:
        """Add the variance of the draws that do not act after a day."""
        for key in [key for key in self.slopes if self.last_days[key] <= place]:
            slope, doubt = self.slopes.pop(key)
            self.variance = self.variance + doubt * slope * slope


def _largest(days: Iterable[Moving]) -> dict[object, float]:
    """The draws with the largest impacts in doubt, each with its p; those without any impact are
    none. An act of its own is a draw."""
    amounts: dict[object, float] = {}
    chances: dict[object, float] = {}
    for one in _given(days):
        amounts[one.truth] = amounts.get(one.truth, 0.0) + abs(one.impact)
        chances[one.truth] = one.p
    if len(amounts) > MOST_DRAWS:
        doubts = {key: p * (1 - p) * amounts[key] * amounts[key] for key, p in chances.items()}
        largest = {*sorted(doubts, key=doubts.__getitem__, reverse=True)[:MOST_DRAWS]}
        return {key: p for key, p in chances.items() if key in largest}
    return chances


def _given(days: Iterable[Moving]) -> Iterable[Given]:
    """The impacts of the days that can move a level."""
    return (one for day in days for one in day.of_day.given if one.p > 0 and one.impact)


def _last_days(days: Sequence[Moving], *, without: Mapping[object, object]) -> dict[object, int]:
    """The place of the last day of each draw that acts on several days, except some."""
    first: dict[object, int] = {}
    last: dict[object, int] = {}
    for place, day in enumerate(days):
        for one in _given([day]):
            if one.truth not in without:
                first.setdefault(one.truth, place)
                last[one.truth] = place
    return {key: place for key, place in last.items() if first[key] < place}


def _chances(draws: Mapping[object, float], truths: Mapping[object, _Floats]) -> list[float]:
    """The probability of each combination of truths."""
    chances = [1.0] * (1 << len(draws))
    for key, p in draws.items():
        chances = [
            chance * (p if truth else 1 - p)
            for chance, truth in zip(chances, truths[key].tolist(), strict=True)
        ]
    return chances


def normal_cdfs(x: _Floats) -> _Floats:
    """As `normal_cdf`, of many numbers, to seven decimals."""
    size = np.abs(x) / _SQRT_2
    t = 1 / (1 + _ERF_SCALE * size)
    powers = np.zeros_like(t)
    for factor in reversed(_ERF):
        powers = (powers + factor) * t
    beyond = powers * np.exp(-size * size) / 2
    below: _Floats = np.where(x < 0, beyond, 1 - beyond)
    return below


def rough_share(worlds: Sequence[World]) -> Callable[[float], float]:
    """Return a function of an amount: the probability of a mean of at most the amount, over worlds
    with a normal distribution each. It is right to `ROUGHLY`, and takes a tenth of the time of the
    exact sum."""
    normal = [world for world in worlds if world.sd > LEAST]
    chances, means, sds = (np.array(column) for column in zip(*normal, strict=True))
    fixed = [world for world in worlds if world.sd <= LEAST]

    def share(amount: float) -> float:
        certain = sum(world.chance for world in fixed if world.mean <= amount)
        return float(normal_cdfs((amount - means) / sds) @ chances) + certain

    return share

"""How far recorded acts moved a level over a window, with the interval and the chances.

With few draws every combination of truths is worked out. With more, this is done for those with the
largest impacts in doubt; in each combination the others make the movement normal (see `worlds`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tracker.domain.scoring import worlds
from tracker.domain.scoring.distributions import normal_cdf, normal_cdfs
from tracker.domain.scoring.worlds import Moving, World

LEAST = 1e-9
_Z_90 = 1.645
# Halvings of the scale until a quantile is right to a millionth, and to a thousandth.
_HALVINGS, _FEW_HALVINGS = 25, 14

type _Floats = npt.NDArray[np.float64]


class Movement(NamedTuple):
    """The expected movement in points, its 90 % interval, and the probabilities that the level fell
    and that it rose. They may not add up to 1: it may not have moved."""

    value: float
    low: float
    high: float
    fell: float
    rose: float


def moved(begin: float, mean: float, days: Sequence[Moving], *, top: float) -> Movement:
    """Return the movement from the level `begin` through some days, after which the level has this
    mean."""
    value = mean - begin
    moves = [
        world._replace(mean=world.mean - begin) for world in worlds.at_end(begin, days, top=top)
    ]
    exact = 0.0
    for chance, move, _ in moves:
        exact += chance * move
    if any(world.sd > LEAST for world in moves):
        return _mixed(value, moves, value - exact, least=-top - begin, most=top - begin)
    ordered = sorted((move, chance) for chance, move, _ in moves)
    low, high = (value + _quantile(ordered, q) - exact for q in (0.05, 0.95))
    return Movement(
        value,
        min(value, _zeroed(low)),
        max(value, _zeroed(high)),
        _sum(chance for move, chance in ordered if move < -LEAST),
        _sum(chance for move, chance in ordered if move > LEAST),
    )


def moved_through(
    begin: float, means: Mapping[int, float], days: Sequence[Moving], *, top: float
) -> dict[int, Movement]:
    """Return the movements after the first days, for each number of days that has a mean, in one
    pass: as `moved`, with intervals that are right to a thousandth of the scale."""
    found = [*worlds.through(begin, days, after=means, top=top)]
    chances = np.array(found[0].chances)
    moves = np.array([one.means for one in found]) - begin
    sds = np.array([one.sds for one in found])
    values = np.array([means[number] for number in sorted(means)]) - begin
    shift = values - moves @ chances
    least, most = -top - begin, top - begin
    low, high = (
        _quantiles(chances, moves, sds, q, least=least, most=most) + shift for q in (0.05, 0.95)
    )
    edge = np.full(len(values), LEAST)
    fell = np.minimum(1.0, _at_most_each(moves, sds, -edge) @ chances)
    rose = np.minimum(1.0, (1 - _at_most_each(moves, sds, edge)) @ chances)
    return {
        number: Movement(
            value,
            min(value, _zeroed(max(least, one_low))),
            max(value, _zeroed(min(most, one_high))),
            *ways,
        )
        for number, value, one_low, one_high, *ways in zip(
            sorted(means),
            *(one.tolist() for one in (values, low, high, fell, rose)),
            strict=True,
        )
    }


def _quantiles(
    chances: _Floats, moves: _Floats, sds: _Floats, q: float, *, least: float, most: float
) -> _Floats:
    """The least move that is not exceeded with the probability q, for each row of worlds."""
    order = np.argsort(moves, axis=1)
    total = np.cumsum(chances[order], axis=1)
    place = np.minimum((total < q).sum(axis=1), len(chances) - 1)
    found: _Floats = np.take_along_axis(moves, order, axis=1)[np.arange(len(moves)), place]
    doubtful = (sds > LEAST).any(axis=1)
    if doubtful.any():
        moves, sds = moves[doubtful], sds[doubtful]
        low, high = np.full(len(moves), least), np.full(len(moves), most)
        for _ in range(_FEW_HALVINGS):
            middle = (low + high) / 2
            below = _at_most_each(moves, sds, middle) @ chances < q
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        found[doubtful] = high
    return found


def _at_most_each(moves: _Floats, sds: _Floats, amounts: _Floats) -> _Floats:
    """The probability of a movement of at most an amount in each world, for each row of worlds."""
    distance = amounts[:, np.newaxis] - moves
    normal = sds > LEAST
    at_most = (distance >= 0).astype(np.float64)
    if normal.any():
        at_most[normal] = normal_cdfs(distance[normal] / sds[normal])
    return at_most


def _zeroed(amount: float) -> float:
    """An amount without what rounding leaves of 0."""
    return amount if abs(amount) > LEAST else 0.0


def normal(value: float, sd: float) -> Movement:
    """Return a movement that is normally distributed."""
    if not sd:
        return Movement(value, value, value, float(value < -LEAST), float(value > LEAST))
    fell = normal_cdf(-value / sd)
    return Movement(value, value - _Z_90 * sd, value + _Z_90 * sd, fell, 1 - fell)


def _mixed(
    value: float, moves: Sequence[World], shift: float, *, least: float, most: float
) -> Movement:
    """A movement that is normal in each world. The interval is shifted, as far as the scale
    allows."""
    ends = (_mixed_quantile(moves, q, least=least, most=most) for q in (0.05, 0.95))
    low, high = (min(most, max(least, end + shift)) for end in ends)
    return Movement(
        value,
        min(value, _zeroed(low)),
        max(value, _zeroed(high)),
        _at_most(moves, -LEAST),
        max(0.0, 1 - _at_most(moves, LEAST)),
    )


def _mixed_quantile(moves: Sequence[World], q: float, *, least: float, most: float) -> float:
    for _ in range(_HALVINGS):
        middle = (least + most) / 2
        if _at_most(moves, middle) < q:
            least = middle
        else:
            most = middle
    return most


def _at_most(moves: Iterable[World], amount: float) -> float:
    """The probability of a movement of at most an amount."""
    total = 0.0
    for chance, move, sd in moves:
        if sd > LEAST:
            total += chance * normal_cdf((amount - move) / sd)
        elif move <= amount:
            total += chance
    return min(1.0, total)


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

"""How far recorded acts moved a level up to each of many days, over arrays: for pictures."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tracker.domain.scoring import worlds
from tracker.domain.scoring.draws import Moving
from tracker.domain.scoring.movement import LEAST, Movement, zeroed
from tracker.domain.scoring.worlds import normal_cdfs

type _Floats = npt.NDArray[np.float64]

# Halvings of the scale until a quantile is right to a thousandth of it.
_HALVINGS = 14


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
            min(value, zeroed(max(least, one_low))),
            max(value, zeroed(min(most, one_high))),
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
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            below = _at_most_each(moves, sds, middle) @ chances < q
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        found[doubtful] = high
    return found


def _at_most_each(moves: _Floats, sds: _Floats, amounts: _Floats) -> _Floats:
    """The probability that the movement is at most an amount, over all worlds of each row."""
    distance = amounts[:, np.newaxis] - moves
    normal = sds > LEAST
    at_most = (distance >= 0).astype(np.float64)
    if normal.any():
        at_most[normal] = normal_cdfs(distance[normal] / sds[normal])
    return at_most

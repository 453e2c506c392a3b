"""How far recorded acts moved a level over a window, with the interval and the chances.

With few draws every combination of truths is worked out. With more, this is done for those with the
largest impacts in doubt; in each combination the others make the movement normal (see `worlds`).
"""

from collections.abc import Callable, Iterable, Sequence

from tracker.domain.scoring import worlds
from tracker.domain.scoring.distributions import normal_cdf
from tracker.domain.scoring.draws import Moving
from tracker.domain.scoring.movement import LEAST, Movement, zeroed
from tracker.domain.scoring.worlds import ROUGHLY, World

# Halvings of the scale until a quantile is right to a millionth.
_HALVINGS = 25


def moved(begin: float, mean: float, days: Sequence[Moving], *, top: float) -> Movement:
    """Return the movement from the level `begin` through some days, after which the level has this
    mean."""
    value = mean - begin
    moves = [
        world._replace(mean=world.mean - begin) for world in worlds.at_end(begin, days, top=top)
    ]
    least, most = -top - begin, top - begin
    exact = 0.0
    for chance, move, _ in moves:
        exact += chance * move
    if any(world.sd > LEAST for world in moves):
        return _mixed(value, moves, value - exact, least=least, most=most)
    ordered = sorted((move, chance) for chance, move, _ in moves)
    ends = (value + _quantile(ordered, q) - exact for q in (0.05, 0.95))
    low, high = (min(most, max(least, end)) for end in ends)
    return Movement(
        value,
        min(value, zeroed(low)),
        max(value, zeroed(high)),
        _sum(chance for move, chance in ordered if move < -LEAST),
        _sum(chance for move, chance in ordered if move > LEAST),
    )


def _mixed(
    value: float, moves: Sequence[World], shift: float, *, least: float, most: float
) -> Movement:
    """A movement that is normal in each world. The interval is shifted, as far as the scale
    allows."""
    rough = worlds.rough_share(moves)
    ends = (_mixed_quantile(moves, rough, q, least=least, most=most) for q in (0.05, 0.95))
    low, high = (min(most, max(least, end + shift)) for end in ends)
    return Movement(
        value,
        min(value, zeroed(low)),
        max(value, zeroed(high)),
        _at_most(moves, -LEAST),
        max(0.0, 1 - _at_most(moves, LEAST)),
    )


def _mixed_quantile(
    moves: Sequence[World],
    rough: Callable[[float], float],
    q: float,
    *,
    least: float,
    most: float,
) -> float:
    """The least move that is not exceeded with the probability q. The exact sum is only worked out
    where the `rough` one does not decide."""
    for _ in range(_HALVINGS):
        middle = (least + most) / 2
        share = rough(middle)
        if abs(share - q) < ROUGHLY:
            share = _at_most(moves, middle)
        if share < q:
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

"""Moments of a level whose impacts are true or not, with one draw for impacts that share a truth.

All days of a situation share one draw, and so do claims that rest on the same root. Beside the mean
m of the level and e = E[x²], each open draw i has the moments given that it is true,
M = E[x | B_i] and Q = E[x² | B_i]. With the impacts (k_j, I_j) of a day, x becomes
x − Σ B_j·(k_j·x − I_j). For two draws the closure is E[x | B_i, B_j] = M_i + M_j − m, and likewise
for Q: exact for one draw, and within .04 of the mean for several.

x is the level from a known start without drift. The variance from the unknown start and from drift
is kept apart, also by draw. Situations shrink it by (1 − Σ B_j·k_j)²; acts do not, since an act
says nothing of the level that it meets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Plain(NamedTuple):
    """Sums over the acts of a day that have a draw of their own: K = Σ p·k, S = Σ p·I,
    k2 = Σ p(1−p)k², c = Σ p(1−p)kI, v = Σ p(1−p)I²."""

    k: float = 0.0
    s: float = 0.0
    k2: float = 0.0
    c: float = 0.0
    v: float = 0.0


class Action(NamedTuple):
    """What a draw with probability `p` does on a day if it is true: the part `k` of the level that
    is lost, of which `lasting` is that of situations, and the impact that is gained."""

    p: float
    k: float
    impact: float
    lasting: float


@dataclass(slots=True)
class World:
    """The moments of the level: its mean, E[x²] from a known start, and the variance `start` from
    the unknown start and from drift. The world of a draw is the level given that it is true."""

    mean: float
    second: float
    start: float

    def copy(self) -> "World":
        return World(self.mean, self.second, self.start)


class Scales(NamedTuple):
    """By how much a day's impacts were scaled: below 1 where they would move a level by more than
    the whole. `total` is that of the level, the others are those of the draws' worlds."""

    total: float
    given: Mapping[int, float]


class _Sums(NamedTuple):
    """Sums over draws, with a = p·k and u = p·I, and M and Q of each draw's world."""

    a: float = 0.0
    u: float = 0.0
    a_m: float = 0.0
    u_m: float = 0.0
    a_q: float = 0.0
    a_a: float = 0.0
    a_a_q: float = 0.0
    a_u: float = 0.0
    a_u_m: float = 0.0
    u_u: float = 0.0
    a_k: float = 0.0
    a_k_q: float = 0.0
    a_i: float = 0.0
    a_i_m: float = 0.0
    u_i: float = 0.0

    def shifted(self, mean: float, second: float) -> "_Sums":
        """With `mean` added to each M, and `second` to each Q."""
        return self._replace(
            a_m=self.a_m + mean * self.a,
            u_m=self.u_m + mean * self.u,
            a_q=self.a_q + second * self.a,
            a_a_q=self.a_a_q + second * self.a_a,
            a_u_m=self.a_u_m + mean * self.a_u,
            a_k_q=self.a_k_q + second * self.a_k,
            a_i_m=self.a_i_m + mean * self.a_i,
        )


_NONE = _Sums()
_NOTHING = Action(0.0, 0.0, 0.0, 0.0)


def advance(
    level: World, draws: Mapping[int, World], plain: Plain, actions: Mapping[int, Action]
) -> Scales:
    """Apply the impacts of a day to the level and to the worlds of all open draws. `actions` are
    those of the draws that act on the day, all of them open."""
    addends = {draw: _addends(actions[draw], draws[draw]) for draw in actions}
    shrinking = {
        draw: _addends(_lasting(action), World(0.0, draws[draw].start, 0.0))
        for draw, action in actions.items()
        if action.lasting
    }
    sums, shrinks = _total(addends), _total(shrinking)
    before = level.copy()
    scale = _advance_one(level, plain, sums, shrinks, Action(0.0, 0.0, 0.0, 0.0))
    given = {}
    for draw, world in draws.items():
        # In the world of a draw its own impact is certain.
        own = actions.get(draw, _NOTHING)
        others = _without(sums, addends, draw)
        others = others.shifted(world.mean - before.mean, world.second - before.second)
        shrink = _without(shrinks, shrinking, draw).shifted(0.0, world.start - before.start)
        given[draw] = _advance_one(world, plain, others, shrink, own)
    return Scales(scale, given)


def _advance_one(
    world: World, plain: Plain, others: _Sums, shrinking: _Sums, certain: Action
) -> float:
    """Apply a day to one world, and return the scale of its impacts."""
    known = plain
    if certain.k:
        known = plain._replace(k=plain.k + certain.k, s=plain.s + certain.impact)
    total = known.k + others.a
    scale = 1.0 if total <= 1 else 1 / total
    if certain.lasting or shrinking.a:
        lasting = Plain(k=certain.lasting)
        world.start = _moments(0.0, world.start, lasting, shrinking, scale)[1]
    world.mean, world.second = _moments(world.mean, world.second, known, others, scale)
    return scale


def _addends(action: Action, world: World) -> _Sums:
    p, k, impact, _ = action
    mean, second = world.mean, world.second
    a, u = p * k, p * impact
    return _Sums(
        a,
        u,
        a * mean,
        u * mean,
        a * second,
        a * a,
        a * a * second,
        a * u,
        a * u * mean,
        u * u,
        a * k,
        a * k * second,
        a * impact,
        a * impact * mean,
        u * impact,
    )


def _lasting(action: Action) -> Action:
    return Action(action.p, action.lasting, 0.0, action.lasting)


def _total(addends: Mapping[int, _Sums]) -> _Sums:
    if len(addends) <= 1:
        return next(iter(addends.values()), _NONE)
    # Not `sum`, which compensates for rounding in some versions of Python.
    total = _NONE
    for one in addends.values():
        total = _Sums._make([x + y for x, y in zip(total, one, strict=True)])
    return total


def _without(total: _Sums, addends: Mapping[int, _Sums], draw: int) -> _Sums:
    """The sums over the other draws."""
    if draw not in addends:
        return total
    others = {other: one for other, one in addends.items() if other != draw}
    return _total(others)


def _moments(
    mean: float, second: float, plain: Plain, draws: _Sums, scale: float
) -> tuple[float, float]:
    """The mean and the second moment after a day, in one world."""
    k, s, k2, c, v = plain
    down = k * mean - s
    mixed = k * second - s * mean
    squared = (k * k + k2) * second - 2 * mean * (k * s + c) + s * s + v
    if draws.a:
        a, u, a_m, u_m, a_q, a_a, a_a_q, a_u, a_u_m, u_u, _, a_k_q, _, a_i_m, u_i = draws
        down += a_m - u
        mixed += a_q - u_m
        squared += a_k_q - 2 * a_i_m + u_i
        squared += 2 * (a * a_q - a_a_q) - second * (a * a - a_a)
        squared -= 2 * (a_m * u + a * u_m - 2 * a_u_m - mean * (a * u - a_u))
        squared += u * u - u_u
        squared += 2 * (k * a_q - k * u_m - s * a_m + s * u)
    after = mean - scale * down
    return after, second - 2 * scale * mixed + scale * scale * squared

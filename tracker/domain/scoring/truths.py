"""Moments of a level whose impacts are true or not, with one draw for impacts that share a truth.

All days of a situation share one draw, and so do claims that rest on the same root. Beside the mean
m of the level and e = E[x²], each open draw i has the moments given that it is true,
M = E[x | B_i] and Q = E[x² | B_i]. With the impacts (k_j, I_j) of a day, x becomes
x − Σ B_j·(k_j·x − I_j), which is exact for one draw. For two, E[x | B_i, B_j] is needed: see
`closure`.

A draw is kept as its deviations M − m and Q − e. They are 0 when it opens, since a level knows
nothing of what happens later. So an act has the same effect, to the bit, whether or not later
claims share its truth.

x is the level from a known start without drift. The variance from the unknown start and from drift
is kept apart, also by draw. Situations shrink it by (1 − Σ B_j·k_j)²; acts do not, since an act
says nothing of the level that it meets.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tracker.domain.scoring.closure import (
    Action,
    Actor,
    Distances,
    Moments,
    Others,
    end_of,
    others,
    part,
)


class Totals(NamedTuple):
    """Sums over the impacts of a day, each taken as true or not on its own: K = Σ p·k, S = Σ p·I,
    k2 = Σ p(1−p)k², c = Σ p(1−p)kI, v = Σ p(1−p)I²; and K and k2 of situations alone."""

    k: float = 0.0
    s: float = 0.0
    k2: float = 0.0
    c: float = 0.0
    v: float = 0.0
    lasting: float = 0.0
    lasting2: float = 0.0

    def with_certain(self, action: Action) -> "Totals":
        """The sums if one of the impacts is true."""
        p, k, impact, lasting = action
        false = 1 - p
        doubt = p * false
        return Totals(
            self.k + false * k,
            self.s + false * impact,
            self.k2 - doubt * k * k,
            self.c - doubt * k * impact,
            self.v - doubt * impact * impact,
            self.lasting + false * lasting,
            self.lasting2 - doubt * lasting * lasting,
        )


class Effect(NamedTuple):
    """What a day did. Before it, the deviations of some draws were `limited` to a part. `scale` is
    below 1 where its impacts would have moved the level by more than the whole, `scales` are the
    same given that a draw that acts is true. `kept` is the part that is left of each open draw's
    deviation, apart from the draw's own impact. `met` is by how much the mean of the level before
    the day deviates if a draw that acts is true."""

    limited: Mapping[int, float]
    scale: float
    scales: Mapping[int, float]
    kept: Mapping[int, float]
    met: Mapping[int, float]


class _Map(NamedTuple):
    """How deviations change: the part of the mean that is left; the second moment by the second
    moment and by the mean; the part of the start's variance that is left."""

    mean: float
    by_second: float
    by_mean: float
    start: float


def scale_of(lost: float) -> float:
    """By how much impacts are scaled that together would lose this part of a level."""
    return 1.0 if lost <= 1 else 1 / lost


def advance(
    level: Moments,
    draws: Mapping[int, Moments],
    totals: Totals,
    actions: Mapping[int, Action],
    *,
    top: float,
) -> Effect:
    """Apply the impacts of a day to a level on −top..top, and to the deviations of all open draws.
    `actions` are those of the draws that act on the day, all of them open."""
    scale = scale_of(totals.k)
    acting = {draw: Actor(action, draws[draw]) for draw, action in actions.items()}
    limited = {draw: _limit(level, actor, top) for draw, actor in acting.items()}
    met = {draw: actor.draw.mean for draw, actor in acting.items()}
    actors = [*acting.values()]
    every, given_each = others(level, actors, top)
    after = _after(level, totals, every, scale)
    kept: dict[int, float] = {}
    if len(draws) > len(actions) and (totals.k or totals.s):
        passing = {draw: one for draw, one in draws.items() if draw not in actions}
        kept = _pass(level, passing, totals, actors, scale, top)
    scales = {}
    given = {}
    for (draw, actor), rest in zip(acting.items(), given_each, strict=True):
        known = totals.with_certain(actor.action)
        scales[draw] = scale_of(known.k)
        given[draw] = _after(_sum(level, actor.draw), known, rest, scales[draw])
        kept[draw] = 1 - scales[draw] * (known.k + rest.pulled)
    _deviate(draws, given, after)
    level.mean, level.second, level.start = after.mean, after.second, after.start
    return Effect(limited, scale, scales, kept, met)


def _deviate(draws: Mapping[int, Moments], given: Mapping[int, Moments], after: Moments) -> None:
    """Set the deviations of draws to those of the level if each is true."""
    for draw, world in given.items():
        one = draws[draw]
        one.mean = world.mean - after.mean
        one.second = world.second - after.second
        one.start = world.start - after.start


def _limit(level: Moments, actor: Actor, top: float) -> float:
    """Limit a draw's deviations to those of a level on the scale, whether the draw is true or
    false; the closure of several draws may exceed them. Return the part of the mean that is left.

    The level's variance is at least that between the two.
    """
    p, draw = actor.action.p, actor.draw
    odds, mean, square = (1 - p) / p, level.mean, top * top
    room = min(top + mean, (top - mean) * odds), min(top - mean, (top + mean) * odds)
    bound = max(0.0, room[draw.mean > 0])
    part = bound / abs(draw.mean) if abs(draw.mean) > bound else 1.0
    draw.mean *= part
    if not draw.mean:
        return part
    true, false = mean + draw.mean, mean - draw.mean / odds
    level.second = max(level.second, p * true * true + (1 - p) * false * false)
    low = max(true * true - level.second, (level.second - square) * odds)
    high = min(square - level.second, (level.second - false * false) * odds)
    draw.second = max(low, min(high, draw.second))
    draw.start = max(-level.start, min(level.start * odds, draw.start))
    return part


def _sum(one: Moments, other: Moments) -> Moments:
    return Moments(one.mean + other.mean, one.second + other.second, one.start + other.start)


def _after(level: Moments, totals: Totals, acting: Others, scale: float) -> Moments:
    """The moments of a level after a day, with what draws in doubt that act on it add."""
    k, s, k2, c, v, lasting, lasting2 = totals
    mean, second, start = level.mean, level.second, level.start
    down = k * mean - s + acting.lost
    mixed = k * second - s * mean + acting.lost_square - acting.gained
    squared = (k * k + k2) * second - 2 * mean * (k * s + c) + s * s + v
    squared += acting.own_square + 2 * k * acting.lost_square + 2 * acting.joint
    squared -= 2 * (acting.own + s * acting.lost + k * acting.gained)
    shrunk = lasting * start + acting.shrunk
    shrunk2 = (lasting * lasting + lasting2) * start
    shrunk2 += acting.own_shrunk + 2 * lasting * acting.shrunk + 2 * acting.joint_shrunk
    return Moments(
        mean - scale * down,
        second - 2 * scale * mixed + scale * scale * squared,
        start - 2 * scale * shrunk + scale * scale * shrunk2,
    )


def _pass(
    level: Moments,
    draws: Mapping[int, Moments],
    totals: Totals,
    actors: Sequence[Actor],
    scale: float,
    top: float,
) -> dict[int, float]:
    """Change the deviations of draws that do not act on a day. Return the part that is left of
    each."""
    maps = {end: _map(level, totals, actors, scale, end) for end in (top, -top)}
    kept = {}
    for number, draw in draws.items():
        one = maps[end_of(draw, top)]
        draw.second = one.by_second * draw.second + one.by_mean * draw.mean
        draw.mean = one.mean * draw.mean
        draw.start = one.start * draw.start
        kept[number] = one.mean
    return kept


def _map(level: Moments, totals: Totals, actors: Sequence[Actor], scale: float, end: float) -> _Map:
    """The map of the deviations of a draw that moved the level to an end of the scale."""
    k, s, k2, c, _, lasting, lasting2 = totals
    share, left = 1 - scale * k, 1 - scale * lasting
    mean, by_second = share, share * share + scale * scale * k2
    by_mean = 2 * scale * (s * share - scale * c)
    start = left * left + scale * scale * lasting2
    distances = Distances.of(level, end)
    for (p, own, impact, own_lasting), draw in actors:
        a, u, b = p * own, p * impact, p * own_lasting
        of_start = scale * b * (scale * (own_lasting + 2 * (lasting - b)) - 2)
        start += of_start * part(draw.start, level.start)
        of_second = scale * a * (scale * (own + 2 * (k - a)) - 2)
        if draw.mean * end >= 0 or not distances.mean:
            by_mean += 2 * of_second * draw.mean
            continue
        lost = distances.lost(draw)
        of_mean = 2 * scale * (u - scale * (a * (impact + s - u) + u * (k - a)))
        more = of_second * distances.lost_square(draw)
        mean -= scale * a * lost
        by_second += more
        by_mean += 2 * end * more + (of_mean - 2 * end * of_second) * lost
    return _Map(mean, by_second, by_mean, start)

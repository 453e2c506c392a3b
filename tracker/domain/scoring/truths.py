"""Moments of a level whose impacts are true or not, with one draw for impacts that share a truth.

All days of a situation share one draw, and so do claims that rest on the same root. Beside the mean
m of the level and e = E[x²], each open draw i has the moments given that it is true,
M = E[x | B_i] and Q = E[x² | B_i]. With the impacts (k_j, I_j) of a day, x becomes
x − Σ B_j·(k_j·x − I_j), which is exact for one draw. For two, E[x | B_i, B_j] is needed. If both
moved the level to the same end of the scale, the distances y from that end multiply, since each
impact leaves a part of the distance: E[y | B_i, B_j] = Y_i·Y_j/Y, and likewise for y². If they
moved it to different ends, what they moved it by adds up to M_i + M_j − m, and Q_i + Q_j − e falls
short of the square by 2·(M_i − m)·(M_j − m).

A draw is kept as its deviations M − m and Q − e. They are 0 when it opens, since a level knows
nothing of what happens later. So an act has the same effect, to the bit, whether or not later
claims share its truth.

x is the level from a known start without drift. The variance from the unknown start and from drift
is kept apart, also by draw. Situations shrink it by (1 − Σ B_j·k_j)²; acts do not, since an act
says nothing of the level that it meets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


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

    def with_certain(self, action: "Action") -> "Totals":
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


class Action(NamedTuple):
    """What a draw with probability `p` does on a day if it is true: the part `k` of the level that
    is lost, of which `lasting` is that of situations, and the impact that is gained."""

    p: float
    k: float
    impact: float
    lasting: float


@dataclass(slots=True)
class Moments:
    """The mean of a level, E[x²] from a known start, and the variance `start` from the unknown
    start and from drift; or, for a draw, how far these deviate if it is true."""

    mean: float = 0.0
    second: float = 0.0
    start: float = 0.0


class Effect(NamedTuple):
    """What a day did. Before it, the deviations of some draws were `limited` to a part. `scale` is
    below 1 where its impacts would have moved the level by more than the whole, `scales` are the
    same given that a draw that acts is true. `kept` is the part that is left of each open draw's
    deviation, apart from the draw's own impact."""

    limited: Mapping[int, float]
    scale: float
    scales: Mapping[int, float]
    kept: Mapping[int, float]


class _Actor(NamedTuple):
    """A draw in doubt that acts on a level, and its deviations from that level."""

    action: Action
    draw: Moments


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
    acting = {draw: _Actor(action, draws[draw]) for draw, action in actions.items()}
    limited = {draw: _limit(level, actor, top) for draw, actor in acting.items()}
    actors = [*acting.values()]
    after = _after(level, totals, actors, scale, top)
    kept: dict[int, float] = {}
    if len(draws) > len(actions) and (totals.k or totals.s):
        passing = {draw: one for draw, one in draws.items() if draw not in actions}
        kept = _pass(level, passing, totals, actors, scale, top)
    scales = {}
    given = {}
    for draw, actor in acting.items():
        known = totals.with_certain(actor.action)
        scales[draw] = scale_of(known.k)
        others = [other for other in actors if other is not actor]
        pulled = _pulled(level, actor, others, top) if others else 0.0
        others = [_given(level, actor.draw, other, top) for other in others]
        given[draw] = _after(_sum(level, actor.draw), known, others, scales[draw], top)
        kept[draw] = 1 - scales[draw] * (known.k + pulled)
    for draw, world in given.items():
        one = draws[draw]
        one.mean = world.mean - after.mean
        one.second = world.second - after.second
        one.start = world.start - after.start
    level.mean, level.second, level.start = after.mean, after.second, after.start
    return Effect(limited, scale, scales, kept)


def _limit(level: Moments, actor: _Actor, top: float) -> float:
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


def _given(level: Moments, true: Moments, other: _Actor, top: float) -> _Actor:
    """The other draw and its deviations from the level given that a draw is true."""
    return _Actor(other.action, _sum(other.draw, _joint(level, true, other.draw, top)))


def _joint(level: Moments, one: Moments, other: Moments, top: float) -> Moments:
    """How far the moments given that two draws are true deviate from the sum of the deviations."""
    start = level.start * _part(one.start, level.start) * _part(other.start, level.start)
    distances = _distances(level, _end(one, top))
    if one.mean * other.mean <= 0 or not distances.mean:
        return Moments(0.0, 2 * one.mean * other.mean, start)
    mean = distances.mean * distances.lost(one) * distances.lost(other)
    second = distances.square * distances.lost_square(one) * distances.lost_square(other)
    return Moments(mean, second - 2 * distances.end * mean, start)


class _Distances(NamedTuple):
    """The mean distance of a level from an end of the scale, −`end`, and the mean of its square."""

    end: float
    mean: float
    square: float

    def lost(self, draw: Moments) -> float:
        """What part of the distance is gained, or with less than 0 lost, if a draw is true."""
        return _part(draw.mean, self.mean)

    def lost_square(self, draw: Moments) -> float:
        return _part(draw.second + 2 * self.end * draw.mean, self.square)


def _distances(level: Moments, end: float) -> _Distances:
    mean = level.mean + end
    square = level.second + 2 * end * level.mean + end * end
    return _Distances(end, mean, max(square, mean * mean))


def _part(some: float, whole: float) -> float:
    """What part of a whole some is, at most all of it; 0 of nothing."""
    return max(-1.0, min(1.0, some / whole)) if whole else 0.0


def _end(draw: Moments, top: float) -> float:
    """Minus the end of the scale to which a draw moved the level."""
    return top if draw.mean < 0 else -top


def _pulled(level: Moments, actor: _Actor, others: Sequence[_Actor], top: float) -> float:
    """The part of a draw's deviation that other draws which act take from it."""
    total = 0.0
    distances = _distances(level, _end(actor.draw, top))
    for other in others:
        if actor.draw.mean * other.draw.mean > 0:
            total += other.action.p * other.action.k * distances.lost(other.draw)
    return total


def _after(
    level: Moments, totals: Totals, actors: Sequence[_Actor], scale: float, top: float
) -> Moments:
    """The moments of a level after a day; `actors` are draws in doubt that act on it."""
    k, s, k2, c, v, lasting, lasting2 = totals
    mean, second, start = level.mean, level.second, level.start
    down = k * mean - s
    mixed = k * second - s * mean
    squared = (k * k + k2) * second - 2 * mean * (k * s + c) + s * s + v
    shrunk = lasting * start
    shrunk2 = (lasting * lasting + lasting2) * start
    for place, ((p, own, impact, own_lasting), draw) in enumerate(actors):
        a, u, b = p * own, p * impact, p * own_lasting
        down += a * draw.mean
        mixed += a * draw.second - u * draw.mean
        squared += a * (own + 2 * (k - a)) * draw.second
        squared -= 2 * (a * (impact + s - u) + u * (k - a)) * draw.mean
        shrunk += b * draw.start
        shrunk2 += b * (own_lasting + 2 * (lasting - b)) * draw.start
        for other in actors[:place]:
            joint = _joint(level, draw, other.draw, top)
            other_p, other_k, other_impact, other_lasting = other.action
            squared += 2 * a * (other_p * other_k) * joint.second
            squared -= 2 * (a * (other_p * other_impact) + u * (other_p * other_k)) * joint.mean
            shrunk2 += 2 * b * (other_p * other_lasting) * joint.start
    return Moments(
        mean - scale * down,
        second - 2 * scale * mixed + scale * scale * squared,
        start - 2 * scale * shrunk + scale * scale * shrunk2,
    )


def _pass(
    level: Moments,
    draws: Mapping[int, Moments],
    totals: Totals,
    actors: Sequence[_Actor],
    scale: float,
    top: float,
) -> dict[int, float]:
    """Change the deviations of draws that do not act on a day. Return the part that is left of
    each."""
    maps = {end: _map(level, totals, actors, scale, end) for end in (top, -top)}
    kept = {}
    for number, draw in draws.items():
        one = maps[_end(draw, top)]
        draw.second = one.by_second * draw.second + one.by_mean * draw.mean
        draw.mean = one.mean * draw.mean
        draw.start = one.start * draw.start
        kept[number] = one.mean
    return kept


def _map(
    level: Moments, totals: Totals, actors: Sequence[_Actor], scale: float, end: float
) -> _Map:
    """The map of the deviations of a draw that moved the level to an end of the scale."""
    k, s, k2, c, _, lasting, lasting2 = totals
    share, left = 1 - scale * k, 1 - scale * lasting
    mean, by_second = share, share * share + scale * scale * k2
    by_mean = 2 * scale * (s * share - scale * c)
    start = left * left + scale * scale * lasting2
    distances = _distances(level, end)
    for (p, own, impact, own_lasting), draw in actors:
        a, u, b = p * own, p * impact, p * own_lasting
        of_start = scale * b * (scale * (own_lasting + 2 * (lasting - b)) - 2)
        start += of_start * _part(draw.start, level.start)
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

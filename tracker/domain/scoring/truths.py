"""Moments of a level whose impacts are true or not, with one draw for impacts that share a truth.

All days of a situation share one draw, and so do claims that rest on the same root. Beside the mean
m of the level and e = E[x²], each open draw i has the moments given that it is true,
M = E[x | B_i] and Q = E[x² | B_i]. With the impacts (k_j, I_j) of a day, x becomes
x − Σ B_j·(k_j·x − I_j). For two draws the closure is E[x | B_i, B_j] = M_i + M_j − m, and likewise
for Q: exact for one draw, and within .04 of the mean for several.

A draw is kept as its deviations M − m and Q − e. They are 0 when it opens, since a level knows
nothing of what happens later. So an act has the same effect, to the bit, whether or not later
claims share its truth. On a day without impacts of a draw, its deviations change by the map that
takes every impact of the day as true or not on its own.

x is the level from a known start without drift. The variance from the unknown start and from drift
is kept apart, also by draw. Situations shrink it by (1 − Σ B_j·k_j)²; acts do not, since an act
says nothing of the level that it meets.
"""

from collections.abc import Iterable, Mapping, Sequence
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


class Scales(NamedTuple):
    """By how much a day's impacts were scaled: below 1 where they would move a level by more than
    the whole. `total` is that of the level, the others are those if a draw that acts is true."""

    total: float
    given: Mapping[int, float]


type _Acting = Sequence[tuple[Action, Moments]]


def scale_of(lost: float) -> float:
    """By how much impacts are scaled that together would lose this part of a level."""
    return 1.0 if lost <= 1 else 1 / lost


def advance(
    level: Moments, draws: Mapping[int, Moments], totals: Totals, actions: Mapping[int, Action]
) -> Scales:
    """Apply the impacts of a day to the level and to the deviations of all open draws. `actions`
    are those of the draws that act on the day, all of them open."""
    total = scale_of(totals.k)
    if not actions:
        after = _after(level, totals, (), total)
        _let_others_pass(draws.values(), totals, total)
        level.mean, level.second, level.start = after
        return Scales(total, {})
    acting = [(action, draws[draw]) for draw, action in actions.items()]
    mean, second, start = _after(level, totals, acting, total)
    scales, given = {}, {}
    for draw, action in actions.items():
        known = totals.with_certain(action)
        scales[draw] = scale_of(known.k)
        own = draws[draw]
        world = Moments(level.mean + own.mean, level.second + own.second, level.start + own.start)
        others = [one for one in acting if one[1] is not own]
        given[draw] = _after(world, known, others, scales[draw])
    if len(draws) > len(actions):
        passing = [deviations for draw, deviations in draws.items() if draw not in actions]
        _let_others_pass(passing, totals, total)
    for draw, (own_mean, own_second, own_start) in given.items():
        own = draws[draw]
        own.mean, own.second, own.start = own_mean - mean, own_second - second, own_start - start
    level.mean, level.second, level.start = mean, second, start
    return Scales(total, scales)


def _after(
    level: Moments, totals: Totals, acting: _Acting, scale: float
) -> tuple[float, float, float]:
    """The moments of a level after a day; `acting` are draws in doubt that act on it."""
    k, s, k2, c, v, lasting, _ = totals
    mean, second = level.mean, level.second
    down = k * mean - s
    mixed = k * second - s * mean
    squared = (k * k + k2) * second - 2 * mean * (k * s + c) + s * s + v
    for (p, own, impact, _), draw in acting:
        a, u = p * own, p * impact
        down += a * draw.mean
        mixed += a * draw.second - u * draw.mean
        squared += a * (own + 2 * (k - a)) * draw.second
        squared -= 2 * (a * (impact + s - u) + u * (k - a)) * draw.mean
    second = second - 2 * scale * mixed + scale * scale * squared
    start = _start_after(level.start, totals, acting, scale) if lasting else level.start
    return mean - scale * down, second, start


def _start_after(start: float, totals: Totals, acting: _Acting, scale: float) -> float:
    lasting, lasting2 = totals.lasting, totals.lasting2
    mixed = lasting * start
    squared = (lasting * lasting + lasting2) * start
    for (p, _, _, own), draw in acting:
        a = p * own
        mixed += a * draw.start
        squared += a * (own + 2 * (lasting - a)) * draw.start
    return start - 2 * scale * mixed + scale * scale * squared


def _let_others_pass(draws: Iterable[Moments], totals: Totals, scale: float) -> None:
    """Change the deviations of draws that do not act on a day."""
    k, s, k2, c, _, lasting, lasting2 = totals
    if not k and not s:
        return
    share = 1 - scale * k
    by_second = share * share + scale * scale * k2
    by_mean = 2 * scale * (s * share - scale * c)
    by_start = (1 - scale * lasting) * (1 - scale * lasting) + scale * scale * lasting2
    for draw in draws:
        draw.second = by_second * draw.second + by_mean * draw.mean
        draw.mean = share * draw.mean
        draw.start = by_start * draw.start

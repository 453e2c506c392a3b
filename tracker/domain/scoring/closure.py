"""What a level is if two draws are true, summed over all draws that act on a day.

Known are the moments of the level, and those given that one draw is true (`truths`). If both draws
moved the level to the same end of the scale, the distances y from that end multiply, since each
impact leaves a part of the distance: E[y | B_i, B_j] = Y_i·Y_j/Y, and likewise for y². If they
moved it to different ends, what they moved it by adds up to M_i + M_j − m, and Q_i + Q_j − e falls
short of the square by 2·(M_i − m)·(M_j − m).

A day needs sums over the other draws, and over pairs of them, for each draw given that it is true.
Both ways are products, so that these follow from sums over all draws: a draw multiplies the
distances of those on its side, and shifts those of the other. What follows is linear in the number
of draws.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self


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


class Actor(NamedTuple):
    """A draw in doubt that acts on a level, and its deviations from that level."""

    action: Action
    draw: Moments


class Distances(NamedTuple):
    """The mean distance of a level from an end of the scale, −`end`, and the mean of its square."""

    end: float
    mean: float
    square: float

    @classmethod
    def of(cls, level: Moments, end: float) -> Self:
        mean = level.mean + end
        square = level.second + 2 * end * level.mean + end * end
        return cls(end, mean, max(square, mean * mean))

    def lost(self, draw: Moments) -> float:
        """What part of the distance is gained, or with less than 0 lost, if a draw is true."""
        return part(draw.mean, self.mean)

    def lost_square(self, draw: Moments) -> float:
        return part(draw.second + 2 * self.end * draw.mean, self.square)


def part(some: float, whole: float) -> float:
    """What part of a whole some is, at most all of it; 0 of nothing."""
    return max(-1.0, min(1.0, some / whole)) if whole else 0.0


def end_of(draw: Moments, top: float) -> float:
    """Minus the end of the scale to which a draw moved the level."""
    return top if draw.mean < 0 else -top


class Others(NamedTuple):
    """Sums over draws in doubt, with deviations D, E and W of the mean, the second moment and the
    start's variance. lost = Σ pkD, gained = Σ pID, own = Σ pk(I − 2pI)D, lost_square = Σ pkE,
    own_square = Σ pk(k − 2pk)E, and with the part l of situations shrunk = Σ plW and
    own_shrunk = Σ pl(l − 2pl)W; over pairs, by how much they exceed the sums, `joint` and
    `joint_shrunk`. `pulled` is the part of a draw's deviation that others take from it."""

    lost: float
    gained: float
    own: float
    lost_square: float
    own_square: float
    shrunk: float
    own_shrunk: float
    joint: float
    joint_shrunk: float
    pulled: float = 0.0


_NO_OTHERS = Others(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


class _Weighed(NamedTuple):
    """A draw's terms in the sums of `Others`. `share` is pk; `far` and `own_far` are as lost_square
    and own_square, of the squared distance from the end to which the draw moved the level, and
    `own_lost` is as own_square of the mean. The `parts` are those of the distance, of its square,
    and of the start's variance that are gained if it is true."""

    actor: Actor
    share: float
    lost: float
    gained: float
    own: float
    lost_square: float
    own_square: float
    shrunk: float
    own_shrunk: float
    far: float
    own_far: float
    own_lost: float
    parts: tuple[float, float, float]

    @classmethod
    def of(cls, actor: Actor, distances: Distances, start: float) -> Self:
        (p, k, _, _), draw = actor
        a = p * k
        of_square = a * (k - 2 * a)
        parts = distances.lost(draw), distances.lost_square(draw), part(draw.start, start)
        far = parts[1] * distances.square
        return cls(
            actor,
            a,
            *_terms(actor, parts[2] * start),
            a * far,
            of_square * far,
            of_square * draw.mean,
            parts,
        )


def _terms(actor: Actor, start: float) -> tuple[float, float, float, float, float, float, float]:
    """A draw's terms in the sums of `Others`, but for pairs; `start` is its deviation of that."""
    (p, k, impact, lasting), draw = actor
    a, u, b = p * k, p * impact, p * lasting
    return (
        a * draw.mean,
        u * draw.mean,
        a * (impact - 2 * u) * draw.mean,
        a * draw.second,
        a * (k - 2 * a) * draw.second,
        b * start,
        b * (lasting - 2 * b) * start,
    )


@dataclass(slots=True)
class _Side:
    """Sums over the draws that moved a level to one end of the scale; those with two names are over
    pairs of them."""

    distances: Distances
    number: int = 0
    share: float = 0.0
    lost: float = 0.0
    gained: float = 0.0
    own: float = 0.0
    far: float = 0.0
    own_far: float = 0.0
    own_lost: float = 0.0
    shares: float = 0.0
    lost_lost: float = 0.0
    lost_gained: float = 0.0
    far_far: float = 0.0
    far_lost: float = 0.0

    def add(self, one: _Weighed) -> None:
        self.shares += one.share * self.share
        self.lost_lost += one.lost * self.lost
        self.lost_gained += one.lost * self.gained + one.gained * self.lost
        self.far_far += one.far * self.far
        self.far_lost += one.far * self.lost + one.lost * self.far
        self.number += 1
        self.share += one.share
        self.lost += one.lost
        self.gained += one.gained
        self.own += one.own
        self.far += one.far
        self.own_far += one.own_far
        self.own_lost += one.own_lost

    def without(self, one: _Weighed) -> Self:
        """The sums over the others on its side."""
        share, lost, gained = self.share - one.share, self.lost - one.lost, self.gained - one.gained
        far = self.far - one.far
        return type(self)(
            self.distances,
            self.number - 1,
            share,
            lost,
            gained,
            self.own - one.own,
            far,
            self.own_far - one.own_far,
            self.own_lost - one.own_lost,
            self.shares - one.share * share,
            self.lost_lost - one.lost * lost,
            self.lost_gained - one.lost * gained - one.gained * lost,
            self.far_far - one.far * far,
            self.far_lost - one.far * lost - one.lost * far,
        )

    def joint(self, more: float = 1.0, more_square: float = 1.0) -> float:
        """By how much pairs exceed the sums if all distances are multiplied."""
        if self.number < 2:
            return 0.0
        end, mean, square = self.distances
        product = more * (2 * end * self.lost_lost + self.lost_gained) / mean
        return more_square * self.far_far / square - product

    def joint_given(self, other: Moments) -> float:
        """The same if another draw is true, which moved the level away from this end or not at all.
        No pair loses more than all of the distance."""
        if self.number < 2:
            return 0.0
        end, mean, square = self.distances
        mean += other.mean
        square = max(square + other.second + 2 * end * other.mean, mean * mean)
        twice = 2 * other.mean
        far = self.far_far + twice * (self.far_lost + twice * self.lost_lost)
        most = square * self.shares
        far = max(-most, min(most, far / square))
        return far - (2 * end * self.lost_lost + self.lost_gained) / mean


@dataclass(slots=True)
class _Closure:
    """The sums over the draws in doubt that act on a level. `shrunk_shrunk` is over pairs."""

    level: Moments
    sides: tuple[_Side, _Side]
    draws: Sequence[_Weighed]
    lost: float = 0.0
    gained: float = 0.0
    own: float = 0.0
    lost_square: float = 0.0
    own_square: float = 0.0
    shrunk: float = 0.0
    own_shrunk: float = 0.0
    shrunk_shrunk: float = 0.0

    @classmethod
    def of(cls, level: Moments, actors: Sequence[Actor], top: float) -> Self:
        sides = _Side(Distances.of(level, top)), _Side(Distances.of(level, -top))
        draws = [
            _Weighed.of(actor, sides[actor.draw.mean >= 0].distances, level.start)
            for actor in actors
        ]
        closure = cls(level, sides, draws)
        for one in draws:
            closure._add(one)
        return closure

    def _add(self, one: _Weighed) -> None:
        mean = one.actor.draw.mean
        if mean:
            self.sides[mean > 0].add(one)
        self.shrunk_shrunk += one.shrunk * self.shrunk
        self.lost += one.lost
        self.gained += one.gained
        self.own += one.own
        self.lost_square += one.lost_square
        self.own_square += one.own_square
        self.shrunk += one.shrunk
        self.own_shrunk += one.own_shrunk

    def all(self) -> Others:
        """The sums over all draws."""
        below, above = self.sides
        return Others(
            self.lost,
            self.gained,
            self.own,
            self.lost_square,
            self.own_square,
            self.shrunk,
            self.own_shrunk,
            below.joint() + above.joint() + 2 * below.lost * above.lost,
            self.shrunk_shrunk / self.level.start if self.shrunk_shrunk else 0.0,
        )

    def given(self) -> Iterable[Others]:
        """For each draw, the sums over the others given that it is true."""
        return map(self._given, self.draws)

    def _given(self, one: _Weighed) -> Others:
        others = self._besides(one)
        draw = one.actor.draw
        below, above = self.sides
        if not draw.mean:
            joint = below.joint_given(draw) + above.joint_given(draw)
            return others._replace(joint=joint + 2 * below.lost * above.lost)
        own_side, other_side = (above, below) if draw.mean > 0 else (below, above)
        rest, (gain, gain_square, _) = own_side.without(one), one.parts
        bent, moved = 2 * rest.distances.end * gain, 2 * draw.mean
        joint = rest.joint(1 + gain, 1 + gain_square) + other_side.joint_given(draw)
        square = gain_square * rest.far - bent * rest.lost + moved * other_side.lost
        own_square = gain_square * rest.own_far - bent * rest.own_lost
        return others._replace(
            lost=others.lost + gain * rest.lost,
            gained=others.gained + gain * rest.gained,
            own=others.own + gain * rest.own,
            lost_square=others.lost_square + square,
            own_square=others.own_square + own_square + moved * other_side.own_lost,
            joint=joint + 2 * (1 + gain) * rest.lost * other_side.lost,
            pulled=rest.lost / rest.distances.mean,
        )

    def _besides(self, one: _Weighed) -> Others:
        """The sums over the others, if their deviations of mean and square are as they are."""
        more = 1 + one.parts[2]
        shrunk = self.shrunk - one.shrunk
        joint = self.shrunk_shrunk - one.shrunk * shrunk
        return Others(
            self.lost - one.lost,
            self.gained - one.gained,
            self.own - one.own,
            self.lost_square - one.lost_square,
            self.own_square - one.own_square,
            more * shrunk,
            more * (self.own_shrunk - one.own_shrunk),
            0.0,
            more * (joint / self.level.start if joint else 0.0),
        )


def others(level: Moments, actors: Sequence[Actor], top: float) -> tuple[Others, Iterable[Others]]:
    """Return the sums over all draws, and those over the others given that each is true."""
    if not actors:
        return _NO_OTHERS, ()
    if len(actors) == 1:
        return Others(*_terms(actors[0], actors[0].draw.start), 0.0, 0.0), (_NO_OTHERS,)
    closure = _Closure.of(level, actors, top)
    return closure.all(), closure.given()

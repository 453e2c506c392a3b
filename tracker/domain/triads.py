"""Triangles of three countries: whether they are balanced, how strongly, and what would flip them.

After Heider (1946) and Cartwright & Harary (1956): the friend of a friend is a friend, the enemy of
an enemy is a friend; otherwise the triangle is under strain. With the signs of the three pairs
taken as independent, their product has the mean Π(2·P(positive) − 1), so that

    P(balanced) = ½·(1 + Π(2·P(positive) − 1))

Pairs that share claims, or sources that err in one direction, are not quite independent.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.domain.percentages import even
from tracker.domain.problems import NotFound

Sign = Literal["positive", "negative", "undetermined"]
Balance = Literal["balanced", "unbalanced", "undetermined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The standing of one pair ("KAZ-RUS") with its interval, on −`top`..`top`, and the probability
    that it is above 0."""

    pair: str
    value: float
    low: float
    high: float
    positive: float
    top: float = 9.0

    @property
    def x(self) -> float:
        """The standing on −1..1."""
        return self.value / self.top

    @property
    def sign(self) -> Sign:
        """The sign of the whole interval."""
        if self.low <= 0 <= self.high:
            return "undetermined"
        return "positive" if self.value > 0 else "negative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Triad:
    """Three pairs of three countries, in alphabetical order."""

    edges: tuple[Edge, Edge, Edge]

    @property
    def balanced(self) -> float:
        """The probability that the product of the three signs is positive."""
        product = 1.0
        for edge in self.edges:
            product *= 2 * edge.positive - 1
        return 0.5 * (1 + product)

    @property
    def balance(self) -> Balance:
        """What is more probable; undetermined at about 50 %."""
        if even(self.balanced):
            return "undetermined"
        return "balanced" if self.balanced > 0.5 else "unbalanced"

    @property
    def strength(self) -> float:
        """x₁₂·x₂₃·x₁₃|^(1/3), 0..1: the strength of the three relations."""
        product = 1.0
        for edge in self.edges:
            product *= abs(edge.x)
        return _cube_root(product)

    @property
    def possible_strain(self) -> float:
        """The maximum strength as an unbalanced triangle, with each pair anywhere in its interval;
        0 if it cannot be unbalanced.
        """
        up = [max(0.0, edge.high) / edge.top for edge in self.edges]
        down = [max(0.0, -edge.low) / edge.top for edge in self.edges]
        ways = (
            down[0] * down[1] * down[2],
            down[0] * up[1] * up[2],
            up[0] * down[1] * up[2],
            up[0] * up[1] * down[2],
        )
        return _cube_root(max(ways))

    @property
    def nearest_flip(self) -> Edge:
        """The pair that is nearest to a change of sign; among equals the first by name."""
        return min(self.edges, key=lambda edge: abs(edge.x))

    @property
    def undetermined(self) -> tuple[Edge, ...]:
        """The pairs whose intervals contain 0."""
        return tuple(edge for edge in self.edges if edge.sign == "undetermined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """The balance on `day` differs from that on the previous day of the history."""

    day: date
    before: Balance
    after: Balance


def flips(days: Iterable[tuple[date, Triad]]) -> Iterator[Flip]:
    """Yield the changes of balance in the history of a triangle, sorted by day."""
    before: Balance | None = None
    for day, current in days:
        if before is not None and current.balance != before:
            yield Flip(day=day, before=before, after=current.balance)
        before = current.balance


class NoTriangle(NotFound):
    """The pairs do not connect three countries."""


def triad(edges: Iterable[Edge]) -> Triad:
    """Build a triangle from three pairs.

    :raises NoTriangle: if they do not connect three countries.
    """
    ordered = sorted(edges, key=lambda edge: edge.pair)
    ends = sorted(country for edge in ordered for country in edge.pair.split("-"))
    if len(ordered) != 3 or ends[::2] != ends[1::2] or len({*ends}) != 3:
        raise NoTriangle(f"{', '.join(edge.pair for edge in ordered)} do not form a triangle")
    first, second, third = ordered
    return Triad(edges=(first, second, third))


def _cube_root(number: float) -> float:
    """Newton's method from above, for 0..1: the same bits on every machine, unlike the
    library's.
    """
    root = 1.0 if number else 0.0
    while root and (nearer := (2 * root + number / (root * root)) / 3) < root:
        root = nearer
    return root

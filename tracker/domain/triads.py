"""Three countries and their relations: balanced or not, how strongly, and what would flip it.

After Heider (1946) and Cartwright & Harary (1956): a friend's friend is a friend, an enemy's
enemy is one too; otherwise the triangle is under strain.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.domain.problems import NotFound

Sign = Literal["positive", "negative", "undetermined"]
Balance = Literal["balanced", "unbalanced", "undetermined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The standing of one pair ("KAZ-RUS") with its interval, on −`top`..`top`."""

    pair: str
    value: float
    low: float
    high: float
    top: float = 9.0

    @property
    def x(self) -> float:
        """The standing on −1..1."""
        return self.value / self.top

    @property
    def sign(self) -> Sign:
        if self.low <= 0 <= self.high:
            return "undetermined"
        return "positive" if self.value > 0 else "negative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Triad:
    """Three pairs of three countries, in alphabetical order."""

    edges: tuple[Edge, Edge, Edge]

    @property
    def balance(self) -> Balance:
        """The sign of the product; undetermined where the sign of a pair is."""
        signs = [edge.sign for edge in self.edges]
        if "undetermined" in signs:
            return "undetermined"
        return "unbalanced" if signs.count("negative") % 2 else "balanced"

    @property
    def strength(self) -> float:
        """|x₁₂·x₂₃·x₁₃|^(1/3), 0..1: how strong the relations are that make the triangle."""
        product = 1.0
        for edge in self.edges:
            product *= abs(edge.x)
        return _cube_root(product)

    @property
    def possible_strain(self) -> float:
        """The most strength that it can have unbalanced, each pair anywhere in its interval; 0 if
        it cannot be unbalanced."""
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
        """The pair that is nearest to changing its sign; the first by name among equals."""
        return min(self.edges, key=lambda edge: abs(edge.x))

    @property
    def undetermined(self) -> tuple[Edge, ...]:
        """The pairs of which the sign is not known."""
        return tuple(edge for edge in self.edges if edge.sign == "undetermined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A triangle's balance is another one on `day` than on the day of its history before."""

    day: date
    before: Balance
    after: Balance


def flips(days: Iterable[tuple[date, Triad]]) -> Iterator[Flip]:
    """The changes of balance in a triangle's history, which is in the order of its days."""
    before: Balance | None = None
    for day, triad_ in days:
        if before is not None and triad_.balance != before:
            yield Flip(day=day, before=before, after=triad_.balance)
        before = triad_.balance


class NoTriangle(NotFound):
    """The pairs are not the three of three countries."""


def triad(edges: Iterable[Edge]) -> Triad:
    """Put three pairs together.

    :raises NoTriangle: if they are not those of three countries.
    """
    ordered = sorted(edges, key=lambda edge: edge.pair)
    ends = sorted(country for edge in ordered for country in edge.pair.split("-"))
    if len(ordered) != 3 or ends[::2] != ends[1::2] or len({*ends}) != 3:
        raise NoTriangle(f"{', '.join(edge.pair for edge in ordered)} make no triangle")
    one, two, three = ordered
    return Triad(edges=(one, two, three))


def _cube_root(number: float) -> float:
    """Newton's way from above, for 0..1: the same bits on every machine, unlike the library's."""
    root = 1.0 if number else 0.0
    while root and (nearer := (2 * root + number / (root * root)) / 3) < root:
        root = nearer
    return root

"""The models' dynamics with the truth of every claim drawn, in many worlds.

`SIMULATIONS[model](pulls, day)` gives the value in each world on a day, under the defaults. What
follows once the truths are drawn is worked out once for each combination of them.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import chain, compress, pairwise, product
from random import Random
from typing import NamedTuple

from tracker.domain.scoring.evidence import Pull

# From docs/method.md: an act's step by its value, and what is left after a day of a situation, of a
# tone (half in 45 days) and of cooperation (half in 365).
TABLE = [(-10, -6.0), (-9, -4.0), (-8, -1.5), (-7, -0.7), (0, 0.0), (10, 0.6)]
FADE = 0.99615658722057522
DECAY = 0.98471475293443124
SLOW_DECAY = 0.99810276875159463
# Enough for two decimals of the mean and the sd.
WORLDS = 100_000
Truths = tuple[bool, ...]


class Spread(NamedTuple):
    """The mean and the sd over worlds."""

    mean: float
    sd: float


def drawn(pulls: Sequence[Pull], draw: Random, number: int) -> Iterator[Truths]:
    """A claim is true or false in a world, for all of its days."""
    for _ in range(number):
        yield tuple(draw.random() < pull.p for pull in pulls)


def step(value: float) -> float:
    """How far an act of this value moves a level: straight between the rows of the table."""
    for (below, low), (above, high) in pairwise(TABLE):
        if below <= value < above:
            return low + (high - low) * (value - below) / (above - below)
    return TABLE[-1][1]


def weight(pull: Pull, day: int) -> float:
    if not pull.situation:
        return pull.weight
    return pull.weight / 30 * (FADE ** (day - pull.first) if pull.fades else 1)


def lasting(pull: Pull, day: date, *, decay: float) -> float:
    """What of a pull's weight is left at the close of a day."""
    return sum(
        weight(pull, today) * decay ** (day.toordinal() - today)
        for today in range(pull.first, min(pull.last, day.toordinal()) + 1)
    )


def tone(pulls: Sequence[Pull], day: date, *, number: int = WORLDS, seed: int = 1) -> list[float]:
    """The tone in each world: A is drawn, beside κ = 1 of a prior of sd 3; B is its mean."""
    left = [lasting(pull, day, decay=DECAY) for pull in pulls]
    mass = 1 + sum(pull.p * each for pull, each in zip(pulls, left, strict=True))
    draw = Random(seed)  # noqa: S311 # worlds, not secrets
    return [
        (
            draw.gauss(0, 3)
            + sum(
                holds * each * pull.value
                for pull, each, holds in zip(pulls, left, true, strict=True)
            )
        )
        / mass
        for true in drawn(pulls, draw, number)
    ]


def cooperation(
    pulls: Sequence[Pull],
    day: date,
    *,
    number: int = WORLDS,
    seed: int = 1,
    ratio: str = "straight",
) -> list[float]:
    """The ratio in each world: C, K and θ are drawn, θ from what is alike on −1..1.

    It is read off the plane that touches the ratio at the means, as the delta method has it; with
    `ratio="drawn"` it is the ratio itself.
    """
    sizes = [lasting(pull, day, decay=SLOW_DECAY) * pull.value for pull in pulls]
    expected = [pull.p * size for pull, size in zip(pulls, sizes, strict=True)]
    c, k = _sides(expected)
    mass = c + k + 10
    draw = Random(seed)  # noqa: S311 # worlds, not secrets

    def world(true: Truths) -> float:
        here, there = _sides([holds * size for size, holds in zip(sizes, true, strict=True)])
        theta = draw.uniform(-1, 1)
        if ratio == "drawn":
            return (here - there + 10 * theta) / (here + there + 10)
        slopes = (2 * k + 10) * (here - c) - (2 * c + 10) * (there - k)
        return (c - k) / mass + slopes / mass**2 + 10 * theta / mass

    return [world(true) for true in drawn(pulls, draw, number)]


def _sides(amounts: Sequence[float]) -> tuple[float, float]:
    """The sums of what is above 0 and of what is below."""
    return sum(max(one, 0) for one in amounts), sum(max(-one, 0) for one in amounts)


SIMULATIONS: dict[str, Callable[..., list[float]]] = {
    "tone": tone,
    "cooperation": cooperation,
}


def all_worlds(groups: Sequence[Sequence[Pull]], day: date, *, start_sd: float) -> Spread:
    """The mean and the sd of the level at the close of a day over every combination of truths.

    The claims of a group are true or false together. A day may not be too full. Of the unknown
    start, situations leave (1 − k) a day; acts leave all of it.
    """
    mean = square = 0.0
    for holds in product((True, False), repeat=len(groups)):
        chance, level, left = 1.0, 0.0, 1.0
        for group, true in zip(groups, holds, strict=True):
            chance *= group[0].p if true else 1 - group[0].p
        true_pulls = [pull for group in compress(groups, holds) for pull in group]
        for today in range(min(pull.first for pull in chain(*groups)), day.toordinal() + 1):
            acting = [pull for pull in true_pulls if pull.first <= today <= pull.last]
            impacts = [step(pull.value) * weight(pull, today) for pull in acting]
            level += sum(impacts) - level * sum(map(abs, impacts)) / 9
            for pull, impact in zip(acting, impacts, strict=True):
                left *= 1 - abs(impact) / 9 if pull.situation else 1
        mean += chance * level
        square += chance * (level * level + (left * start_sd) ** 2)
    return Spread(mean, (square - mean * mean) ** 0.5)

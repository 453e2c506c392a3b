"""The level in every world, in each of which a claim is true or not."""

from collections.abc import Sequence
from datetime import date
from itertools import chain, compress, pairwise, product
from typing import NamedTuple

from tracker.domain.scoring.evidence import Pull

# From docs/method.md: an act's step by its value, and what is left of a situation after a day.
TABLE = [(-10, -6.0), (-9, -4.0), (-8, -1.5), (-7, -0.7), (0, 0.0), (10, 0.6)]
FADE = 0.99615658722057522


class Spread(NamedTuple):
    """The mean and the sd over worlds."""

    mean: float
    sd: float


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

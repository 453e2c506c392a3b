"""What a level can be worked out from by hand: its rules, and the numbers of its worlds."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.kit.pulls import day
from tracker.domain.scoring.course import Course, Rules
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.tables import N

# Those by default, but for steps that are the same in all worlds.
RULES = Rules(
    steps={
        "cooperation in words": 0.3,
        "cooperation in deeds": 0.6,
        "conflict in words": -0.3,
        "conflict in deeds": -0.6,
        "violence": -2.0,
    },
    war=0.25,
    drift=0.57,
    unknown=4.0,
    floor=2.0,
)
# Nothing happens unreported, and a level starts at 0.
STILL = replace(RULES, drift=0.0, unknown=0.0)


def folded(pulls: Sequence[Pull], until: str | int, rules: Rules = RULES, **how: Any) -> Course:
    """The worlds of the pair AAA-BBB up to the close of a day."""
    at = day(until) if isinstance(until, str) else until
    return Course(rules, "AAA-BBB", **how).fold(pulls, until=at)


def worlds(pulls: Sequence[Pull], until: str | int, rules: Rules = RULES) -> list[float]:
    """The level in each world at the close of a day, of a pair with a claim by then."""
    course = folded(pulls, until, rules)
    return course.at(course.closes[-1].day).tolist()  # type: ignore[union-attr,no-any-return]


def mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def sd(values: Sequence[float]) -> float:
    middle = mean(values)
    return math.sqrt(mean([(value - middle) ** 2 for value in values]))


def median(values: Sequence[float]) -> float:
    """The lower of the two middle values."""
    return sorted(values)[len(values) // 2 - 1]


def share(p: float) -> float:
    """The share of the worlds in which a claim with such a p is true."""
    return round(N * p) / N

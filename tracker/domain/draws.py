"""The weekly draw of claims for a second person, who judges them without sight of p.

Verdicts are given where people doubt, so they say little of the other claims. A draw takes claims
from every stratum of p, publicly checkable or not, and keeps the probability of each. Which ones
follows from the week and the position of the log by a hash, so the same draw can be made again.
Over the weeks the drawn claims of a stratum stand for all that were ever in it. Claims that
somebody judged or retracted before are left out, and with them the mistakes that people found by
themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256
from itertools import islice
from typing import NamedTuple
from uuid import UUID

MOST_DRAWN = 10
# The lower ends of the strata of p: less likely than not, about as one fairly reliable source, and
# what is better supported.
STRATA = (0.0, 0.5, 0.8)


class Candidate(NamedTuple):
    """A claim that may be drawn."""

    claim: UUID
    p: float
    checkable: bool


class Drawn(NamedTuple):
    """A drawn claim, its stratum, and the probability with which it was drawn."""

    claim: UUID
    stratum: str
    probability: float


def week_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def draw(candidates: Iterable[Candidate], *, week: date, position: int) -> list[Drawn]:
    """Draw up to ten claims, as evenly from all strata as their sizes allow.

    Inside a stratum all claims have the same probability: the number drawn by the number in it.
    """
    strata: dict[str, list[UUID]] = {}
    for candidate in candidates:
        strata.setdefault(_stratum(candidate), []).append(candidate.claim)
    names = sorted(strata, key=lambda name: _hash(week, position, name))
    numbers = _allotted([len(strata[name]) for name in names])
    return [
        Drawn(claim, name, number / len(strata[name]))
        for name, number in zip(names, numbers, strict=True)
        for claim in sorted(strata[name], key=lambda claim: _hash(week, position, claim))[:number]
    ]


def weights(drawn: Iterable[tuple[date, Drawn]]) -> dict[str, float]:
    """Return how many claims each drawn claim of a stratum stands for, given all draws with their
    weeks: (D + left)/D, for D drawn so far and those that the last draw left.

    A claim that is not drawn stays for the next week, so that one over the probability of each week
    would count it every week.
    """
    weeks: dict[str, dict[date, list[float]]] = defaultdict(lambda: defaultdict(list))
    for week, one in drawn:
        weeks[one.stratum][week].append(one.probability)
    return {stratum: _weight(probabilities) for stratum, probabilities in weeks.items()}


def _weight(weeks: Mapping[date, Sequence[float]]) -> float:
    """The weight of a stratum, from the probabilities of its drawn claims by week."""
    drawn = sum(map(len, weeks.values()))
    last = weeks[max(weeks)]
    left = round(len(last) / last[0]) - len(last)
    return (drawn + left) / drawn


def _stratum(candidate: Candidate) -> str:
    low = max(edge for edge in STRATA if edge <= candidate.p)
    return f"{'checkable' if candidate.checkable else 'not checkable'}, p from {low:g}"


def _hash(week: date, position: int, subject: object) -> bytes:
    return sha256(f"{week.isoformat()}:{position}:{subject}".encode()).digest()


def _allotted(sizes: Sequence[int]) -> list[int]:
    """How many to draw from strata of these sizes: one from each in turn, while any is left."""
    numbers = [0] * len(sizes)
    for place in islice(_turns(sizes), MOST_DRAWN):
        numbers[place] += 1
    return numbers


def _turns(sizes: Sequence[int]) -> Iterator[int]:
    for turn in range(max(sizes, default=0)):
        yield from (place for place, size in enumerate(sizes) if size > turn)

"""Blind review: which claims a second person sees, without whose answer, and what comes of it.

A tenth of the acts and situations is coded by a second person, who does not see the first coding.
Which ones follows from their ids, so that nobody chooses them.

Ten claims a week are drawn for a second person, who judges them without sight of p. Verdicts are
given where people doubt, so they say little of the other claims. A draw takes claims from every
stratum of p, publicly checkable or not, and keeps the probability of each. Which ones follows from
the week and the position of the log by a hash, so the same draw can be made again. Over the weeks
the drawn claims of a stratum stand for all that were ever in it. Claims that somebody judged or
retracted before are left out, and with them the mistakes that people found by themselves.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from itertools import islice
from typing import NamedTuple, get_args
from uuid import UUID

from tracker.domain import codebooks
from tracker.domain.claims import Claim, Grade
from tracker.domain.problems import Problem, invalid, required

# So many of 256 first bytes of the digest of an id: a tenth.
SAMPLED = 26
FORMS = ("act", "situation")
# The code of a claim in which the coder finds no act of a state.
NO_ACT = "none"
STRENGTHS: tuple[Grade, ...] = get_args(Grade)
# What falls short of this is not relied on.
LEAST_ALPHA = 0.67
MOST_DRAWN = 10
# The lower ends of the strata of p: less likely than not, about as one fairly reliable source, and
# what is better supported.
STRATA = (0.0, 0.5, 0.8)


class Coding(NamedTuple):
    """What a coder decides about a claim. Form and strength are empty where nobody acts."""

    code: str
    form: str = ""
    strength: str = ""


def is_sampled(claim: UUID) -> bool:
    """Whether a claim is among those that are coded twice."""
    return sha256(claim.bytes).digest()[0] < SAMPLED


def coding_of(claim: Claim) -> Coding:
    """The coding of a claim as it was entered; a claim without strength has the full one."""
    if not claim.code:
        return Coding(NO_ACT)
    strength = claim.strength.grade if claim.strength else "full"
    return Coding(claim.code, claim.kind, strength)


def problems(coding: Coding) -> Iterable[Problem]:
    """What is wrong with a coding as it was typed."""
    if not coding.code:
        yield required("/code", f"choose a code, or {NO_ACT!r} if no state acts")
    elif coding.code != NO_ACT:
        yield from _code_problems(coding)
    elif coding.form or coding.strength:
        yield invalid("/form", f"with {NO_ACT!r} leave form and strength open")


def _code_problems(coding: Coding) -> Iterable[Problem]:
    try:
        codebooks.find(coding.code)
    except codebooks.UnknownCode as problem:
        yield Problem(pointer="/code", code="unknown", detail=str(problem))
    if coding.form not in FORMS:
        yield required("/form", f"choose one of: {', '.join(FORMS)}")
    if coding.strength not in STRENGTHS:
        yield required("/strength", f"choose one of: {', '.join(STRENGTHS)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The agreement on one field: `alpha`, None if all values are the same or there are none; the
    number of units with two values or more, and of the values in them; in how many of the units all
    values are the same."""

    alpha: float | None
    units: int
    values: int
    same: int

    @property
    def is_low(self) -> bool:
        return self.alpha is not None and self.alpha < LEAST_ALPHA


def agreements(codings: Iterable[tuple[Coding, Coding]]) -> dict[str, Agreement]:
    """The agreement on each field, of claims with a first and a second coding."""
    pairs = list(codings)
    return {
        field: agreement((first[place], second[place]) for first, second in pairs)
        for place, field in enumerate(Coding._fields)
    }


def agreement(units: Iterable[Sequence[str]]) -> Agreement:
    """The agreement of coders: Krippendorff's alpha for categories, with missing values.

    K. Krippendorff (2011): Computing Krippendorff's Alpha-Reliability. Alpha is 1 if coders agree
    everywhere, and 0 if they agree no more than by chance. Krippendorff (2004), Content Analysis,
    asks for .8, and for .667 where conclusions may be tentative.

    Each unit has the values that coders gave it; an empty one is missing. Units with fewer than two
    values do not count. Sums are exact, so that their order does not matter.
    """
    coded = [values for unit in units if len(values := [one for one in unit if one]) > 1]
    totals = Counter(value for values in coded for value in values)
    number = totals.total()
    differing = sum((_differing(values) for values in coded), Fraction())
    by_chance = Fraction(number * number - sum(one * one for one in totals.values()))
    return Agreement(
        alpha=float(1 - (number - 1) * differing / by_chance) if by_chance else None,
        units=len(coded),
        values=number,
        same=sum(len(set(values)) == 1 for values in coded),
    )


def _differing(values: Sequence[str]) -> Fraction:
    """The ordered couples of different values in a unit, weighted by 1/(m − 1) for m values."""
    size = len(values)
    same = sum(one * one for one in Counter(values).values())
    return Fraction(size * size - same, size - 1)


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

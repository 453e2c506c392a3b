"""How far coders agree: Krippendorff's alpha for categories, with missing values.

K. Krippendorff (2011): Computing Krippendorff's Alpha-Reliability. Alpha is 1 if coders agree
everywhere, and 0 if they agree no more than by chance. Krippendorff (2004), Content Analysis, asks
for .8, and for .667 where conclusions may be tentative.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

# What falls short of this is not relied on.
LEAST_ALPHA = 0.67


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


def agreement(units: Iterable[Sequence[str]]) -> Agreement:
    """The agreement of coders.

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

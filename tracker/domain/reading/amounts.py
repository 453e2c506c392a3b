"""Measured changes in a clause: "exports fell 40 % from February to March"."""

import re
from decimal import Decimal
from functools import cache

from tracker.domain.claims import Magnitude
from tracker.domain.reading.word_lists import pattern

_PER_CENT = re.compile(r"(?P<number>\d{1,3}(?:,\d{3})*(?:\.\d+)?) ?(?:%|per ?cent\b)")
# So near are the verb and its number.
_REACH = 40


def measured(clause: str) -> Magnitude | None:
    """Return the first change in per cent that a clause states; None if there is none."""
    for found in _PER_CENT.finditer(clause):
        before = clause[max(0, found.start() - _REACH) : found.start()]
        verbs = list(_changes().finditer(before))
        if verbs:
            sign = -1 if pattern("fall").fullmatch(verbs[-1][0]) else 1
            value = sign * Decimal(found["number"].replace(",", ""))
            return Magnitude(value=value, unit="%", change=True)
    return None


@cache
def _changes() -> re.Pattern[str]:
    return pattern("fall", "rise")

"""What each claim contributes to a score, on many days in one pass forward."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

# Below this scale the amounts are scaled one by one, far above the smallest float.
_LEAST_SCALE = 1e-100


class Amounts(NamedTuple):
    """The contributions to a score on a day, and where its error comes from.

    `start_sd` is what one sd of the unknown start (of a flow: of the unreported acts) still adds to
    it; `draws` numbers the claims that are true or false together, as those with one number.
    """

    by_claim: Mapping[UUID, float]
    start_sd: float
    draws: Mapping[UUID, int]


@dataclass(slots=True)
class Waning:
    """Amounts by claim that wane by one share together, in a time that does not grow with their
    number."""

    _parts: dict[UUID, float] = field(default_factory=dict)
    _scale: float = 1.0

    def wane(self, share: float) -> None:
        """Multiply all amounts by a share of 0..1."""
        self._scale *= share
        if self._scale < _LEAST_SCALE:
            self._parts, self._scale = self.amounts(), 1.0

    def add(self, claim: UUID, amount: float) -> None:
        self._parts[claim] = self._parts.get(claim, 0.0) + amount / self._scale

    def amounts(self, share: float = 1.0) -> dict[UUID, float]:
        """Return the amounts, times a share."""
        scale = self._scale * share
        return {claim: part * scale for claim, part in self._parts.items()}


def stretches(acting: Iterable[int], days: Sequence[date]) -> Iterator[tuple[date, list[int]]]:
    """Yield each of the days, which ascend, with the acting days since the one before."""
    left = sorted(acting, reverse=True)
    for day in days:
        own = []
        while left and left[-1] <= day.toordinal():
            own.append(left.pop())
        yield day, own

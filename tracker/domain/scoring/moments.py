"""What the models share: their knots, scores and explanations."""

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from tracker.domain.scoring.bands import Assessment, Likely
from tracker.domain.scoring.evidence import Pull

State = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knot:
    """The state at the close of a day on which something moved a series, of a level also on the
    first of a month, and the evidence up to that day.

    `moments` belong to the model. `newest` is the day on which the latest claim began to act.
    """

    day: date
    moments: State
    claims: int
    roots: int
    state_roots: int
    newest: date | None


class Score(NamedTuple):
    """A value; of a level with its sd and its 90 % interval, which a flow does not have. It is a
    tuple because an answer may have a century of them.

    A level has the two `likely` bands, whether it was `assessed`, and the share of its worlds in
    each band. A flow of which little is left has the day of its latest claim, since which it is
    `silent`.
    """

    value: float
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    likely: Likely | None = None
    assessed: Assessment | None = None
    silent: date | None = None
    shares: tuple[float, ...] = ()

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the interval; of a flow twice its value."""
        if self.low is None or self.high is None:
            return self.value, self.value
        return self.low, self.high

    @property
    def sign(self) -> int:
        """1 or −1: on which side of 0 the whole interval is, or a flow that is not 0 to one
        decimal; else 0, also of a silent flow."""
        if self.silent:
            return 0
        low, high = self.ends
        if self.low is None:
            low = high = round(self.value, 1)
        return (low > 0) - (high < 0)

    @property
    def positive(self) -> float | None:
        """The probability that a level is above 0, where a world at 0 counts half; None for a
        flow."""
        return sum(self.shares[len(self.shares) // 2 :]) if self.shares else None


class Movement(NamedTuple):
    """The expected change of a level in points, its 90 % interval, and the probabilities that it
    fell and that it rose. They may not add up to 1: it may not have moved."""

    value: float
    low: float
    high: float
    fell: float
    rose: float


class Part(NamedTuple):
    """The contribution of one claim to a score.

    Of a level also its `step`, by how much the claim moved it on its day (a war in its months).
    An act has `alone`: what that would have been, had no other act of its month counted. Both are
    means over all worlds, in points.
    """

    claim: UUID
    amount: float
    step: float | None = None
    alone: float | None = None

    @property
    def confirms(self) -> bool:
        """Whether other reports of its month count instead, for more than half of it."""
        return abs(self.step or 0.0) < abs(self.alone or 0.0) / 2

    @property
    def assesses(self) -> bool:
        """Whether it is that of a claim that assesses a level."""
        return self.step is not None and self.alone is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The parts of a score, or of its change: each claim, largest first; of a level also its
    unknown `start`, and the `drift`: what happened that nobody reported.
    """

    parts: tuple[Part, ...]
    start: float = 0.0
    drift: float = 0.0

    @property
    def unreported(self) -> float:
        return self.start + self.drift

    @property
    def value(self) -> float:
        return sum((part.amount for part in self.parts), self.unreported)


class Scorer(Protocol):
    """A model with parsed parameters. Its methods are pure."""

    def knots(self, pulls: Sequence[Pull], *, until: date | None = None) -> list[Knot]:
        """Fold a series into its knots.

        `pulls` are all pulls of the series, in claim-id order. Nothing after `until` is folded; the
        knots up to a day do not depend on later pulls, but for where a level by structure stands.
        """
        ...

    def at(self, knot: Knot | None, day: date) -> Score:
        """Return the score on `day`, given the last knot up to it; without a knot nothing is known.

        :raises WrongKnot: if the knot is of a later day.
        """
        ...

    def closes(self, knot: Knot, days: int) -> list[float]:
        """Return the values at the close of the knot's day and of the following days, `days` in
        all, if no other knot is among them: equal to the last bit to those of `at`, but faster.
        """
        ...

    def contributions(self, pulls: Sequence[Pull], day: date) -> Explanation:
        """Explain the score on `day`; the parts sum to it within 1e-9."""
        ...

    def movement(self, pulls: Sequence[Pull], start: date, end: date) -> Movement | None:
        """Return the change of a level from the close of `start` to that of `end`; None for a
        flow."""
        ...

    def movements(
        self, pulls: Sequence[Pull], start: date, days: Sequence[date]
    ) -> list[Movement] | None:
        """As `movement`, but to the close of each of one or more ascending days after `start`, in
        one pass: for pictures."""
        ...

    def moved_by(self, pulls: Sequence[Pull], start: date, end: date) -> Explanation | None:
        """Return by how much each act moved a level from the close of `start` to that of `end`:
        the steps sum to its movement within 1e-9. None for a flow."""
        ...

    def words(self, score: Score, *, since: date | None) -> str:
        """Describe the score in words; `since` is the day of the first knot of the series."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A scoring model: name, version, and default parameters.

    `read(body)` parses the parameters of a lens (no floats: decimals are strings), and raises
    `WrongParameter` for unusable ones. Under the defaults, scores are in −`top`..`top`. A model
    that takes `levels` reads the levels that claims assess.
    """

    name: str
    version: int
    top: float
    defaults: Mapping[str, Any]
    read: Callable[[Mapping[str, Any]], Scorer]
    levels: bool = False


class WrongKnot(ValueError):
    """A knot cannot score a day before it."""


def latest(knots: Sequence[Knot], day: date) -> Knot | None:
    """Return the last of the knots, sorted by day, that is not after `day`."""
    place = bisect_right(knots, day, key=lambda knot: knot.day)
    return knots[place - 1] if place else None


def gap(knot: Knot, day: date) -> int:
    """Return the number of days from a knot to `day`."""
    days = (day - knot.day).days
    if days < 0:
        raise WrongKnot(f"the knot of {knot.day} comes after {day}")
    return days


def powers(ratio: float, *, upto: int) -> array[float]:
    """Return the powers of `ratio` from 0 to at least `upto`, by repeated multiplication.

    The rounding of `pow` differs between machines; that of a product does not.
    """
    size = 1024
    while size <= upto:
        size *= 2
    return _powers(ratio, size)


@lru_cache(maxsize=16)
def _powers(ratio: float, size: int) -> array[float]:
    table = array("d", [1.0])
    for _ in range(size - 1):
        table.append(table[-1] * ratio)
    return table


def largest_first(
    amounts: Mapping[UUID, float],
    *,
    start: float = 0.0,
    drift: float = 0.0,
    steps: Mapping[UUID, float] = MappingProxyType({}),
    alone: Mapping[UUID, float] = MappingProxyType({}),
) -> Explanation:
    """Sort the parts of a score by size, then by claim."""
    ordered = sorted(amounts.items(), key=lambda part: (-abs(part[1]), part[0].int))
    parts = (Part(*part, steps.get(part[0]), alone.get(part[0])) for part in ordered)
    return Explanation(parts=tuple(parts), start=start, drift=drift)


@dataclass(slots=True)
class Tally:
    """The evidence up to a day. `arrivals` are the pulls by the day on which they begin to act."""

    arrivals: dict[int, list[Pull]] = field(default_factory=lambda: defaultdict(list))
    claims: int = 0
    roots: set[UUID] = field(default_factory=set)
    state_roots: set[UUID] = field(default_factory=set)
    newest: int = 0

    @classmethod
    def of(cls, pulls: Iterable[Pull]) -> "Tally":
        """Arrange pulls; none is counted yet."""
        tally = cls()
        for pull in pulls:
            tally.arrivals[pull.first].append(pull)
        return tally

    def advance(self, day: int) -> None:
        """Count the pulls that begin on a day."""
        for pull in self.arrivals.get(day, ()):
            self.claims += 1
            self.roots.update(pull.roots)
            self.state_roots.update(pull.state_roots)
            self.newest = day

    def knot(self, day: int, moments: State) -> Knot:
        return Knot(
            day=date.fromordinal(day),
            moments=moments,
            claims=self.claims,
            roots=len(self.roots),
            state_roots=len(self.state_roots),
            newest=date.fromordinal(self.newest) if self.newest else None,
        )

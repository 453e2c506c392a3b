"""The algebra that the models share: a day is one map on the state, a quiet stretch is one map."""

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from tracker.domain.scoring.evidence import Pull

Z_90 = 1.645
State = tuple[float, ...]
Sums = list[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knot:
    """The state at the close of a day with an impact, and the evidence that came in by then.

    `moments` are the model's own. `newest` is the day on which the latest claim began to act.
    """

    day: date
    moments: State
    claims: int
    roots: int
    state_roots: int
    newest: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A value with its sd and its 90 % interval, and the name of its band if it has earned one."""

    value: float
    sd: float
    low: float
    high: float
    band: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one claim gives to a score."""

    claim: UUID
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A score taken apart: what is left of the start, and each claim's part, largest first."""

    start: float
    parts: tuple[Part, ...]

    @property
    def value(self) -> float:
        return sum((part.amount for part in self.parts), self.start)


class Scorer(Protocol):
    """A model with its parameters read, for one series. Its methods are pure."""

    def knots(
        self, pulls: Sequence[Pull], *, after: Knot | None = None, until: date | None = None
    ) -> list[Knot]:
        """Fold a series into its knots, those of situations daily.

        `pulls` are all of the series, in claim-id order. `after` is a knot that still holds: only
        the knots that follow it come back, bit for bit as if all had been folded. Nothing after
        `until` is folded.
        """
        ...

    def at(self, knot: Knot | None, day: date) -> Score:
        """Give the score on `day`, from the last knot up to it; without one nothing is known.

        :raises WrongKnot: if the knot is of a later day.
        """
        ...

    def closes(self, knot: Knot, days: int) -> list[float]:
        """Give the values at the close of the knot's day and of those after it, `days` in all,
        which no other knot breaks: bit for bit those of `at`, but quickly."""
        ...

    def contributions(self, pulls: Sequence[Pull], day: date) -> Explanation:
        """Take the score on `day` apart; the parts sum to it within 1e-9."""
        ...

    def words(self, score: Score, *, since: date | None) -> str:
        """Say the score in words; `since` is the day of the series' first knot."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A way to make a score: its name, its version, the parameters it is usually given.

    `read(body, series=…)` takes the parameters of a lens (no floats: decimals are strings) and
    the name of the series ("KAZ-RUS" the undirected pair, "RUS>KAZ" one direction), and raises
    `WrongParameter` for what it cannot use. Scores lie in −`top`..`top` under the defaults.
    """

    name: str
    version: int
    top: float
    defaults: Mapping[str, Any]
    read: Callable[..., Scorer]


class WrongKnot(ValueError):
    """A knot cannot say anything of a day before it."""


def latest(knots: Sequence[Knot], day: date) -> Knot | None:
    """The last of the knots (in the order of their days) that is not after `day`."""
    place = bisect_right(knots, day, key=lambda knot: knot.day)
    return knots[place - 1] if place else None


def gap(knot: Knot, day: date) -> int:
    """The days from a knot to `day`."""
    days = (day - knot.day).days
    if days < 0:
        raise WrongKnot(f"the knot of {knot.day} comes after {day}")
    return days


def powers(ratio: float, *, upto: int) -> array[float]:
    """The powers of `ratio` from 0 to at least `upto`, made by repeated multiplication.

    The machine's own `pow` may round otherwise on the next machine; a product may not.
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


def interval(mean: float, sd: float, *, top: float) -> tuple[float, float, float]:
    """The value and its 90 % interval, clipped to −top..top."""
    return clip(mean, top), clip(mean - Z_90 * sd, top), clip(mean + Z_90 * sd, top)


def clip(value: float, top: float) -> float:
    """The value, brought into −top..top."""
    return max(-top, min(top, value))


def clipped(values: list[float], *, top: float) -> list[float]:
    """Values, each brought into −top..top; hardly ever is one outside."""
    if values and (max(values) > top or min(values) < -top):
        return [clip(value, top) for value in values]
    return values


def largest_first(amounts: Mapping[UUID, float], *, start: float) -> Explanation:
    """Order the parts of a score by their size, then by claim."""
    ordered = sorted(amounts.items(), key=lambda part: (-abs(part[1]), part[0].int))
    parts = tuple(Part(claim=claim, amount=amount) for claim, amount in ordered)
    return Explanation(start=start, parts=parts)


@dataclass(slots=True)
class _Tally:
    """The evidence that has come in so far."""

    claims: int = 0
    roots: set[UUID] = field(default_factory=set)
    state_roots: set[UUID] = field(default_factory=set)
    newest: int = 0

    def add(self, pulls: Iterable[Pull], *, day: int) -> None:
        for pull in pulls:
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


def bare(day: date, state: State) -> Knot:
    """A knot that rests on no claim: a lens's anchor."""
    return _Tally().knot(day.toordinal(), state)


def fold(
    pulls: Sequence[Pull],
    sums: Mapping[int, Sums],
    *,
    state: State,
    since: int,
    step: Callable[[State, int, Sums], State],
) -> list[Knot]:
    """Map the state, which holds at the close of day `since`, through the days that have sums.

    `step(state, gap, sums)` lets `gap` days pass and then applies a day's sums. The pulls serve
    to count the evidence; they enter on their first day.
    """
    arrivals: dict[int, list[Pull]] = defaultdict(list)
    tally = _Tally()
    for pull in pulls:
        arrivals[pull.first].append(pull)
    for day in sorted(arrivals):
        if day <= since:
            tally.add(arrivals[day], day=day)
    knots = []
    for day in sorted(sums):
        state = step(state, day - since, sums[day])
        since = day
        tally.add(arrivals.get(day, ()), day=day)
        knots.append(tally.knot(day, state))
    return knots

"""`tone`, a flow on −10..10: what is happening lately, half of it forgotten in 45 days.

The state is the decayed sums A of p·w·value and B of p·w and the variance V of A under claims
that are each true or not; the tone is A/(B + κ). Products are taken from the left and sums in
claim-id order, so that all machines agree to the bit.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tracker.domain.scoring import fading, moments, parameters
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Explanation, Knot, Model, Score, State, Sums

TOP = 10
DEFAULTS: Mapping[str, Any] = {
    "decay": "0.98471475293443124",  # a day's: half in 45 days
    "kappa": "1",
    "tau": "3",
    "situation_days": 30,
    "situation_fade": "0.99615658722057522",  # a day's: half in 180 days
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """The model with its parameters; `prior` is κ²·τ²."""

    decay: float
    kappa: float
    prior: float
    situation_days: int
    situation_fade: float

    def knots(
        self, pulls: Sequence[Pull], *, after: Knot | None = None, until: date | None = None
    ) -> list[Knot]:
        first = min((pull.first for pull in pulls), default=1)
        since = after.day.toordinal() if after else first - 1
        sums = self._sums(pulls, since=since, until=until or date.max)
        state = after.moments if after else (0.0, 0.0, 0.0)
        return moments.fold(pulls, sums, state=state, since=since, step=self._step)

    def at(self, knot: Knot | None, day: date) -> Score:
        """The interval widens in silence, and never narrows: doubt about an act that fades would
        make a quiet month look like knowledge, so the sd is at least that of the knot's day."""
        a, b, v = knot.moments if knot else (0.0, 0.0, 0.0)
        left = self._left(moments.gap(knot, day)) if knot else 1.0
        then, now = self._variance(b, v), self._variance(b * left, v * left * left)
        mean = a * left / (b * left + self.kappa)
        sd = math.sqrt(max(then, now))
        value, low, high = moments.interval(mean, sd, top=TOP)
        return Score(value=value, sd=sd, low=low, high=high)

    def closes(self, knot: Knot, days: int) -> list[float]:
        a, b, _ = knot.moments
        kappa = self.kappa
        lefts = moments.powers(self.decay, upto=days)[:days]
        return moments.clipped([a * left / (b * left + kappa) for left in lefts], top=TOP)

    def contributions(self, pulls: Sequence[Pull], day: date) -> Explanation:
        end = day.toordinal()
        amounts: dict[UUID, float] = {}
        total = 0.0
        for pull in pulls:
            given = [
                pull.p * weight * self._left(end - each)
                for each, weight in self._weights(pull, until=end)
            ]
            if given:
                total += sum(given)
                amounts[pull.claim] = sum(given) * pull.value
        shares = {claim: amount / (total + self.kappa) for claim, amount in amounts.items()}
        return moments.largest_first(shares, start=0.0)

    def words(self, score: Score, *, since: date | None) -> str:
        if since is None:
            return "nothing recorded"
        if score.low > 0:
            return "mostly cooperation"
        return "mostly conflict" if score.high < 0 else "no clear tone"

    def _left(self, days: int) -> float:
        """What is left of the past after some days."""
        return moments.powers(self.decay, upto=days)[days]

    def _variance(self, b: float, v: float) -> float:
        return (v + self.prior) / ((b + self.kappa) * (b + self.kappa))

    def _sums(self, pulls: Sequence[Pull], *, since: int, until: date) -> dict[int, Sums]:
        """Sum what each day after `since` with an impact adds to A, B and V."""
        end = until.toordinal()
        days: dict[int, Sums] = defaultdict(lambda: [0.0, 0.0, 0.0])
        for pull in pulls:
            if pull.situation:
                self._add_situation(days, pull, since=since, until=end)
            elif since < pull.first <= end:
                _add(days[pull.first], pull, pull.weight, before=0.0)
        return days

    def _add_situation(self, days: dict[int, Sums], pull: Pull, *, since: int, until: int) -> None:
        """One truth for all its days: V grows with the square of their decayed sum."""
        total = 0.0
        for day, weight in self._weights(pull, until=until):
            before = total * self.decay
            total = before + weight * pull.value
            if day > since:
                _add(days[day], pull, weight, before=before)

    def _weights(self, pull: Pull, *, until: int) -> Iterator[tuple[int, float]]:
        days, fade = self.situation_days, self.situation_fade
        return fading.weights(pull, until=until, days=days, fade=fade)

    def _step(self, state: State, days: int, sums: Sums) -> State:
        a, b, v = state
        left = self._left(days)
        return a * left + sums[0], b * left + sums[1], v * left * left + sums[2]


def _add(sums: Sums, pull: Pull, weight: float, *, before: float) -> None:
    """Add one day of a pull, of which `before` is left from its earlier days."""
    p = pull.p
    total = before + weight * pull.value
    sums[0] += p * weight * pull.value
    sums[1] += p * weight
    sums[2] += p * (1 - p) * (total * total - before * before)


def read(body: Mapping[str, Any], *, series: str | None = None) -> Tone:  # noqa: ARG001
    """Read a lens's parameters; they are the same for every series."""
    return Tone(**parameters.flow(body, wanted=DEFAULTS, top=TOP))


MODEL = Model(name="tone", version=1, top=TOP, defaults=DEFAULTS, read=read)

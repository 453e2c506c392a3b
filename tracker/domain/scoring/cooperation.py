"""`cooperation`, a ratio on −1..1: how far cooperation outweighs conflict, over the last years.

The state is the decayed sums C of p·w·value over cooperation (values above 0) and K of p·w·|value|
over conflict (below 0), and the variances U of C and V of K under claims that are each true or
not. Half of all is forgotten in 365 days. With the mass T = C + K + κ the score is

    r = (C − K)/T

κ stands for what goes unreported: acts of mass κ whose own ratio θ is unknown, 0 with sd τ; the
default τ = 1/√3 is that of anything on −1..1 alike. So r is (C − K + κθ)/T at θ = 0.

The variance is the delta method's: r as linear in C, K and θ around their means. A claim has one
sign, so C and K are independent, and with

    ∂r/∂C = (2K + κ)/T²     ∂r/∂K = −(2C + κ)/T²     ∂r/∂θ = κ/T
    Var(r) = U·(2K + κ)²/T⁴ + V·(2C + κ)²/T⁴ + κ²τ²/T²

In silence C and K fall to a share l = λ^g, and the last term grows towards τ². What doubt about C
moves is q(l) = l·(2Kl + κ)/(Cl + Kl + κ)², which rises with l, but where C − 3K > κ only up to
l* = κ/(C − 3K). Doubt that fades is no knowledge: q is taken where it is largest since the knot,
at l* brought into l..1 (at 1 where there is no l*), and for K likewise. On the day of a knot that
is the delta method; after it no term falls.

Products are taken from the left and sums in claim-id order, so that all machines agree to the bit.
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

TOP = 1
DEFAULTS: Mapping[str, Any] = {
    "decay": "0.99810276875159463",  # a day's: half in 365 days
    "kappa": "10",
    "tau": "0.57735026918962576",  # 1/√3: anything on −1..1 alike
    "situation_days": 30,
    "situation_fade": "0.99615658722057522",  # a day's: half in 180 days
}
NOTHING: State = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooperation:
    """The model with its parameters; `prior` is κ²·τ². The state is (C, K, U, V)."""

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
        state = after.moments if after else NOTHING
        return moments.fold(pulls, sums, state=state, since=since, step=self._step)

    def at(self, knot: Knot | None, day: date) -> Score:
        state = knot.moments if knot else NOTHING
        left = self._left(moments.gap(knot, day)) if knot else 1.0
        c, k, _, _ = state
        mean = (c * left - k * left) / self._mass(c, k, left)
        sd = math.sqrt(self._variance(state, left))
        value, low, high = moments.interval(mean, sd, top=TOP)
        return Score(value=value, sd=sd, low=low, high=high)

    def closes(self, knot: Knot, days: int) -> list[float]:
        c, k, _, _ = knot.moments
        mass, kappa = c + k, self.kappa
        lefts = moments.powers(self.decay, upto=days)[:days]
        values = [(c * left - k * left) / (mass * left + kappa) for left in lefts]
        return moments.clipped(values, top=TOP)

    def contributions(self, pulls: Sequence[Pull], day: date) -> Explanation:
        end = day.toordinal()
        amounts: dict[UUID, float] = {}
        for pull in pulls:
            given = [
                pull.p * weight * self._left(end - each)
                for each, weight in self._weights(pull, until=end)
            ]
            if given:
                amounts[pull.claim] = sum(given) * pull.value
        mass = sum(abs(amount) for amount in amounts.values()) + self.kappa
        shares = {claim: amount / mass for claim, amount in amounts.items()}
        return moments.largest_first(shares, start=0.0)

    def words(self, score: Score, *, since: date | None) -> str:
        if since is None:
            return "nothing recorded"
        if score.low > 0:
            return "more cooperation than conflict"
        return "more conflict than cooperation" if score.high < 0 else "no clear balance"

    def _left(self, days: int) -> float:
        """What is left of the past after some days."""
        return moments.powers(self.decay, upto=days)[days]

    def _mass(self, c: float, k: float, left: float) -> float:
        return (c + k) * left + self.kappa

    def _variance(self, state: State, left: float) -> float:
        c, k, u, v = state
        mass = self._mass(c, k, left)
        ours, theirs = self._reach(c, k, left), self._reach(k, c, left)
        return u * ours * ours + v * theirs * theirs + self.prior / (mass * mass)

    def _reach(self, own: float, other: float, left: float) -> float:
        """How far doubt about one side moves the ratio, at the worst since the knot's day."""
        lead = own - 3 * other
        worst = max(left, self.kappa / lead) if lead > self.kappa else 1.0
        mass = self._mass(own, other, worst)
        return worst * (2 * other * worst + self.kappa) / (mass * mass)

    def _sums(self, pulls: Sequence[Pull], *, since: int, until: date) -> dict[int, Sums]:
        """Sum what each day after `since` with an impact adds to C, K, U and V."""
        end = until.toordinal()
        days: dict[int, Sums] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
        for pull in pulls:
            if pull.situation:
                self._add_situation(days, pull, since=since, until=end)
            elif since < pull.first <= end:
                _add(days[pull.first], pull, pull.weight, before=0.0)
        return days

    def _add_situation(self, days: dict[int, Sums], pull: Pull, *, since: int, until: int) -> None:
        """One truth for all its days: the variance grows with the square of their decayed sum."""
        total = 0.0
        for day, weight in self._weights(pull, until=until):
            before = total * self.decay
            total = before + weight * abs(pull.value)
            if day > since:
                _add(days[day], pull, weight, before=before)

    def _weights(self, pull: Pull, *, until: int) -> Iterator[tuple[int, float]]:
        days, fade = self.situation_days, self.situation_fade
        return fading.weights(pull, until=until, days=days, fade=fade)

    def _step(self, state: State, days: int, sums: Sums) -> State:
        c, k, u, v = state
        left = self._left(days)
        return (
            c * left + sums[0],
            k * left + sums[1],
            u * left * left + sums[2],
            v * left * left + sums[3],
        )


def _add(sums: Sums, pull: Pull, weight: float, *, before: float) -> None:
    """Add one day of a pull to its side, where `before` is left from its earlier days."""
    p, size = pull.p, abs(pull.value)
    side = 0 if pull.value > 0 else 1
    total = before + weight * size
    sums[side] += p * weight * size
    sums[side + 2] += p * (1 - p) * (total * total - before * before)


def read(body: Mapping[str, Any], *, series: str | None = None) -> Cooperation:  # noqa: ARG001
    """Read a lens's parameters; they are the same for every series."""
    return Cooperation(**parameters.flow(body, wanted=DEFAULTS, top=TOP))


MODEL = Model(name="cooperation", version=1, top=TOP, defaults=DEFAULTS, read=read)

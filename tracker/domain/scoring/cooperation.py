"""`cooperation`, a ratio on −1..1: how far cooperation outweighs conflict over the last years.

The state is the decayed sums C of p·w·value over cooperation (values above 0) and K of p·w·|value|
over conflict (values below 0), and the variances U of C and V of K, where each claim is true or
not. Weights halve in 365 days. With the mass T = C + K + κ the score is

    r = (C − K)/T

κ stands for unreported acts: acts of mass κ whose own ratio θ is unknown, 0 with sd τ. The default
τ = 1/√3 is the sd of the uniform distribution on −1..1. So r is (C − K + κθ)/T at θ = 0.

The variance follows the delta method, with r linear in C, K and θ around their means. A claim has
one sign, so C and K are independent, and with

    ∂r/∂C = (2K + κ)/T²     ∂r/∂K = −(2C + κ)/T²     ∂r/∂θ = κ/T
    Var(r) = U·(2K + κ)²/T⁴ + V·(2C + κ)²/T⁴ + κ²τ²/T²

Without new events C and K shrink to a share l = λ^g, and the last term grows towards τ². The effect
of doubt about C is q(l) = l·(2Kl + κ)/(Cl + Kl + κ)². It rises with l, except that where C − 3K > κ
it rises only up to l* = κ/(C − 3K). Decaying doubt is not knowledge, so q is taken at its maximum
since the knot: at l* limited to l..1 (at 1 if there is no l*), and for K likewise. On the day of a
knot this is the delta method; after it no term decreases.

Products are evaluated from the left and sums in claim-id order, so that all machines agree to the
bit.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from tracker.domain.scoring import flows, moments
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.flows import Flow
from tracker.domain.scoring.moments import Explanation, Knot, Model, Score, State, Sums

TOP = 1
DEFAULTS: Mapping[str, Any] = {
    "decay": "0.99810276875159463",  # per day: half in 365 days
    "kappa": "10",
    "tau": "0.57735026918962576",  # 1/√3: uniform on −1..1
    "situation_days": 30,
    "situation_fade": "0.99615658722057522",  # per day: half in 180 days
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooperation(Flow):
    """The model with its parameters. The state is (C, K, U, V)."""

    nothing: ClassVar[State] = (0.0, 0.0, 0.0, 0.0)

    def at(self, knot: Knot | None, day: date) -> Score:
        state = knot.moments if knot else self.nothing
        remaining = self._remaining(moments.gap(knot, day)) if knot else 1.0
        c, k, _, _ = state
        mean = (c * remaining - k * remaining) / self._mass(c, k, remaining)
        sd = math.sqrt(self._variance(state, remaining))
        value, low, high = moments.interval(mean, sd, top=TOP)
        return Score(value, sd, low, high)

    def closes(self, knot: Knot, days: int) -> list[float]:
        c, k, _, _ = knot.moments
        mass, kappa = c + k, self.kappa
        shares = moments.powers(self.decay, upto=days)[:days]
        values = [(c * share - k * share) / (mass * share + kappa) for share in shares]
        return moments.clipped(values, top=TOP)

    def contributions(self, pulls: Sequence[Pull], day: date) -> Explanation:
        amounts: dict[UUID, float] = {
            pull.claim: weight * pull.value for pull, weight in self._decayed_weights(pulls, day)
        }
        mass = sum(abs(amount) for amount in amounts.values()) + self.kappa
        shares = {claim: amount / mass for claim, amount in amounts.items()}
        return moments.largest_first(shares)

    def words(self, score: Score, *, since: date | None) -> str:
        if since is None:
            return "nothing recorded"
        if score.low > 0:
            return "more cooperation than conflict"
        return "more conflict than cooperation" if score.high < 0 else "no clear balance"

    def _mass(self, c: float, k: float, remaining: float) -> float:
        return (c + k) * remaining + self.kappa

    def _variance(self, state: State, remaining: float) -> float:
        c, k, u, v = state
        mass = self._mass(c, k, remaining)
        of_c, of_k = self._sensitivity(c, k, remaining), self._sensitivity(k, c, remaining)
        return u * of_c * of_c + v * of_k * of_k + self.prior / (mass * mass)

    def _sensitivity(self, own: float, opposite: float, remaining: float) -> float:
        """How far doubt about one side moves the ratio: the maximum since the day of the knot."""
        lead = own - 3 * opposite
        worst = max(remaining, self.kappa / lead) if lead > self.kappa else 1.0
        mass = self._mass(own, opposite, worst)
        return worst * (2 * opposite * worst + self.kappa) / (mass * mass)

    def step(self, state: State, days: int, sums: Sums) -> State:
        c, k, u, v = state
        remaining = self._remaining(days)
        return (
            c * remaining + sums[0],
            k * remaining + sums[1],
            u * remaining * remaining + sums[2],
            v * remaining * remaining + sums[3],
        )

    def _size(self, pull: Pull) -> float:
        return abs(pull.value)

    def _add(self, sums: Sums, pull: Pull, weight: float, *, before: float) -> None:
        p, size = pull.p, abs(pull.value)
        side = 0 if pull.value > 0 else 1
        total = before + weight * size
        sums[side] += p * weight * size
        sums[side + 2] += p * (1 - p) * (total * total - before * before)


def read(body: Mapping[str, Any]) -> Cooperation:
    """Parse the parameters of a lens; they are the same for every series."""
    return Cooperation(**flows.read(body, wanted=DEFAULTS, top=TOP))


MODEL = Model(name="cooperation", version=1, top=TOP, defaults=DEFAULTS, read=read)

"""`tone`, a flow on −10..10: the recent events of a pair. Their weight halves in 45 days.

The state is (A, B, V): the decayed sums A of p·w·value and B of p·w, and the variance V of A, where
each claim is true or not. The tone is A/(B + κ). Products are evaluated from the left and sums in
claim-id order, so that all machines agree to the bit.
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

TOP = 10
# A tone with less than this share of recorded events, B/(B + κ), is mostly the prior.
LEAST_SHARE = 0.1
DEFAULTS: Mapping[str, Any] = {
    "decay": "0.98471475293443124",  # per day: half in 45 days
    "kappa": "1",
    "tau": "3",
    "situation_days": 30,
    "situation_fade": "0.99615658722057522",  # per day: half in 180 days
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone(Flow):
    """The model with its parameters. The state is (A, B, V)."""

    nothing: ClassVar[State] = (0.0, 0.0, 0.0)

    def at(self, knot: Knot | None, day: date) -> Score:
        """Return the score. Its interval never narrows between knots: the sd is at least that of
        the knot's day, since a quiet month adds no knowledge although doubt about acts decays."""
        a, b, v = knot.moments if knot else self.nothing
        remaining = self._remaining(moments.gap(knot, day)) if knot else 1.0
        start = self._variance(b, v)
        end = self._variance(b * remaining, v * remaining * remaining)
        mean = a * remaining / (b * remaining + self.kappa)
        sd = math.sqrt(max(start, end))
        value, low, high = moments.interval(mean, sd, top=TOP)
        share = b * remaining / (b * remaining + self.kappa)
        silent = (knot.newest or knot.day) if knot and share < LEAST_SHARE else None
        return Score(value, sd, low, high, silent=silent)

    def closes(self, knot: Knot, days: int) -> list[float]:
        a, b, _ = knot.moments
        kappa = self.kappa
        shares = moments.powers(self.decay, upto=days)[:days]
        return moments.clipped([a * share / (b * share + kappa) for share in shares], top=TOP)

    def contributions(self, pulls: Sequence[Pull], day: date) -> Explanation:
        amounts: dict[UUID, float] = {}
        total = 0.0
        for pull, weight in self._decayed_weights(pulls, day):
            total += weight
            amounts[pull.claim] = weight * pull.value
        shares = {claim: amount / (total + self.kappa) for claim, amount in amounts.items()}
        return moments.largest_first(shares)

    def words(self, score: Score, *, since: date | None) -> str:
        if since is None:
            return "nothing recorded"
        if score.silent:
            return flows.no_news(score.silent)
        if score.low > 0:
            return "mostly cooperation"
        return "mostly conflict" if score.high < 0 else "no clear tone"

    def _variance(self, b: float, v: float) -> float:
        return (v + self.prior) / ((b + self.kappa) * (b + self.kappa))

    def step(self, state: State, days: int, sums: Sums) -> State:
        a, b, v = state
        remaining = self._remaining(days)
        return (
            a * remaining + sums[0],
            b * remaining + sums[1],
            v * remaining * remaining + sums[2],
        )

    def _size(self, pull: Pull) -> float:
        return pull.value

    def _add(self, sums: Sums, pull: Pull, weight: float, *, before: float) -> None:
        p = pull.p
        total = before + weight * pull.value
        sums[0] += p * weight * pull.value
        sums[1] += p * weight
        sums[2] += p * (1 - p) * (total * total - before * before)


def read(body: Mapping[str, Any]) -> Tone:
    """Parse the parameters of a lens; they are the same for every series."""
    return Tone(**flows.read(body, wanted=DEFAULTS, top=TOP))


MODEL = Model(name="tone", version=1, top=TOP, defaults=DEFAULTS, read=read)

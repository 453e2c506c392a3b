"""The two flows, simple sums of what was reported: `tone` and `cooperation`.

The state is (A, B): the decayed sum A of p·w·value, and the decayed mass B of p·w (tone) or of
p·w·|value| (cooperation). The score is A/(B + κ), without an interval.

- Tone, −10..10: the mean value of recent events. Half is forgotten in 45 days.
- Cooperation, −1..1: how far cooperation outweighs conflict. Half is forgotten in 365 days.

Products are evaluated from the left and sums in claim-id order, so that all machines agree to the
bit.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from tracker.domain.scoring import moments, parameters
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Explanation, Knot, Model, Score, Tally


class Kind(NamedTuple):
    """What the flows differ in: whether the mass of an act is its size; the `words` for the signs
    0, 1 and −1; and below which share of recorded mass, B/(B + κ), a flow is silent."""

    sized: bool
    words: tuple[str, str, str]
    least_share: float = 0.0

    def mass(self, value: float) -> float:
        return abs(value) if self.sized else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A flow with its parameters: what is left of the past after a day, and the mass of silence."""

    kind: Kind
    decay: float
    kappa: float
    situation_days: int
    situation_fade: float

    def knots(self, pulls: Sequence[Pull], *, until: date | None = None) -> list[Knot]:
        sums = self._sums(pulls, until or date.max)
        tally, knots = Tally.of(pulls), []
        a, b, before = 0.0, 0.0, 0
        for day in sorted(sums):
            left = self._left(day - before) if before else 0.0
            a, b, before = a * left + sums[day][0], b * left + sums[day][1], day
            tally.advance(day)
            knots.append(tally.knot(day, (a, b)))
        return knots

    def at(self, knot: Knot | None, day: date) -> Score:
        if knot is None:
            return Score(0.0)
        a, b = knot.moments
        left = self._left(moments.gap(knot, day))
        mass = b * left + self.kappa
        is_silent = b * left / mass < self.kind.least_share
        return Score(a * left / mass, silent=(knot.newest or knot.day) if is_silent else None)

    def closes(self, knot: Knot, days: int) -> list[float]:
        (a, b), kappa = knot.moments, self.kappa
        shares = moments.powers(self.decay, upto=days)[:days]
        return [a * left / (b * left + kappa) for left in shares]

    def contributions(self, pulls: Sequence[Pull], day: date) -> Explanation:
        end, mass = day.toordinal(), self.kappa
        amounts: dict[UUID, float] = {}
        for pull in pulls:
            weights = [
                pull.p * weight * self._left(end - acting)
                for acting, weight in self._weights(pull, until=end)
            ]
            if weights:
                mass += sum(weights) * self.kind.mass(pull.value)
                amounts[pull.claim] = sum(weights) * pull.value
        return moments.largest_first({claim: part / mass for claim, part in amounts.items()})

    def movement(self, pulls: Sequence[Pull], start: date, end: date) -> None:  # noqa: ARG002
        return None

    def movements(
        self,
        pulls: Sequence[Pull],  # noqa: ARG002
        start: date,  # noqa: ARG002
        days: Sequence[date],  # noqa: ARG002
    ) -> None:
        return None

    def moved_by(self, pulls: Sequence[Pull], start: date, end: date) -> None:  # noqa: ARG002
        return None

    def words(self, score: Score, *, since: date | None) -> str:
        if since is None:
            return "nothing recorded"
        if score.silent:
            return f"no news since {score.silent:%B %Y}"
        return self.kind.words[score.sign]

    def _left(self, days: int) -> float:
        """The share of the past that is left after some days."""
        return moments.powers(self.decay, upto=days)[days]

    def _sums(self, pulls: Sequence[Pull], until: date) -> dict[int, list[float]]:
        """What each day with an impact adds to the state."""
        end = until.toordinal()
        days: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for pull in pulls:
            mass = self.kind.mass(pull.value)
            for day, weight in self._weights(pull, until=end):
                sums, amount = days[day], pull.p * weight
                sums[0] += amount * pull.value
                sums[1] += amount * mass
        return days

    def _weights(self, pull: Pull, *, until: int) -> Sequence[tuple[int, float]]:
        """The days on which a pull acts, up to `until`, with its weight on each.

        An act has one day. A situation has 1/`situation_days` of its weight on each day, reduced
        to `situation_fade` of it from day to day.
        """
        if not pull.situation:
            return [(pull.first, pull.weight)] if pull.first <= until else []
        acting = range(pull.first, min(pull.last, until) + 1)
        daily = pull.weight / self.situation_days
        if not pull.fades:
            return [(day, daily) for day in acting]
        fade = moments.powers(self.situation_fade, upto=len(acting))
        return [(day, daily * left) for day, left in zip(acting, fade, strict=False)]


def _read(kind: Kind, wanted: Mapping[str, Any], body: Mapping[str, Any]) -> Flow:
    """Parse the parameters of a lens."""
    parameters.check_names(body, wanted=wanted)
    return Flow(
        kind=kind,
        decay=parameters.decimal(body["decay"], "decay", least=0, most=1),
        kappa=parameters.decimal(body["kappa"], "kappa", least=0.001, most=1000),
        situation_days=parameters.whole(
            body["situation_days"], "situation_days", least=1, most=366
        ),
        situation_fade=parameters.decimal(
            body["situation_fade"], "situation_fade", least=0, most=1
        ),
    )


def _model(name: str, top: float, kind: Kind, *, decay: str, kappa: str) -> Model:
    defaults = {
        "decay": decay,
        "kappa": kappa,
        "situation_days": 30,
        "situation_fade": "0.99615658722057522",  # per day: half in 180 days
    }
    read = partial(_read, kind, defaults)
    return Model(name=name, version=1, top=top, defaults=defaults, read=read)


TONE = _model(
    "tone",
    10,
    Kind(
        sized=False,
        words=("no clear tone", "mostly cooperation", "mostly conflict"),
        least_share=0.1,
    ),
    decay="0.98471475293443124",  # per day: half in 45 days
    kappa="1",
)
COOPERATION = _model(
    "cooperation",
    1,
    Kind(
        sized=True,
        words=(
            "no clear balance",
            "more cooperation than conflict",
            "more conflict than cooperation",
        ),
    ),
    decay="0.99810276875159463",  # per day: half in 365 days
    kappa="10",
)

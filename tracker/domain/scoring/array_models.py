"""The models over arrays. Each does what its class does for acts, in the same order.

A model without an entry in `_FORMS` is folded by its class alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tracker.domain.scoring import cooperation, moments, standing, tone
from tracker.domain.scoring.arrays import Acts, ArrayModel, Floats, Ints
from tracker.domain.scoring.cooperation import Cooperation
from tracker.domain.scoring.flows import Flow
from tracker.domain.scoring.level_state import LevelState
from tracker.domain.scoring.moments import Scorer, State, Sums
from tracker.domain.scoring.standing import Standing
from tracker.domain.scoring.tone import Tone


def array_model(scorer: Scorer) -> ArrayModel | None:
    """Return a model's form for arrays; None if it has none for these parameters."""
    form = _FORMS.get(type(scorer))
    return form(scorer) if form else None


@dataclass(frozen=True, slots=True)
class StandingArrays:
    """See `standing.Standing`, for acts that share no truth and do not habituate."""

    scorer: Standing

    @property
    def start(self) -> State:
        return self.scorer.start()

    def addends(self, acts: Acts, together: Ints) -> Sequence[Floats]:
        weights = acts.weights / together if self.scorer.share_day else acts.weights
        p = acts.p
        impact = _steps(self.scorer.step_of, acts.values) * weights
        k = np.abs(impact) / self.scorer.top
        doubt = p * (1 - p)
        conflict = np.where(impact < 0, p * impact * impact, 0.0)
        moments_of_acts = doubt * k * k, doubt * k * impact, doubt * impact * impact
        return p * k, p * impact, *moments_of_acts, conflict

    def step(self, state: Floats, days: Ints, sums: Floats) -> Sequence[Floats]:
        mean, second, start, conflict, assessed, total, number, unknown, measured = state
        k, s, k2, c, v, of_day = sums
        scorer, square = self.scorer, float(self.scorer.top * self.scorer.top)
        faded = self._faded(days)
        start = self._drifted(mean, second, start, self._growth(conflict, days, faded))
        unknown = np.where(start > 0, unknown, 0.0)
        conflict = conflict * faded + of_day
        if scorer.against_usual:
            usual = total / (number + standing.USUAL_DAYS)
            total, number = total + s, number + 1
            k, s = k + np.abs(usual) / scorer.top, s - usual
        scale = np.where(k > 1, 1 / np.maximum(k, 1.0), 1.0)
        mixed = k * second - s * mean
        squared = (k * k + k2) * second - 2 * mean * (k * s + c) + s * s + v
        second = second - 2 * scale * mixed + scale * scale * squared
        mean = mean - scale * (k * mean - s)
        second = np.minimum(square, np.maximum(second, mean * mean))
        start = np.maximum(0.0, np.minimum(start, square - second))
        return LevelState(mean, second, start, conflict, assessed, total, number, unknown, measured)

    def step_one(self, state: State, days: int, sums: Sums) -> State:
        return self.scorer.step(state, days, sums)

    def closes(self, state: Floats, days: Ints) -> Floats:  # noqa: ARG002
        return _clipped(state[0], self.scorer.top)

    def _faded(self, days: Ints) -> Floats:
        fade = self.scorer.conflict_fade
        return np.frombuffer(moments.powers(fade, upto=int(days.max())))[days]

    def _growth(self, conflict: Floats, days: Ints, faded: Floats) -> Floats:
        fade = self.scorer.conflict_fade
        lasting = fade * (1 - faded) / (1 - fade) if fade < 1 else days.astype(np.float64)
        return days * self.scorer.drift + self.scorer.conflict_drift * conflict * lasting

    def _drifted(self, mean: Floats, second: Floats, start: Floats, growth: Floats) -> Floats:
        square = self.scorer.top * self.scorer.top
        room = np.maximum(0.0, 1 - mean * mean / square)
        return np.maximum(0.0, np.minimum(start + growth * room, square - second))


def _steps(step_of: Callable[[float], float], values: Floats) -> Floats:
    different, places = np.unique(values, return_inverse=True)
    return np.array([step_of(value) for value in different.tolist()], dtype=np.float64)[places]


def _clipped(values: Floats, top: float) -> Floats:
    return np.clip(values, -top, top)


@dataclass(frozen=True, slots=True)
class _FlowArrays:
    """What the two models of a flow share; see `flows.Flow`."""

    scorer: Flow

    @property
    def start(self) -> State:
        return self.scorer.nothing

    def step_one(self, state: State, days: int, sums: Sums) -> State:
        return self.scorer.step(state, days, sums)

    def remaining(self, days: Ints) -> Floats:
        """The shares of the past that remain after days."""
        return np.frombuffer(moments.powers(self.scorer.decay, upto=int(days.max())))[days]


class ToneArrays(_FlowArrays):
    """See `tone.Tone`."""

    def addends(self, acts: Acts, together: Ints) -> Sequence[Floats]:  # noqa: ARG002
        p, weights = acts.p, acts.weights
        total = weights * acts.values
        return p * weights * acts.values, p * weights, p * (1 - p) * (total * total)

    def step(self, state: Floats, days: Ints, sums: Floats) -> Sequence[Floats]:
        a, b, v = state
        remaining = self.remaining(days)
        return (
            a * remaining + sums[0],
            b * remaining + sums[1],
            v * remaining * remaining + sums[2],
        )

    def closes(self, state: Floats, days: Ints) -> Floats:
        a, b, _ = state
        share = self.remaining(days)
        return _clipped(a * share / (b * share + self.scorer.kappa), tone.TOP)


class CooperationArrays(_FlowArrays):
    """See `cooperation.Cooperation`."""

    def addends(self, acts: Acts, together: Ints) -> Sequence[Floats]:  # noqa: ARG002
        p, size = acts.p, np.abs(acts.values)
        total = acts.weights * size
        amount = p * acts.weights * size
        doubt = p * (1 - p) * (total * total)
        sides = acts.values > 0, acts.values <= 0
        return [np.where(side, added, 0.0) for added in (amount, doubt) for side in sides]

    def step(self, state: Floats, days: Ints, sums: Floats) -> Sequence[Floats]:
        c, k, u, v = state
        remaining = self.remaining(days)
        return (
            c * remaining + sums[0],
            k * remaining + sums[1],
            u * remaining * remaining + sums[2],
            v * remaining * remaining + sums[3],
        )

    def closes(self, state: Floats, days: Ints) -> Floats:
        c, k, _, _ = state
        share = self.remaining(days)
        values = (c * share - k * share) / ((c + k) * share + self.scorer.kappa)
        return _clipped(values, cooperation.TOP)


def _standing(scorer: Standing) -> ArrayModel | None:
    return None if scorer.habituation_fade or scorer.shared_days else StandingArrays(scorer)


_FORMS: dict[type, Callable[[Any], ArrayModel | None]] = {
    Standing: _standing,
    Tone: ToneArrays,
    Cooperation: CooperationArrays,
}

"""What the two models of a flow share: decayed sums of what happened, old events forgotten."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from tracker.domain.scoring import moments, parameters
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Knot, State, Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow(ABC):
    """A model with its parameters. `prior` is κ²·τ²; `nothing` is the state without evidence."""

    nothing: ClassVar[State]

    decay: float
    kappa: float
    prior: float
    situation_days: int
    situation_fade: float

    def knots(self, pulls: Sequence[Pull], *, until: date | None = None) -> list[Knot]:
        since = min((pull.first for pull in pulls), default=1) - 1
        sums = self._sums(pulls, since=since, until=until or date.max)
        return moments.fold(pulls, sums, state=self.nothing, since=since, step=self.step)

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

    @abstractmethod
    def step(self, state: State, days: int, sums: Sums) -> State:
        """Let days pass, then add the sums of one day."""

    @abstractmethod
    def _size(self, pull: Pull) -> float:
        """The value that is summed."""

    @abstractmethod
    def _add(self, sums: Sums, pull: Pull, weight: float, *, before: float) -> None:
        """Add one day of a pull; `before` is the decayed sum of its earlier days."""

    def _decayed_weights(self, pulls: Sequence[Pull], day: date) -> Iterator[tuple[Pull, float]]:
        """The pulls that acted by `day`, each with its remaining weight times p."""
        end = day.toordinal()
        for pull in pulls:
            weights = [
                pull.p * weight * self._remaining(end - acting)
                for acting, weight in self._weights(pull, until=end)
            ]
            if weights:
                yield pull, sum(weights)

    def _remaining(self, days: int) -> float:
        """The share of the past that remains after some days."""
        return moments.powers(self.decay, upto=days)[days]

    def _sums(self, pulls: Sequence[Pull], *, since: int, until: date) -> dict[int, Sums]:
        """Sum what each day after `since` with an impact adds to the state."""
        end = until.toordinal()
        days: dict[int, Sums] = defaultdict(lambda: [0.0] * len(self.nothing))
        for pull in pulls:
            if pull.situation:
                self._add_situation(days, pull, since=since, until=end)
            elif since < pull.first <= end:
                self._add(days[pull.first], pull, pull.weight, before=0.0)
        return days

    def _add_situation(self, days: dict[int, Sums], pull: Pull, *, since: int, until: int) -> None:
        """All days share one truth value: the variance grows with the square of the decayed sum."""
        size, total = self._size(pull), 0.0
        for day, weight in self._weights(pull, until=until):
            before = total * self.decay
            total = before + weight * size
            if day > since:
                self._add(days[day], pull, weight, before=before)

    def _weights(self, pull: Pull, *, until: int) -> Iterator[tuple[int, float]]:
        """The days on which a pull acts, up to `until`, with its weight on each.

        An act has one day. A situation has 1/`situation_days` of its weight on each day, reduced
        to `situation_fade` of it from day to day.
        """
        acting = range(pull.first, min(pull.last, until) + 1)
        if not pull.situation:
            yield from ((day, pull.weight) for day in acting)
            return
        daily = pull.weight / self.situation_days
        fade = moments.powers(self.situation_fade, upto=len(acting))
        for place, day in enumerate(acting):
            yield day, daily * fade[place] if pull.fades else daily


def no_news(since: date) -> str:
    """Say that a flow is silent, and since when."""
    return f"no news since {since:%B %Y}"


def read(body: Mapping[str, Any], *, wanted: Mapping[str, Any], top: float) -> dict[str, Any]:
    """Parse the parameters of a flow, on a scale from `-top` to `top`."""
    parameters.check_names(body, wanted=wanted)
    kappa = parameters.decimal(body["kappa"], "kappa", least=0.001, most=1000)
    tau = parameters.decimal(body["tau"], "tau", least=0, most=top)
    return {
        "decay": parameters.decimal(body["decay"], "decay", least=0, most=1),
        "kappa": kappa,
        "prior": kappa * kappa * tau * tau,
        "situation_days": parameters.whole(
            body["situation_days"], "situation_days", least=1, most=366
        ),
        "situation_fade": parameters.decimal(
            body["situation_fade"], "situation_fade", least=0, most=1
        ),
    }

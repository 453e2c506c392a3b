"""How well a source foretold: Brier scores of its resolved forecasts, and its record.

After Brier (1950): (f − o)², where f is the midpoint of the likelihood that the source itself
gave to what it expected and o is 1 if that happened, else 0. 0 is perfect, .25 is what always
saying one half gets, 1 is sure and wrong.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tracker.domain.claims import Likelihood
from tracker.domain.likelihood import BANDS

Outcome = Literal["happened", "did not happen", "void"]
_TRUTH: dict[Outcome | None, int] = {"happened": 1, "did not happen": 0}
# Fewer say more about luck than about the source.
RESOLVED_NEEDED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How likely a source found what it expected, and what came of it; None: it is still open."""

    likelihood: Likelihood | None
    outcome: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What has become of a source's forecasts.

    `counted` have a likelihood and happened or did not. Not counted are those that are `open`,
    those that were called `void`, and the `unjudged`, which resolved but came without a
    likelihood, so that there is no f. `brier` is the mean over the counted; `reference` is what
    always saying their own base rate b would have got: b(1 − b). Both are None, and `missing`
    says how many more must count, until there are twenty.
    """

    counted: int
    happened: int
    open: int
    void: int
    unjudged: int
    brier: float | None
    reference: float | None

    @property
    def missing(self) -> int:
        return max(0, RESOLVED_NEEDED - self.counted)


def brier(forecast: Forecast) -> float | None:
    """The Brier score of one forecast, 0..1; None where it is not counted."""
    if forecast.likelihood is None or forecast.outcome not in _TRUTH:
        return None
    off = float(BANDS[forecast.likelihood].midpoint) - _TRUTH[forecast.outcome]
    return off * off


def record(forecasts: Iterable[Forecast]) -> Record:
    """Sum up the forecasts of one source, each given once, in any order."""
    given = list(forecasts)
    outcomes = Counter(forecast.outcome for forecast in given)
    judged = [
        (score, forecast.outcome) for forecast in given if (score := brier(forecast)) is not None
    ]
    happened = sum(outcome == "happened" for _, outcome in judged)
    shown = len(judged) >= RESOLVED_NEEDED
    return Record(
        counted=len(judged),
        happened=happened,
        open=outcomes[None],
        void=outcomes["void"],
        unjudged=sum(outcomes[outcome] for outcome in _TRUTH) - len(judged),
        brier=math.fsum(score for score, _ in judged) / len(judged) if shown else None,
        reference=_reference(happened / len(judged)) if shown else None,
    )


def _reference(base_rate: float) -> float:
    """b(1 − b): the mean of (b − 1)² over the share b that happened and of b² over the rest."""
    return base_rate * (1 - base_rate)

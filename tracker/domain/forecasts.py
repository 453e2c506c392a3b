"""Brier scores of the resolved forecasts of a source.

After Brier (1950): (f − o)². f is the midpoint of the likelihood that the source gave, and o is 1
if the event happened, else 0. 0 is perfect; .25 is the score of always one half; 1 is certain and
wrong.
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
# With fewer, luck decides.
RESOLVED_NEEDED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The likelihood that a source gave, and the outcome; None while it is open."""

    likelihood: Likelihood | None
    outcome: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Counts and score of the forecasts of a source.

    `counted` forecasts have a likelihood and happened or did not. The others are `open`, `void`, or
    `unjudged` (resolved, without a likelihood). `brier` is the mean over the counted ones.
    `reference` is the score of always giving their base rate b: b(1 − b). Both are None until
    twenty are counted; `missing` is how many are still required.
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
    """Return the Brier score of one forecast, 0..1; None if it is not counted."""
    if forecast.likelihood is None or forecast.outcome not in _TRUTH:
        return None
    off = float(BANDS[forecast.likelihood].midpoint) - _TRUTH[forecast.outcome]
    return off * off


def record(forecasts: Iterable[Forecast]) -> Record:
    """Summarise the forecasts of one source, each given once, in any order."""
    all_forecasts = list(forecasts)
    outcomes = Counter(forecast.outcome for forecast in all_forecasts)
    judged = [
        (score, forecast.outcome)
        for forecast in all_forecasts
        if (score := brier(forecast)) is not None
    ]
    happened = sum(outcome == "happened" for _, outcome in judged)
    enough = len(judged) >= RESOLVED_NEEDED
    return Record(
        counted=len(judged),
        happened=happened,
        open=outcomes[None],
        void=outcomes["void"],
        unjudged=sum(outcomes[outcome] for outcome in _TRUTH) - len(judged),
        brier=math.fsum(score for score, _ in judged) / len(judged) if enough else None,
        reference=_reference(happened / len(judged)) if enough else None,
    )


def _reference(base_rate: float) -> float:
    """b(1 − b): the mean of (b − 1)² over the share b that happened and of b² over the rest."""
    return base_rate * (1 - base_rate)

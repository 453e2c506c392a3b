"""What each claim contributes to a level whose impacts are true or not.

The mean is linear in all impacts, so go back through the days with its derivatives: with respect to
the mean, and to the deviations of the open draws (`truths`).
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from tracker.domain.scoring.draws import Day
from tracker.domain.scoring.level_state import LevelState
from tracker.domain.scoring.truths import Effect, Totals


class Run(NamedTuple):
    """A day of a fold: what happened, and the draws that it opens; the totals and the effect of its
    impacts; the usual act that is removed; the weights of the level and of what is assessed; the
    state at the close."""

    day: int
    of_day: Day
    opened: tuple[int, ...]
    totals: Totals
    effect: Effect
    usual: float
    kept: float
    gained: float
    state: LevelState[float]


class Runs:
    """The days of a fold in order, folded as far as they are asked for."""

    def __init__(self, runs: Iterator[Run]) -> None:
        self._runs = runs
        self._folded: list[Run] = []

    def until(self, day: int) -> list[Run]:
        """Return the days up to one."""
        while not self._folded or self._folded[-1].day <= day:
            run = next(self._runs, None)
            if run is None:
                break
            self._folded.append(run)
        return self._folded[: bisect_right(self._folded, day, key=lambda run: run.day)]


def contributions(runs: Sequence[Run]) -> tuple[dict[UUID, float], float]:
    """Return the amount that each claim contributes to the mean after some days, and that of the
    usual acts."""
    amounts: dict[UUID, float] = {}
    usual = 0.0
    by_mean = 1.0
    by_draw: dict[int, float] = {}
    for run in reversed(runs):
        for one in run.of_day.assessed:
            _add(amounts, one.claim, by_mean * run.gained * one.weighted)
        by_mean *= run.kept
        by_draw = {draw: run.kept * value for draw, value in by_draw.items()}
        _, total, given, *_ = run.effect
        by_draw = dict.fromkeys(given, 0.0) | by_draw
        shifted = 0.0
        for draw, scale in given.items():
            shifted += by_draw[draw] * (scale - total)
        everywhere = by_mean * total + shifted
        for claim, of_draw, p, impact, _ in run.of_day.given:
            amount = p * everywhere
            if of_draw is not None and of_draw in given:
                amount += by_draw[of_draw] * given[of_draw] * (1 - p)
            _add(amounts, claim, impact * amount)
        usual -= run.usual * everywhere
        by_mean, by_draw = _before(run, by_mean, by_draw, everywhere)
        for draw in run.opened:
            del by_draw[draw]
    return amounts, usual


def _add(amounts: dict[UUID, float], claim: UUID, amount: float) -> None:
    amounts[claim] = amounts.get(claim, 0.0) + amount


def _before(
    run: Run, by_mean: float, by_draw: dict[int, float], everywhere: float
) -> tuple[float, dict[int, float]]:
    """The derivatives before the impacts of a day. `everywhere` is that with respect to an impact
    on the mean that is not in doubt."""
    limited, scale, scales, kept, _ = run.effect
    share = 1 - scale * run.totals.k
    before = {draw: kept.get(draw, 1.0) * value for draw, value in by_draw.items()}
    mean = share * by_mean
    for draw, own_scale in scales.items():
        p, k, _, _ = run.of_day.actions[draw]
        mean += by_draw[draw] * (1 - own_scale * (run.totals.k + (1 - p) * k) - share)
        before[draw] += p * k * (by_draw[draw] * own_scale - everywhere)
        before[draw] *= limited[draw]
    return mean, before

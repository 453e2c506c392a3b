"""Levels that people assessed, and how far recorded acts moved a level over a window of days."""

import math
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.level_state import NOTHING_ASSESSED, LevelState
from tracker.domain.scoring.moments import Knot, Scorer
from tracker.domain.scoring.movement import MOST_DRAWS, normal
from tracker.domain.scoring.standing_2 import Standing2


class WindowMovement(NamedTuple):
    """The expected movement in points from the close of `since` to that of `until`, its 90 %
    interval, and the probabilities that the level `fell` and that it `rose`. The two may not add
    up to 1: it may not have moved."""

    since: date
    until: date
    value: float
    low: float
    high: float
    fell: float
    rose: float


class AssessedLevel(NamedTuple):
    """A level that a claim assesses: its value on −9..9 with its sd, at the close of `day`."""

    value: float
    sd: float
    day: date


def assessed_level(pull: Pull) -> AssessedLevel | None:
    """Return the level that a claim assesses; None for an act or a situation."""
    if pull.sd is None:
        return None
    return AssessedLevel(pull.value, pull.sd, date.fromordinal(pull.first))


def over_window(
    scorer: Scorer, pulls: Sequence[Pull], until: date, *, since: date | None = None
) -> WindowMovement | None:
    """Return how the acts of a series moved its level up to the close of `until`: from that of
    `since`, or by default of the day before the first act.

    None for models that do not say so, and without `since` if there is no act by `until`.
    """
    start = since or _before_first_act(pulls, until)
    moved = scorer.movement(pulls, start, until) if start else None
    return WindowMovement(start, until, *moved) if start and moved else None


def of_many_acts(scorer: Scorer, first: Knot, last: Knot, until: date) -> WindowMovement | None:
    """Return what `over_window` does by default, to the last bit, from the first knot of a series
    and its last one up to `until`. None where that needs the acts: if they share draws or are few,
    or if a level was assessed."""
    if not isinstance(scorer, Standing2) or scorer.shared_days or last.claims <= MOST_DRAWS:
        return None
    state = LevelState(*last.moments)
    if state.measured != NOTHING_ASSESSED:
        return None
    moved = normal(state.mean, math.sqrt(max(0.0, state.second - state.mean * state.mean)))
    return WindowMovement(first.day - timedelta(days=1), until, *moved)


def _before_first_act(pulls: Iterable[Pull], until: date) -> date | None:
    """The day before the first act, which may be that of a situation; None without one."""
    acts = (pull.first for pull in pulls if pull.sd is None)
    first = min(acts, default=None)
    return None if first is None or first > until.toordinal() else date.fromordinal(first - 1)

"""Levels that people assessed, and how far recorded acts moved a level over a window of days."""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from tracker.domain.dates import day_before
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.level_state import NOTHING_ASSESSED, LevelState
from tracker.domain.scoring.moments import Knot, Scorer
from tracker.domain.scoring.movement import normal
from tracker.domain.scoring.standing_2 import Standing2
from tracker.domain.scoring.worlds import MOST_DRAWS


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
    `since`, or by default of the day before the first act. Before 0001-01-01 there is no day: with
    an act on it the window begins at its close, and leaves that act out.

    None for models that do not say so, and without `since` if there is no act by `until`.
    """
    if since is None and (found := _of_many_pulls(scorer, pulls, until)):
        return found
    start = since or _before_first_act(pulls, until)
    moved = scorer.movement(pulls, start, until) if start else None
    return WindowMovement(start, until, *moved) if start and moved else None


# With so many acts a movement is normal: to read more of each pair takes an archive too long.
MOST_ACTS = 2_000
# The variance of a level over the most that one act can add to it, from which on it is normal too.
NORMAL_FROM = 10


def of_many_acts(
    scorer: Scorer, first: Knot, last: Knot, until: date, *, days: int
) -> WindowMovement | None:
    """Return what `over_window` does by default, to the last bit, from the first knot of a series
    and its last one up to `until`, the last of `days` knots.

    None where that needs the acts: if a level was assessed, if acts share draws, if a situation is
    among them, which has more days than claims, or if they are few and one of them may weigh much.
    """
    if not isinstance(scorer, Standing2) or scorer.shared_days or first.day == date.min:
        return None
    state = LevelState(*last.moments)
    if state.measured != NOTHING_ASSESSED or days > last.claims:
        return None
    variance = max(0.0, state.second - state.mean * state.mean)
    if last.claims <= MOST_ACTS and variance < NORMAL_FROM * _most_of_one(scorer):
        return None
    return WindowMovement(day_before(first.day), until, *normal(state.mean, math.sqrt(variance)))


def _of_many_pulls(scorer: Scorer, pulls: Sequence[Pull], until: date) -> WindowMovement | None:
    if not isinstance(scorer, Standing2) or scorer.shared_days or len(pulls) <= MOST_DRAWS:
        return None
    knots = scorer.knots(pulls, until=until)
    return of_many_acts(scorer, knots[0], knots[-1], until, days=len(knots)) if knots else None


def _most_of_one(scorer: Standing2) -> float:
    """The most variance that one act adds: it is true with .5, and its step the largest."""
    largest = max(abs(step) for _, step in scorer.steps)
    return largest * largest / 4


def _before_first_act(pulls: Iterable[Pull], until: date) -> date | None:
    """The day before the first act, which may be that of a situation; None without one."""
    first = min((pull.first for pull in pulls if pull.sd is None), default=None)
    if first is None or first > until.toordinal():
        return None
    return day_before(date.fromordinal(first))

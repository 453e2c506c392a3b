"""Levels that people assessed, and how far recorded acts moved a level over a window of days."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from tracker.domain.dates import day_before
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.level_state import NOTHING_ASSESSED, LevelState
from tracker.domain.scoring.moments import Knot, Scorer
from tracker.domain.scoring.movement import normal
from tracker.domain.scoring.standing import Standing
from tracker.domain.scoring.worlds import MOST_DRAWS

# A smaller move is never named, however sure it is: it is less than one reported act of an ordinary
# kind adds.
LEAST_MOVE = 0.5


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
    start = since or window_start(pulls, until)
    moved = scorer.movement(pulls, start, until) if start else None
    return WindowMovement(start, until, *moved) if start and moved else None


def course(
    scorer: Scorer,
    pulls: Sequence[Pull],
    days: Sequence[date],
    *,
    since: date | None = None,
    knots: Sequence[Knot] = (),
) -> list[WindowMovement]:
    """Return the movements of a series from the close of `since` (by default the day before the
    first act) to the close of each of some ascending days.

    This is `over_window` for each day, in one pass, with intervals that are right to a thousandth
    of the scale. `knots` are those of the series, if known. Empty for models without movements, and
    without an act by the last day.
    """
    start = since or window_start(pulls, days[-1])
    if start is None or days[0] < start:
        return []
    if since is None and knots and (normals := _normals(scorer, pulls, days, knots)):
        return normals
    moves = scorer.movements(pulls, start, days) or []
    return [WindowMovement(start, day, *one) for day, one in zip(days, moves, strict=False)]


def _normals(
    scorer: Scorer, pulls: Sequence[Pull], days: Sequence[date], knots: Sequence[Knot]
) -> list[WindowMovement]:
    """The movements of a series with so many acts that the last movement is normal: from the acts
    while they are few, then from the knots. Empty for other series."""
    ends = [knot.day for knot in knots]
    places = [bisect_right(ends, day) for day in days]
    if not places[-1] or not of_many_acts(
        scorer, knots[0], knots[places[-1] - 1], days[-1], days=places[-1]
    ):
        return []
    start = day_before(knots[0].day)
    few = [
        day
        for day, place in zip(days, places, strict=True)
        if not place or knots[place - 1].claims <= MOST_DRAWS
    ]
    last = few[-1].toordinal() if few else 0
    first = [pull for pull in pulls if pull.first <= last]
    moves = list(scorer.movements(first, start, few) or []) if few else []
    for place in places[len(few) :]:
        mean, second, *_ = knots[place - 1].moments
        moves.append(normal(mean, math.sqrt(max(0.0, second - mean * mean))))
    return [WindowMovement(start, day, *one) for day, one in zip(days, moves, strict=True)]


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
    if not isinstance(scorer, Standing) or scorer.shared_days or first.day == date.min:
        return None
    state = LevelState(*last.moments)
    if state.measured != NOTHING_ASSESSED or days > last.claims:
        return None
    variance = max(0.0, state.second - state.mean * state.mean)
    if last.claims <= MOST_ACTS and variance < NORMAL_FROM * _most_of_one(scorer):
        return None
    return WindowMovement(day_before(first.day), until, *normal(state.mean, math.sqrt(variance)))


def _of_many_pulls(scorer: Scorer, pulls: Sequence[Pull], until: date) -> WindowMovement | None:
    if not isinstance(scorer, Standing) or scorer.shared_days or len(pulls) <= MOST_DRAWS:
        return None
    knots = scorer.knots(pulls, until=until)
    return of_many_acts(scorer, knots[0], knots[-1], until, days=len(knots)) if knots else None


def _most_of_one(scorer: Standing) -> float:
    """The most variance that one act adds: it is true with .5, and its step the largest."""
    largest = max(abs(step) for _, step in scorer.steps)
    return largest * largest / 4


def window_start(pulls: Iterable[Pull], until: date) -> date | None:
    """Return the day at whose close a window begins by default: the day before the first act, which
    may be that of a situation; None without an act."""
    first = min((pull.first for pull in pulls if pull.sd is None), default=None)
    if first is None or first > until.toordinal():
        return None
    return day_before(date.fromordinal(first))

"""Levels that people assessed, the change of a level over a window of days, and when such a change
counts as known: the one rule of sentences, lists, pictures, digests and mail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from tracker.domain.dates import day_before
from tracker.domain.scoring import level
from tracker.domain.scoring.evidence import Pull, moves_level, moving
from tracker.domain.scoring.level import Level
from tracker.domain.scoring.moments import Part, Scorer

# A smaller move is never named, however sure it is: it is less than one reported act of an ordinary
# kind adds.
LEAST_MOVE = 0.5
# A move is named from this probability on that the level went that way.
LEAST_CHANCE = 0.8
# What pulls one way counts as a signal beside the other from this share of it on.
SIGNAL = 0.25
# From this share on a sentence tells of both ways, however certain their sum is.
TORN = 0.5

type Turn = Literal["worse", "better", "unchanged"]


class WindowMovement(NamedTuple):
    """The expected movement in points from the close of `since` to that of `until`, its 90 %
    interval, and the probabilities that the level `fell` and that it `rose`. The two may not add
    up to 1: it may not have moved. `acted`: an act or a war of these days is on record; without
    one the level moves only by what nobody reported."""

    since: date
    until: date
    value: float
    low: float
    high: float
    fell: float
    rose: float
    acted: bool = True

    @property
    def chance(self) -> float:
        """The probability that the level moved the way of `value`."""
        return self.fell if self.value < 0 else self.rose


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
    """Return the change of the level of a series up to the close of `until`: from that of `since`,
    or by default of the day before the first act.

    None for a flow, and without `since` if there is no act by `until`.
    """
    start = since or window_start(pulls, until)
    moved = scorer.movement(pulls, start, until) if start else None
    if not (start and moved):
        return None
    return WindowMovement(start, until, *moved, acted=acted(pulls, start, until))


def course(
    scorer: Scorer, pulls: Sequence[Pull], days: Sequence[date], *, since: date | None = None
) -> list[WindowMovement]:
    """Return the movements of a series from the close of `since` (by default the day before the
    first act) to the close of each of some ascending days: `over_window` for each day, in one pass.

    Empty for a flow, and without an act by the last day.
    """
    start = since or window_start(pulls, days[-1])
    later = [day for day in days if start and day >= start]
    moves = scorer.movements(pulls, start, later) if start and later else None
    if not start or not moves:
        return []
    return [
        WindowMovement(start, day, *one, acted=acted(pulls, start, day))
        for day, one in zip(later, moves, strict=True)
    ]


def acted(pulls: Iterable[Pull], since: date, until: date) -> bool:
    """Return whether an act or a war moved a level between the closes of two days."""
    return any(True for _ in moving(pulls, since, until))


def beyond(
    scorer: Scorer,
    pulls: Sequence[Pull],
    moved: WindowMovement,
    counted: tuple[Sequence[Pull], WindowMovement],
) -> WindowMovement:
    """Return a movement without another one of the same pair, which some of its claims made, in
    each world. `counted` are those claims' pulls, and their movement; what of it was before this
    one began is left out."""
    counted_pulls, before = counted
    since = max(before.since, moved.since)
    if not isinstance(scorer, Level) or since >= before.until:
        return moved
    late = scorer.change(pulls, moved.since, moved.until)
    early = scorer.change(counted_pulls, since, before.until)
    rest = level.moved(late - early)
    return WindowMovement(moved.since, moved.until, *rest, acted=moved.acted)


def window_start(pulls: Iterable[Pull], until: date) -> date | None:
    """Return the day at whose close a window begins by default: the day before the first act, which
    may be that of a situation; None without an act."""
    first = min((pull.first for pull in pulls if moves_level(pull)), default=None)
    if first is None or first > until.toordinal():
        return None
    return day_before(date.fromordinal(first))


@dataclass(frozen=True, slots=True)
class Backing:
    """What is behind a movement: the number of independent sources of its acts, and the smaller of
    what pulled either way as a share of the larger."""

    roots: int
    against: float = 0.0

    @property
    def mixed(self) -> bool:
        """Whether what pulled against it counts as a signal too."""
        return self.against >= SIGNAL

    @property
    def torn(self) -> bool:
        """Whether what pulled against it is too much to leave out of a sentence."""
        return self.against >= TORN


def roots_of(pulls: Sequence[Pull], moved: WindowMovement) -> int:
    """Return the number of independent sources of the acts in the days of a movement."""
    own = moving(pulls, moved.since, moved.until)
    return len({root for pull in own for root in pull.roots})


def backing(pulls: Sequence[Pull], parts: Sequence[Part], moved: WindowMovement) -> Backing:
    """Return what is behind a movement; `parts` are the steps of its claims."""
    return Backing(roots_of(pulls, moved), share_against(parts))


def share_against(parts: Sequence[Part]) -> float:
    """The smaller of what pulled either way, as a share of the larger."""
    sums = [0.0, 0.0]
    for part in parts:
        sums[part.amount > 0] += abs(part.amount)
    return min(sums) / max(sums) if max(sums) else 0.0


def apart(moved: WindowMovement) -> bool:
    """Whether the 90 % interval of a movement leaves out 0."""
    return moved.low > 0 or moved.high < 0


def known(moved: WindowMovement) -> bool:
    """Whether a level probably moved the way of its movement."""
    return moved.chance >= LEAST_CHANCE


def turn_of(moved: WindowMovement | None, *, least: float = LEAST_MOVE) -> Turn:
    """Return which way a movement of at least `least` points went, if that is known."""
    if moved is None or abs(moved.value) < least or not known(moved):
        return "unchanged"
    return "worse" if moved.value < 0 else "better"


def on_one_source(moved: WindowMovement, behind: Backing | None) -> bool:
    """Whether a movement rests on the word of one source, so that it would not be if that is
    wrong."""
    return behind is not None and behind.roots == 1 and not apart(moved)

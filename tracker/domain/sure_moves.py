"""When a movement counts as known: the one rule of sentences, lists, pictures, digests and mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tracker.domain.movements import LEAST_MOVE, WindowMovement
from tracker.domain.scoring.course import moving
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Part

# One source is right or wrong as a whole, so that the interval of what it alone reports reaches 0
# however clear the report is. Its report is named, as its report, from this probability on, if it
# reports nothing that weighs against it.
LEAST_CHANCE = 0.8
# What pulls one way counts as a signal beside the other from this share of it on.
SIGNAL = 0.25
# From this share on a sentence tells of both ways, however certain their sum is.
TORN = 0.5

type Turn = Literal["worse", "better", "unchanged"]


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


def probable(moved: WindowMovement) -> bool:
    """Whether a movement would be named if one source alone reports it."""
    return moved.chance >= LEAST_CHANCE


def known(moved: WindowMovement, behind: Backing | None) -> bool:
    """Whether the interval of a movement leaves out 0, or one source alone reports it and is
    probably right. Where nobody read what is behind it (None), only the interval counts."""
    return apart(moved) or (
        behind is not None and behind.roots == 1 and not behind.mixed and probable(moved)
    )


def turn_of(
    moved: WindowMovement | None, behind: Backing | None = None, *, least: float = LEAST_MOVE
) -> Turn:
    """Return which way a movement of at least `least` points went, if that is known."""
    if moved is None or abs(moved.value) < least or not known(moved, behind):
        return "unchanged"
    return "worse" if moved.value < 0 else "better"


def one_source(moved: WindowMovement | None, turn: Turn) -> bool:
    """Whether a movement that is worse or better is known only because one source reports it."""
    return moved is not None and turn != "unchanged" and not apart(moved)

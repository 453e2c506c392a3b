"""What happened to the log as a whole: when it was reopened, and when its key was changed."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from tracker import log
from tracker.domain.events import LOG_STREAM, LogReopened, SealKeyRotated


class Reopening(NamedTuple):
    """Where the log was reopened, and how."""

    position: int
    event: LogReopened


class Rotation(NamedTuple):
    """Where and when the key of the log was changed, and how."""

    position: int
    recorded_at: datetime
    event: SealKeyRotated


class LogHistory(NamedTuple):
    """What happened to the log, in order."""

    reopenings: list[Reopening]
    rotations: list[Rotation]


def state() -> LogHistory:
    found = LogHistory([], [])
    for one in log.history([LOG_STREAM]):
        match one.decoded():
            case LogReopened() as event:
                found.reopenings.append(Reopening(one.position, event))
            case SealKeyRotated() as event:
                found.rotations.append(Rotation(one.position, one.recorded_at, event))
    return found


def reopened() -> Reopening | None:
    """The last time that the log was reopened; None if it never was."""
    return next(reversed(state().reopenings), None)


def reopened_at() -> int:
    """The position at which the log was last reopened; 0 if it never was."""
    last = reopened()
    return last.position if last else 0


def may_have_changed(position: int) -> bool:
    """Whether another event may have had a position, or one before it, until the log was reopened
    after a loss."""
    return any(
        one.event.lost_from and one.event.lost_from <= position for one in state().reopenings
    )


def names_of_positions() -> Callable[[int], str]:
    """Return a function that names a position. The name differs from that of another event which
    had the position before the log was reopened."""
    lost = [
        (one.event.lost_from, one.event.incarnation.hex[:8])
        for one in reversed(state().reopenings)
        if one.event.lost_from
    ]

    def name(position: int) -> str:
        found = (f"{position}-{given}" for first, given in lost if first <= position)
        return next(found, str(position))

    return name

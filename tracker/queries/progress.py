"""How far the background work is behind the log."""

from dataclasses import dataclass

from tracker import log
from tracker.models.derived import Cursor, DirtyPair, Quarantine
from tracker.queries import lenses


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """How far one view has followed; `stopped_by` says what it cannot read."""

    view: str
    position: int
    lag: int
    stopped_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A claim or pair in quarantine, and why."""

    view: str
    subject: str
    position: int
    error: str


def followers() -> list[Follower]:
    """Every view's follower, by view."""
    head = log.head().position
    cursors = {cursor.view: cursor for cursor in Cursor.objects.all()}
    found = []
    for view in sorted(lenses.views()):
        cursor = cursors.get(view)
        position = cursor.position if cursor else 0
        found.append(
            Follower(
                view=view,
                position=position,
                lag=head - position,
                stopped_by=cursor.stopped_by if cursor else "",
            )
        )
    return found


def waiting() -> int:
    """How many pairs wait for their scores."""
    return DirtyPair.objects.count()


def set_aside() -> list[SetAside]:
    """Everything in quarantine."""
    return [
        SetAside(view=row.view, subject=row.subject, position=row.position, error=row.error)
        for row in Quarantine.objects.order_by("view", "subject")
    ]


def behind() -> int:
    """Events to follow and pairs to score; 0 once every score is through."""
    return waiting() + sum(one.lag for one in followers() if not one.stopped_by)

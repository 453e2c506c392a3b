"""How far the background work is behind the log."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from tracker import log
from tracker.domain.lenses import LensVersion
from tracker.models.derived import Cursor, DirtyPair, Quarantine
from tracker.queries import lenses


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """How far one view has followed; `stopped_by` says what it cannot read.

    A new one that is `catching_up` still takes in what was recorded before its first lens, at
    position `begun`.
    """

    view: str
    position: int
    begun: int
    lag: int
    stopped_by: str
    catching_up: bool

    @property
    def late(self) -> int:
        """How many events since its first lens it has not taken in."""
        return self.lag - max(0, self.begun - self.position)


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
                begun=cursor.begun if cursor else lenses.begun(view),
                lag=head - position,
                stopped_by=cursor.stopped_by if cursor else "",
                catching_up=cursor is not None and cursor.position < cursor.begun,
            )
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the scores of a view are: what it has taken in, from where on it is served, and the
    pairs that wait."""

    position: int
    begun: int
    waiting: int

    @property
    def served(self) -> bool:
        return self.position >= self.begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A lens version, and how far the scores of its view are."""

    lens: LensVersion
    progress: Progress


def seen(versions: Sequence[LensVersion]) -> list[Seen]:
    """Say of each lens version how far its view is."""
    cursors = {cursor.view: cursor for cursor in Cursor.objects.all()}
    counted = DirtyPair.objects.values("view").annotate(pairs=Count("pair"))
    waits = dict(counted.values_list("view", "pairs"))
    return [
        Seen(lens=one, progress=_progress(key, cursors.get(key), waits.get(key, 0)))
        for one in versions
        for key in (one.lens.view.id,)
    ]


def _progress(view: str, cursor: Cursor | None, waits: int) -> Progress:
    if cursor is None:
        return Progress(position=0, begun=lenses.begun(view), waiting=waits)
    return Progress(position=cursor.position, begun=cursor.begun, waiting=waits)


def waiting(view: str | None = None) -> int:
    """How many pairs wait for their scores, of one view or of all."""
    marks = DirtyPair.objects.all()
    return (marks if view is None else marks.filter(view=view)).count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dirty:
    """A pair whose scores wait, since which position of the log, and how its tries went."""

    view: str
    pair: str
    since_position: int
    attempts: int
    last_error: str


def dirty(*, limit: int) -> list[Dirty]:
    """Give up to `limit` pairs that wait for their scores, the longest waiting first."""
    rows = DirtyPair.objects.order_by("since_position", "view", "pair")[:limit]
    return [
        Dirty(
            view=row.view,
            pair=row.pair,
            since_position=row.since_position,
            attempts=row.attempts,
            last_error=row.last_error,
        )
        for row in rows
    ]


def set_aside() -> list[SetAside]:
    """Everything in quarantine."""
    return [
        SetAside(view=row.view, subject=row.subject, position=row.position, error=row.error)
        for row in Quarantine.objects.order_by("view", "subject")
    ]


def behind() -> int:
    """Events to follow and pairs to score; 0 once every score is through."""
    return waiting() + sum(one.lag for one in followers() if not one.stopped_by)

"""How far the background work is behind the log."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.db import OperationalError, connection
from django.db.models import Count

from tracker import log
from tracker.domain.lenses import LensVersion
from tracker.models.derived import DISCLOSURE, Cursor, DirtyPair, Quarantine
from tracker.models.operational import Audit
from tracker.queries.scores import lenses
from tracker.queries.sql import select_value


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAudit:
    """When it ran, how many series it folded anew, and what differed."""

    at: datetime
    checked: int
    differing: tuple[str, ...]


def last_audit() -> LastAudit | None:
    """Give the last run; None where there was none yet."""
    row = Audit.objects.order_by("-started_at").first()
    if row is None:
        return None
    return LastAudit(at=row.started_at, checked=row.checked, differing=tuple(row.differing))


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
class QuarantineEntry:
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
                begun=cursor.begun if cursor else lenses.first_position(view),
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
class LensProgress:
    """A lens version, and how far the scores of its view are."""

    lens: LensVersion
    progress: Progress


def lens_progress(versions: Sequence[LensVersion]) -> list[LensProgress]:
    """Say of each lens version how far its view is."""
    cursors = {cursor.view: cursor for cursor in Cursor.objects.all()}
    counted = DirtyPair.objects.values("view").annotate(pairs=Count("pair"))
    waits = dict(counted.values_list("view", "pairs"))
    return [
        LensProgress(lens=one, progress=_progress(key, cursors.get(key), waits.get(key, 0)))
        for one in versions
        for key in (one.lens.view.id,)
    ]


def _progress(view: str, cursor: Cursor | None, waits: int) -> Progress:
    if cursor is None:
        return Progress(position=0, begun=lenses.first_position(view), waiting=waits)
    return Progress(position=cursor.position, begun=cursor.begun, waiting=waits)


def count_pending(view: str | None = None) -> int:
    """How many pairs wait for their scores, of one view or of all."""
    marks = DirtyPair.objects.all()
    return (marks if view is None else marks.filter(view=view)).count()


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingPair:
    """A pair whose scores wait, since which position of the log, and how its tries went."""

    view: str
    pair: str
    since_position: int
    attempts: int
    last_error: str


def pending_pairs(*, limit: int) -> list[PendingPair]:
    """Give up to `limit` pairs that wait for their scores, the longest waiting first."""
    rows = DirtyPair.objects.order_by("since_position", "view", "pair")[:limit]
    return [
        PendingPair(
            view=row.view,
            pair=row.pair,
            since_position=row.since_position,
            attempts=row.attempts,
            last_error=row.last_error,
        )
        for row in rows
    ]


def quarantine() -> list[QuarantineEntry]:
    """Everything in quarantine."""
    return [
        QuarantineEntry(view=row.view, subject=row.subject, position=row.position, error=row.error)
        for row in Quarantine.objects.order_by("view", "subject")
    ]


def undisclosed() -> int:
    """Events whose claims may still be withheld since the follower has not taken them in."""
    held = Cursor.objects.filter(view=DISCLOSURE).values_list("position", flat=True).first()
    return log.head().position - (held or 0)


def behind() -> int:
    """Events to follow and pairs to score; 0 once every score is through."""
    return (
        count_pending() + undisclosed() + sum(one.lag for one in followers() if not one.stopped_by)
    )


_VIEWS = "(SELECT string_agg(concat_ws(':', view, position, begun), ' ' ORDER BY view) FROM cursor)"
_ASIDE = (
    "(SELECT string_agg(concat_ws(':', view, subject), ' ' ORDER BY view, subject) FROM quarantine)"
)
_WAITING = (
    "(SELECT concat_ws(':', count(*), sum(hashtext(view || pair)::bigint * generation))"
    " FROM dirty_pair)"
)
_RENEWED = "(SELECT string_agg(concat_ws(':', name, number), ' ' ORDER BY name) FROM renewal)"
# What the public may see changes also without an event, soon after one.
_DISCLOSED = "(SELECT number FROM renewal WHERE name = 'disclosed')"
_STARTED = f"EXISTS (SELECT FROM cursor WHERE view <> '{DISCLOSURE}')"
# The views that have not taken in a position yet.
_BEHIND = (
    "(SELECT string_agg(concat_ws(':', view, position, begun), ' ' ORDER BY view) FROM cursor"
    " WHERE position < %(until)s)"
)


def of_log() -> str:
    """The stamp of what the log alone says: records as they stand, their histories."""
    return _read(log.END, _DISCLOSED)


def of_views() -> str:
    """The stamp of scores: what the views have taken in, which pairs wait, and what stands aside.

    Of all pairs, since a statement without parameters is planned once.
    """
    return _read(log.END, _VIEWS, _WAITING, _ASIDE, _DISCLOSED)


def of_tables() -> str:
    """The stamp of the tables of all pairs: of scores, which age every night, and of shifts,
    which are looked for after a while."""
    return _read(log.END, _VIEWS, _WAITING, _ASIDE, _RENEWED)


def of_editions() -> str:
    """The stamp of the editions, each of which is kept as it is."""
    return _read(log.END, "(SELECT concat_ws(':', count(*), max(made_at)) FROM edition)")


def of_past(position: int) -> str:
    """The stamp of scores as known at a position: the same for ever once the views have it."""
    return _read("'past'", log.LOG, _STARTED, _BEHIND, until=position)


def _read(*parts: str, **given: Any) -> str:
    statement = f"SELECT concat_ws('|', {', '.join(parts)})"
    with suppress(OperationalError):
        return _prepared(statement, given)
    # The connection was gone: Django asks whether it is, and makes another.
    return str(select_value(statement, given or None))


def _prepared(statement: str, given: Mapping[str, Any]) -> str:
    """Ask by a statement that the database has planned before, and over a connection of which
    nobody asks first whether it is there: for a 304 that is half of all that is done."""
    connection.ensure_connection()
    with (
        connection.wrap_database_errors,
        psycopg.Cursor(connection.connection) as cursor,
    ):
        cursor.execute(statement, given or None, prepare=True)
        [(found,)] = cursor.fetchall()
    return str(found)

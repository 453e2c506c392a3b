"""How far the background work is behind the log."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import OperationalError, connection
from django.db.models import Count, Min

from tracker import log
from tracker.domain.lenses import LensVersion
from tracker.log.messages import select_prepared
from tracker.models.derived import DISCLOSURE, Cursor, DirtyPair, Quarantine
from tracker.models.operational import Audit
from tracker.queries.scores import lenses


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditState:
    """When the last audit ran and how many series it recomputed, when the last whole one began that
    ended, and all differences that were found since then. `damaged`: some are in the log itself,
    which come first. `error`: why the last audit, or the last whole one, did not end."""

    at: datetime | None
    checked: int
    whole_at: datetime | None
    differing: tuple[str, ...]
    damaged: bool
    error: str

    @property
    def found(self) -> str:
        """The first differences, and how many more there are."""
        first = "; ".join(self.differing[:5])
        more = len(self.differing) - 5
        return f"{first}; and {more} more" if more > 0 else first

    @property
    def advice(self) -> str:
        """What to do about the differences."""
        if self.damaged:
            return (
                "the log itself was changed. Do not rebuild: that would carry the change into the"
                " scores. Restore the database from a backup, see docs/trust.md, then run manage.py"
                " audit --all"
            )
        if self.differing:
            return "run manage.py rebuild, then manage.py audit --all"
        return "docs/trust.md says what an alarm of the seal means"

    def overdue(self, *, at: datetime) -> str:
        """Since when there was no audit, or no whole one, that should have been; empty if there
        was."""
        first = log.at(1)
        if first is None:
            return ""
        limits = {
            "no audit": (self.at, MOST_UNAUDITED),
            "no whole audit": (self.whole_at, MOST_WHOLE),
        }
        for name, (last, most) in limits.items():
            since = max(last or first.recorded_at, first.recorded_at)
            if at - since > most:
                return f"{name} ended since {since:%Y-%m-%d %H:%M} UTC"
        return ""

    @property
    def public(self) -> list[str]:
        """The first differences without ids, by which a guess of a claim could be confirmed, and
        without what an event says."""
        texts = [_ID.sub("…", text).partition(" cannot be folded")[0] for text in self.differing]
        return list(dict.fromkeys(texts))[:MOST_SHOWN]


_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_SHOWN = 20
# An audit of a sample runs every ten minutes, a whole one every night.
MOST_UNAUDITED = timedelta(hours=2)
MOST_WHOLE = timedelta(days=3)


def audited() -> AuditState:
    """Return the state of the audits."""
    kept = Audit.objects.order_by("-started_at")
    wholes = kept.filter(kind=Audit.Kind.WHOLE)
    tried = [*kept.exclude(kind=Audit.Kind.INSPECTION)[:1], *wholes[:1]]
    whole = wholes.filter(error="").first()
    since = list(kept.filter(started_at__gte=whole.started_at) if whole else kept)
    since.sort(key=lambda one: not one.damaged)
    return AuditState(
        at=tried[0].started_at if tried else None,
        checked=tried[0].checked if tried else 0,
        whole_at=whole.started_at if whole else None,
        differing=tuple(dict.fromkeys(text for one in since for text in one.differing)),
        damaged=any(one.damaged for one in since),
        error=next((one.error for one in tried if one.error), ""),
    )


# How the reason begins for which a follower stopped that has processed more than there is. It stays
# so when the log has grown past it: the events in between were never processed.
AHEAD = "ahead of the log"


def ahead(position: int, *, head: int) -> str:
    """Why a follower stops that has processed events up to `position` of a log that ends earlier;
    empty if it does not."""
    if position <= head:
        return ""
    return f"{AHEAD}: it ends at position {head}, and {position} was processed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """How far one view has followed; `stopped_by` is the error that stopped it.

    A new view is `catching_up` while it processes what was recorded before its first lens, at
    position `begun`.
    """

    view: str
    position: int
    begun: int
    lag: int
    stopped_by: str
    catching_up: bool

    @property
    def is_ahead(self) -> bool:
        """Whether it has processed events that are not in the log."""
        return self.stopped_by.startswith(AHEAD)

    @property
    def late(self) -> int:
        """The number of unprocessed events since the view's first lens."""
        return self.lag - max(0, self.begun - self.position)


class QuarantineEntry(NamedTuple):
    """A claim or pair in quarantine, and why."""

    view: str
    subject: str
    position: int
    error: str


def followers() -> list[Follower]:
    """Return every view's follower, by view."""
    head = log.head().position
    cursors = {cursor.view: cursor for cursor in Cursor.objects.all()}
    followers = []
    for view in sorted(lenses.views()):
        cursor = cursors.get(view)
        position = cursor.position if cursor else 0
        followers.append(
            Follower(
                view=view,
                position=position,
                begun=cursor.begun if cursor else lenses.first_position(view),
                lag=head - position,
                stopped_by=_stopped_by(cursor, head),
                catching_up=cursor is not None and cursor.position < cursor.begun,
            )
        )
    return followers


def _stopped_by(cursor: Cursor | None, head: int) -> str:
    return (cursor.stopped_by or ahead(cursor.position, head=head)) if cursor else ""


def disclosure_stopped_by() -> str:
    """Why the disclosure follower stopped; empty if it did not."""
    return _stopped_by(Cursor.objects.filter(view=DISCLOSURE).first(), log.head().position)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the scores of a view are: its position, the position from which on it is served, and
    its pending pairs."""

    position: int
    begun: int
    waiting: int

    @property
    def served(self) -> bool:
        return self.position >= self.begun


@dataclass(frozen=True, slots=True, kw_only=True)
class LensProgress:
    """A lens version, and the progress of its view."""

    lens: LensVersion
    progress: Progress


def lens_progress(versions: Sequence[LensVersion]) -> list[LensProgress]:
    """Return the progress of the view of each lens version."""
    cursors = {cursor.view: cursor for cursor in Cursor.objects.all()}
    by_view = DirtyPair.objects.values("view").annotate(pairs=Count("pair"))
    pending = dict(by_view.values_list("view", "pairs"))
    return [
        LensProgress(lens=lens, progress=_progress(key, cursors.get(key), pending.get(key, 0)))
        for lens in versions
        for key in (lens.lens.view.id,)
    ]


def _progress(view: str, cursor: Cursor | None, pending: int) -> Progress:
    if cursor is None:
        return Progress(position=0, begun=lenses.first_position(view), waiting=pending)
    return Progress(position=cursor.position, begun=cursor.begun, waiting=pending)


def count_pending() -> int:
    """The number of pairs with pending scores."""
    return DirtyPair.objects.count()


class PendingPair(NamedTuple):
    """A pair with pending scores: since which position, and how its attempts went."""

    view: str
    pair: str
    since_position: int
    attempts: int
    last_error: str


def pending_pairs(*, limit: int) -> list[PendingPair]:
    """Return up to `limit` pairs with pending scores, the longest waiting first."""
    rows = DirtyPair.objects.order_by("since_position", "view", "pair")
    return [PendingPair(*row) for row in rows.values_list(*PendingPair._fields)[:limit]]


def quarantine() -> list[QuarantineEntry]:
    """Return all entries of the quarantine."""
    rows = Quarantine.objects.order_by("view", "subject")
    return [QuarantineEntry(*row) for row in rows.values_list(*QuarantineEntry._fields)]


def undisclosed() -> int:
    """The number of events that the disclosure follower has not processed: their claims may still
    be withheld."""
    followed = Cursor.objects.filter(view=DISCLOSURE).values_list("position", flat=True).first()
    return log.head().position - (followed or 0)


def behind() -> int:
    """The number of events to follow and pairs to score; 0 when every score is up to date."""
    return (
        count_pending()
        + max(0, undisclosed())
        + sum(follower.lag for follower in followers() if not follower.stopped_by)
    )


def reached() -> int:
    """The position up to which all that follows from the log is complete here: views, scores, and
    what the public may see. Views that are new and not served yet do not count."""
    disclosed = log.head().position - undisclosed()
    followed = [one.position for one in followers() if not one.catching_up]
    waiting: int | None = DirtyPair.objects.aggregate(since=Min("since_position"))["since"]
    unscored = [] if waiting is None else [waiting - 1]
    return min([log.head().position, disclosed, *followed, *unscored])


_VIEWS = (
    "(SELECT string_agg(concat_ws(':', view, position, begun, stopped_by <> ''), ' ' ORDER BY view)"
    " FROM cursor)"
)
_QUARANTINE = (
    "(SELECT string_agg(concat_ws(':', view, subject, position), ' ' ORDER BY view, subject)"
    " FROM quarantine)"
)
_WAITING = (
    "(SELECT concat_ws(':', count(*), sum(hashtext(view || pair)::bigint * generation))"
    " FROM dirty_pair)"
)
_RENEWED = "(SELECT string_agg(concat_ws(':', name, number), ' ' ORDER BY name) FROM renewal)"
# Disclosure changes shortly after an event, not with it.
_DISCLOSED = "(SELECT number FROM renewal WHERE name = 'disclosed')"
# An erasure changes what was known at earlier positions.
_ERASED = "(SELECT number FROM renewal WHERE name = 'erased')"
# An edition never changes.
_EDITIONS = "(SELECT concat_ws(':', count(*), max(made_at)) FROM edition)"
# A draw comes with no event.
_DRAWN = "(SELECT count(*) FROM drawn_claim)"
_AUDITED = "(SELECT max(started_at) FROM audit)"
_PAST = "past"
_STARTED = f"EXISTS (SELECT FROM cursor WHERE view <> '{DISCLOSURE}')"
# The views that have not processed a position yet.
_BEHIND = (
    "(SELECT string_agg(concat_ws(':', view, position, begun), ' ' ORDER BY view) FROM cursor"
    " WHERE position < %(until)s)"
)


def end_of(stamp: str) -> tuple[int | None, str | None]:
    """The position and the incarnation of the log in a stamp, as far as it has them."""
    parts = stamp.partition("|")[0].split(" ")
    if len(parts) > 1 and parts[0].isdecimal():
        return int(parts[0]), parts[1]
    return None, stamp.split("|")[1] if parts == [_PAST] else None


def of_log() -> str:
    """The stamp of what follows from the log alone: records and their histories."""
    return _read(log.END, _DISCLOSED)


def of_calibration() -> str:
    """The stamp of the record of the certainty: verdicts and draws."""
    return _read(log.END, _DISCLOSED, _DRAWN)


def of_views() -> str:
    """The stamp of scores: positions of the views, pending pairs and quarantine.

    It covers all pairs, since a statement without parameters is planned only once.
    """
    return _read(log.END, _VIEWS, _WAITING, _QUARANTINE, _DISCLOSED)


def of_tables() -> str:
    """The stamp of the tables of all pairs: scores, which are updated every night, and shifts,
    which are found later."""
    return _read(log.END, _VIEWS, _WAITING, _QUARANTINE, _RENEWED)


def of_editions() -> str:
    """The stamp of the editions."""
    return _read(log.END, _EDITIONS)


def of_status() -> str:
    """The stamp of the state of the background work: followers, pending pairs, quarantine, the last
    edition and the last audit."""
    return _read(log.END, _VIEWS, _WAITING, _QUARANTINE, _EDITIONS, _AUDITED)


def of_past(position: int) -> str:
    """The stamp of scores as known at a position. It no longer changes once the views have
    processed it, but by an erasure."""
    return _read(f"'{_PAST}'", log.LOG, _STARTED, _BEHIND, _ERASED, until=position)


def _read(*parts: str, **parameters: Any) -> str:
    """The parts as one text. It is the first query of most requests, and also shows whether the
    connection still works; Django would ask with a query of its own."""
    statement = f"SELECT concat_ws('|', {', '.join(parts)})"
    own: Any = connection
    own.health_check_done = True
    with suppress(OperationalError):
        return str(select_prepared(statement, parameters)[0][0])
    # The connection was lost: Django checks it and opens another.
    own.health_check_done = False
    return str(select_prepared(statement, parameters)[0][0])

"""Follows the log and keeps, view by view, what each claim does to each pair, and since when.

An event closes the impact versions that it outdates and opens the new ones at its position, so
that what was known at any position is a filter.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, connection, transaction

from tracker import log
from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain import folding as f
from tracker.domain.events import UnknownShape
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import View, pair_of
from tracker.domain.scoring.evidence import Impact
from tracker.log import Recorded
from tracker.models.derived import Cursor, Dependency, ImpactVersion, Quarantine
from tracker.queries import lenses
from tracker.queries.impacts import impact_of
from tracker.queries.neighbourhood import Neighbourhood
from tracker.queries.snapshot import Snapshot

# Claims evaluated in one transaction: a re-graded source can touch a million.
CHUNK = 500
logger = structlog.get_logger()


@dataclass(slots=True)
class _Touched:
    """The pairs whose impacts changed in this transaction, each from a day on."""

    position: int
    days: dict[str, date]

    def add(self, pair: str, day: date) -> None:
        self.days[pair] = min(day, self.days.get(pair, day))


def follow_all(*, limit: int = 200) -> int:
    """Let every view follow the log to its end; give the number of events taken in."""
    total = 0
    for view in lenses.views().values():
        while taken := follow(view, limit=limit):
            total += taken
    return total


@transaction.atomic
def follow(view: View, *, limit: int) -> int:
    """Take in up to `limit` events, or the next chunk of one; 0 at the end of the log.

    The cursor moves with the rows, and its lock makes a second follower wait.
    """
    cursor = _hold(view)
    snapshot = Snapshot(cursor.position)
    taken = 0
    touched = _Touched(cursor.position, {})
    try:
        for recorded in log.read(after=cursor.position, limit=limit, words=False):
            affected = _affected(recorded, view)
            if len(affected) > CHUNK and taken:
                break  # a large one gets transactions of its own
            snapshot.advance(recorded)
            taken += 1
            if not _take_in(recorded, affected, snapshot, view, cursor, touched):
                break
        cursor.stopped_by = ""
    except (UnknownShape, codec.BadShape) as problem:
        if cursor.stopped_by != str(problem):
            logger.warning("follower stopped", view=view.id, reason=str(problem))
        cursor.stopped_by = f"after position {cursor.position}: {problem}"
        taken = 0
    _mark(view, touched)
    cursor.save()
    return taken


def _hold(view: View) -> Cursor:
    with connection.cursor() as database:
        database.execute("SET LOCAL lock_timeout = '30s'")
    Cursor.objects.bulk_create([Cursor(view=view.id)], ignore_conflicts=True)
    return Cursor.objects.select_for_update().get(view=view.id)


def _affected(recorded: Recorded, view: View) -> list[UUID]:
    """The claims whose impacts may change with an event, in id order."""
    event = recorded.decoded()
    streams = {recorded.stream}
    own: set[UUID] = set()
    match event:
        case e.ClaimAsserted(claim=claim):
            own = {recorded.stream} if claim.collection in view.collections else set()
        case e.ClaimsLinked() | e.ClaimsUnlinked():
            own = {event.from_, event.to}
            streams |= own
        case e.TextWithheld() | e.LensDefined() | e.ImportRecorded():
            return []
    dependent = Dependency.objects.filter(view=view.id, stream__in=streams)
    return sorted(own | set(dependent.values_list("claim", flat=True)))


def _take_in(
    recorded: Recorded,
    affected: list[UUID],
    snapshot: Snapshot,
    view: View,
    cursor: Cursor,
    touched: _Touched,
) -> bool:
    """Bring the affected claims up to date; False if some are left for the next transaction."""
    if cursor.last_claim is not None:
        affected = [one for one in affected if one > cursor.last_claim]
    chunk = affected[:CHUNK]
    for claim_id in chunk:
        _refresh(claim_id, snapshot, view, touched)
    if len(affected) > CHUNK:
        # Nobody reads past whole positions; the pairs are marked once this one is whole.
        cursor.last_claim = chunk[-1]
        touched.days.clear()
        return False
    if cursor.last_claim is not None:
        _touch_all_of(recorded.position, view, touched)
    if isinstance(event := recorded.decoded(), e.LensDefined) and event.lens.view.id == view.id:
        _touch_everything(view, touched)
    cursor.position = touched.position = recorded.position
    cursor.last_claim = None
    return True


def _refresh(claim_id: UUID, snapshot: Snapshot, view: View, touched: _Touched) -> None:
    """Evaluate one claim at the snapshot's position and write what is new."""
    around = Neighbourhood(snapshot, view)
    around.streams.add(claim_id)
    subject = f"claim:{claim_id}"
    impacts: tuple[Impact, ...] = ()
    try:
        state = snapshot.get(claim_id, f.ClaimState)
        if state is not None:
            impacts = evaluate(state, around.around(state)).impacts
        Quarantine.objects.filter(view=view.id, subject=subject).delete()
    except DatabaseError:
        raise
    except Exception as problem:  # a poison claim is set aside alone
        logger.exception("claim quarantined", claim=str(claim_id), view=view.id)
        Quarantine.objects.update_or_create(
            view=view.id,
            subject=subject,
            defaults={"position": snapshot.position, "error": repr(problem)},
        )
    _write(claim_id, impacts, snapshot.position, view, touched)
    _depend(claim_id, around.streams, view)


def _write(
    claim_id: UUID,
    impacts: Iterable[Impact],
    position: int,
    view: View,
    touched: _Touched,
) -> None:
    """Close the versions that no longer hold, open those that are new, leave the others."""
    open_rows = ImpactVersion.objects.filter(view=view.id, claim=claim_id, known_until__isnull=True)
    old = {(row.initiator, row.recipient): row for row in open_rows}
    new = {(one.initiator, one.recipient): one for one in impacts}
    same = {key for key in old.keys() & new.keys() if impact_of(old[key]) == new[key]}
    for key, row in old.items():
        if key not in same:
            touched.add(row.pair, row.first)
            open_rows.filter(pair=row.pair, initiator=row.initiator).update(known_until=position)
    created = [_version(new[key], position, view) for key in sorted(new.keys() - same)]
    for row in created:
        touched.add(row.pair, row.first)
    ImpactVersion.objects.bulk_create(created)


def _version(impact: Impact, position: int, view: View) -> ImpactVersion:
    facts: dict[str, Any] = asdict(impact)
    facts["sectors"], facts["roots"] = list(impact.sectors), list(impact.roots)
    return ImpactVersion(
        view=view.id,
        pair=pair_of(impact.initiator, impact.recipient),
        known_from=position,
        **facts | {"state_roots": list(impact.state_roots)},
    )


def _depend(claim_id: UUID, streams: set[UUID], view: View) -> None:
    """Remember which streams the claim's impacts were computed from."""
    held = Dependency.objects.filter(view=view.id, claim=claim_id)
    known = set(held.values_list("stream", flat=True))
    if gone := known - streams:
        held.filter(stream__in=gone).delete()
    Dependency.objects.bulk_create(
        Dependency(view=view.id, stream=stream, claim=claim_id)
        for stream in sorted(streams - known)
    )


def _touch_all_of(position: int, view: View, touched: _Touched) -> None:
    """Touch every pair that changed at a position, in whichever transaction."""
    for column in ("known_from", "known_until"):
        rows = ImpactVersion.objects.filter(view=view.id, **{column: position})
        for pair, day in rows.values_list("pair", "first"):
            touched.add(pair, day)


def _touch_everything(view: View, touched: _Touched) -> None:
    """A new lens has everything to score."""
    rows = ImpactVersion.objects.filter(view=view.id, known_until__isnull=True)
    for pair, day in rows.values_list("pair", "first"):
        touched.add(pair, day)


def _mark(view: View, touched: _Touched) -> None:
    """Mark the touched pairs dirty, in name order, so that two followers cannot deadlock."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO dirty_pair (view, pair, from_day, since_position, generation, attempts,"
            " last_error) VALUES (%s, %s, %s, %s, 1, 0, '') ON CONFLICT (view, pair) DO UPDATE SET"
            " from_day = LEAST(dirty_pair.from_day, excluded.from_day), lease = NULL,"
            " generation = dirty_pair.generation + 1, attempts = 0, not_before = NULL",
            [
                (view.id, pair, touched.days[pair], touched.position)
                for pair in sorted(touched.days)
            ],
        )

"""Follows the log and keeps, view by view, what each claim does to each pair, and since when.

An event closes the impact versions that it outdates and opens the new ones at its position, so
that what was known at any position is a filter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import DatabaseError, OperationalError, connection, transaction

from tracker import log
from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.events import UnknownShape
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import View, pair_of
from tracker.domain.records import Collection
from tracker.domain.scoring.evidence import Impact
from tracker.log import Statement
from tracker.log.messages import ask, send
from tracker.models.derived import Cursor, Quarantine
from tracker.projections.impact_batch import Stretch, claims_in, look_around
from tracker.projections.scores import Touched, mark
from tracker.projections.transaction_settings import PATIENTLY
from tracker.queries.evidence.impacts import Ends
from tracker.queries.evidence.neighbourhood import Neighbourhood, look_into
from tracker.queries.evidence.snapshot import Snapshot
from tracker.queries.scores import lenses

logger = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a follower stands: its view, the log up to here, the stretch that it takes in, the
    pairs touched on the way, and the subjects in quarantine when it set out."""

    view: View
    snapshot: Snapshot
    stretch: Stretch
    touched: Touched
    set_aside: set[str]

    def admits(self, collection_id: UUID) -> bool:
        """Whether claims of a collection count at this position. Where the collection cannot be
        read, its claims are evaluated, so that they are set aside by name."""
        if self.view.collections:
            return collection_id in self.view.collections
        state = self.snapshot.sound([collection_id], f.CollectionState).get(collection_id)
        return state is None or self.view.admits(collection_id, state.collection)

    def begins_to_admit(self, collection_id: UUID, collection: Collection) -> bool:
        """Whether a new description makes claims count that were not looked at before."""
        counts = self.view.admits(collection_id, collection)
        return counts and not self.admits(collection_id)


def refresh(claims: Sequence[UUID], step: Step) -> None:
    """Bring what is known of claims up to the step's position."""
    known = step.stretch.known(claims)
    for claim_id, held in zip(claims, known, strict=True):
        around = Neighbourhood(step.snapshot, step.view, link_streams=step.stretch.links)
        around.streams.add(claim_id)
        _write(claim_id, held, _evaluated(claim_id, around, step), step)
        step.stretch.depends(claim_id, around.streams)


def _evaluated(claim_id: UUID, around: Neighbourhood, step: Step) -> tuple[Impact, ...]:
    """The claim's impacts; none, and an entry in quarantine, if it cannot be evaluated."""
    subject = f"claim:{claim_id}"
    try:
        state = step.snapshot.get(claim_id, f.ClaimState)
        impacts = evaluate(state, around.around(state)).impacts if state else ()
    except (DatabaseError, UnknownShape, codec.BadShape):
        raise
    except Exception as problem:  # a poison claim is set aside alone
        logger.exception("claim quarantined", claim=str(claim_id), view=step.view.id)
        step.set_aside.add(subject)
        Quarantine.objects.update_or_create(
            view=step.view.id,
            subject=subject,
            defaults={"position": step.snapshot.position, "error": repr(problem)},
        )
        return ()
    if subject in step.set_aside:
        step.set_aside.remove(subject)
        Quarantine.objects.filter(view=step.view.id, subject=subject).delete()
    return impacts


def _write(
    claim_id: UUID, known: Mapping[Ends, Impact], impacts: Iterable[Impact], step: Step
) -> None:
    """Close the versions that no longer hold and open those that are new."""
    position = step.snapshot.position
    new = {Ends(one.initiator, one.recipient): one for one in impacts}
    for ends, was in sorted(known.items()):
        if was != new.get(ends):
            step.touched.add(pair_of(*ends), was.first)
            step.stretch.close(claim_id, ends, position=position)
    for ends, now in new.items():
        if ends not in known:
            step.touched.add(pair_of(*ends), now.first)
            step.stretch.open(now, position=position)


# Claims evaluated in one transaction: a re-graded source can touch a million.
CHUNK = 1_000
BATCH = 1_000
_BEGUN = (
    "INSERT INTO cursor (view, position, begun, stopped_by) VALUES (%s, 0, %s, '')"
    " ON CONFLICT DO NOTHING"
)
_HELD = (
    "SELECT position, begun, last_claim, ARRAY(SELECT subject FROM quarantine q"
    " WHERE q.view = c.view AND starts_with(subject, 'claim:')) FROM cursor c WHERE view = %s"
)


def follow_all(*, limit: int = BATCH, most: int | None = None) -> int:
    """Let every view follow the log to its end, or until `most` events are taken in together; give
    their number.

    A view that cannot go on stops none of the others, nor does a new one with the whole log before
    it: those with least left go first.
    """
    total = 0
    for view in _nearest_first():
        while (most is None or total < most) and (taken := step(view, limit=limit)):
            total += taken
    return total


def _nearest_first() -> list[View]:
    reached = dict(Cursor.objects.values_list("view", "position"))
    return sorted(lenses.views().values(), key=lambda view: (-reached.get(view.id, 0), view.id))


def step(view: View, *, limit: int = BATCH, until: int | None = None) -> int:
    """Take in the next events of a view and give how many; 0 at the end of the log, at position
    `until`, or where the view cannot go on: then its cursor says why, and the next tick tries
    again."""
    if not _behind(view, until):
        return 0
    try:
        return follow(view, limit=limit, until=until)
    except OperationalError:
        raise
    except Exception as problem:  # every other view goes on
        if limit > 1:
            # What comes before the event that is at fault.
            logger.warning(
                "follower takes fewer events", view=view.id, limit=limit, why=repr(problem)
            )
            return step(view, limit=limit // 2, until=until)
        logger.exception("follower stopped", view=view.id)
        _stop(view, problem)
        return 0


def _behind(view: View, until: int | None) -> bool:
    """Whether there is anything to take in; a question that waits for nobody. A new view gets its
    cursor."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT LEAST(h.position, %s) > coalesce(c.position, 0), c.view IS NULL"
            " FROM log_head h LEFT JOIN cursor c ON c.view = %s",
            [until, view.id],
        )
        behind, new = cursor.fetchone()
    if behind and new:
        send(Statement(_BEGUN, [view.id, lenses.begun(view.id)]))
    return bool(behind)


@transaction.atomic
def follow(view: View, *, limit: int, until: int | None = None) -> int:
    """Take in up to `limit` events, or the next chunk of one; 0 at the end of the log.

    The cursor moves with the rows, and its lock makes a second follower wait.

    :raises UnknownShape: :raises codec.BadShape: for an event that cannot be read.
    """
    cursor, set_aside = _hold(view)
    # What an event left over is taken in alone: the claims after the last one are its own.
    entries = _next(cursor, limit=limit if cursor.last_claim is None else 1, until=until)
    step = _step(view, cursor, entries, set_aside)
    taken = claims = 0
    for recorded, entry in entries:
        affected = _affected(entry, cursor, step)
        claims += len(affected)
        if claims > CHUNK and taken:
            break  # a large one gets transactions of its own
        step.snapshot.advance(entry, begins=recorded.version == 1)
        taken += 1
        if not _take_in(entry, affected, cursor, step):
            break
    step.stretch.write()
    cursor.stopped_by = ""
    if cursor.position < cursor.begun:
        # Nobody reads these scores before the view's first lens, which marks every pair.
        step.touched.days.clear()
    send(*mark(view, step.touched, position=cursor.position), _moved(cursor))
    return taken


def _hold(view: View) -> tuple[Cursor, set[str]]:
    """Give the view's cursor, locked, and the claims that are in quarantine."""
    [(position, begun, last_claim, set_aside)] = ask(
        PATIENTLY,
        Statement("SELECT FROM cursor WHERE view = %s FOR UPDATE", [view.id]),
        # After the lock, so that it sees what its last holder did.
        Statement(_HELD, [view.id]),
    )
    cursor = Cursor(view=view.id, position=position, begun=begun, last_claim=last_claim)
    return cursor, set(set_aside)


def _moved(cursor: Cursor) -> Statement:
    return Statement(
        "UPDATE cursor SET position = %s, last_claim = %s, stopped_by = %s WHERE view = %s",
        [cursor.position, cursor.last_claim, cursor.stopped_by, cursor.view],
    )


def _next(cursor: Cursor, *, limit: int, until: int | None) -> list[tuple[log.Recorded, f.Entry]]:
    """The next events, read and decoded."""
    return [
        (one, one.entry())
        for one in log.read(after=cursor.position, limit=limit, words=False)
        if until is None or one.position <= until
    ]


def _step(
    view: View,
    cursor: Cursor,
    events: Sequence[tuple[log.Recorded, f.Entry]],
    set_aside: set[str],
) -> Step:
    """Where a view stands before some events, with what they need at hand."""
    entries = [entry for _, entry in events]
    snapshot = Snapshot(cursor.position)
    look_around(entries, snapshot)
    stretch = Stretch(view, entries, after=cursor.last_claim, most=CHUNK)
    return Step(
        view=view, snapshot=snapshot, stretch=stretch, touched=Touched(), set_aside=set_aside
    )


def _affected(entry: f.Entry, cursor: Cursor, step: Step) -> list[UUID]:
    """The claims whose impacts may change with an event and are not up to date yet, in id order;
    of more than a chunk, the first."""
    own: set[UUID] = set()
    last = cursor.last_claim
    match entry.event:
        case e.ClaimAsserted(claim=claim):
            own = {entry.stream} if step.admits(claim.collection) else set()
        case e.CollectionDescribed(collection=collection):
            if step.begins_to_admit(entry.stream, collection):
                # Its claims were passed over so far, and depend on nothing.
                own = claims_in(entry.stream, until=entry.position, after=last, most=CHUNK)
        case e.ClaimsLinked() | e.ClaimsUnlinked() as link:
            own = {link.from_, link.to}
        case e.TextWithheld() | e.LensDefined() | e.ImportRecorded():
            return []
    affected = own | step.stretch.affected(entry)
    return sorted(one for one in affected if last is None or one > last)


def _take_in(entry: f.Entry, affected: Sequence[UUID], cursor: Cursor, step: Step) -> bool:
    """Bring the affected claims up to date; False if some are left for the next transaction."""
    chunk = affected[:CHUNK]
    if len(chunk) > 1:
        look_into(chunk, step.snapshot)
    refresh(chunk, step)
    if len(affected) > CHUNK:
        # Nobody reads past whole positions; the pairs are marked once this one is whole.
        cursor.last_claim = chunk[-1]
        step.touched.days.clear()
        return False
    if cursor.last_claim is not None:
        step.stretch.write()
        step.touched.add_changed_at(entry.position, step.view)
    if isinstance(entry.event, e.LensDefined) and _concerns(entry.stream, step):
        step.stretch.write()
        step.touched.add_all(step.view)
    cursor.position = entry.position
    cursor.last_claim = None
    return True


def _concerns(lens: UUID, step: Step) -> bool:
    """Whether a lens looks through the step's view, or did so once and looks elsewhere now."""
    state = step.snapshot.get(lens, f.LensState)
    return state is not None and any(one.view.id == step.view.id for one in state.versions)


def _stop(view: View, problem: Exception) -> None:
    """Say at the cursor why the view cannot go on."""
    with transaction.atomic():
        cursor, _ = _hold(view)
        cursor.stopped_by = f"after position {cursor.position}: {problem or repr(problem)}"
        send(_moved(cursor))

"""Follows the log, view by view: finds the claims whose impacts each event may change."""

import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

import structlog
from django.db import OperationalError, connection, transaction

from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.around import prefetch_claims
from tracker.domain.lenses import View
from tracker.log import Statement, Step
from tracker.log.messages import ask_prepared, planned_once, send
from tracker.models.derived import Cursor
from tracker.projections import blocks, cursors, plain_claims, relevance, urgency
from tracker.projections.ahead import stop_ahead
from tracker.projections.impact_batch import ImpactBatch, claims_in, forget, prefetch
from tracker.projections.plain_claims import Prepared, ReadEvent
from tracker.projections.refreshing import FollowerStep, assert_plain, refresh, report_plain
from tracker.projections.scores import FEW_PAIRS, ChangedPairs, MarkedPairs, mark, score_marked
from tracker.projections.urgency import Lag
from tracker.queries.evidence.record import Snapshot
from tracker.queries.scores import lenses

logger = structlog.get_logger()


# The most claims evaluated in one transaction: a new grade of a source can affect a million.
CHUNK = 1_000
BATCH = 1_000
# So many events are processed without asking which of them imports wrote.
FEW_EVENTS = 20
# While people wait, so many events are processed in one transaction, and the views share so many
# seconds before scores are computed.
FEWER = blocks.SIZE
ROUND_SECONDS = 0.2
# The views that this process has followed.
_followed: set[str] = set()


@planned_once()
def follow_all(*, limit: int = BATCH, most: int | None = None, at: datetime | None = None) -> int:
    """Let every view follow the log to its end, or until they have processed `most` events in all.
    Returns the number of events. With the time `at`, the few pairs for which people wait are scored
    with the events that moved them.

    The views take turns, those first that have a person's event ahead. Every round is finished, so
    that an archive in one view or a new view, which reads the whole log, holds up no other. A view
    that stops does not stop the others.

    With `most`, several processes share the events of a view, and what another has taken is left
    to it.
    """
    shared = most is not None
    limit = limit if most is None else min(limit, FEWER)
    stop_ahead()
    total = 0
    stopped: set[str] = set()
    while (most is None or total < most) and (views := urgency.behind(but=stopped)):
        for view, lag in views:
            turn = _Turn(limit=limit, seconds=ROUND_SECONDS / len(views), at=at, shared=shared)
            processed = _take_turn(view, lag, turn)
            total += processed
            stopped |= set() if processed else {view.id}
    return total


class _Turn(NamedTuple):
    """How a view takes its turn: the most events of a transaction, the seconds, the time for
    scores, and whether it shares its events with other processes."""

    limit: int
    seconds: float
    at: datetime | None
    shared: bool


def _take_turn(view: View, lag: Lag, turn: _Turn) -> int:
    """Process events of a view for so long, or to the end of the log. Returns their number.

    A turn is measured in time, since a view takes a quarter of the time of another for an event
    that does not concern it.
    """
    end = time.monotonic() + turn.seconds
    go_on = partial(step, view, limit=turn.limit, at=turn.at, shared=turn.shared)
    total = processed = go_on(lag=lag)
    while processed >= min(turn.limit, FEW_EVENTS) and time.monotonic() < end:
        processed = go_on()
        total += processed
    if total:
        logger.info("followed", view=view.id, events=total)
    return total


def step(
    view: View,
    *,
    limit: int = BATCH,
    until: int | None = None,
    at: datetime | None = None,
    lag: Lag | None = None,
    shared: bool = False,
) -> int:
    """Process the next events of a view, and score as `follow` does. Returns their number; 0 at the
    end of the log, at position `until`, if the view cannot go on, or if other processes have all
    that may be `shared`. If it cannot go on, its cursor has the reason, and the next task tries
    again. `lag`: how far the view is behind, if that is known."""
    lag = lag or cursors.behind(view, until)
    if not lag.events:
        return 0
    if lag.new:
        cursors.create(view)
    try:
        if shared and lag.events > blocks.SIZE:
            return _follow_block(view, at=at, on_disk=lag.on_disk)
        go_on = _pass_and_follow if lag.events > FEW_EVENTS else follow
        return go_on(view, limit=limit, until=until, at=at, on_disk=lag.on_disk)
    except OperationalError:
        raise
    except Exception as problem:  # other views must go on
        if limit > 1 or at:
            # Smaller batches reach the events before the faulty one. Scores are left to others.
            logger.warning("follower retries", view=view.id, limit=limit, why=repr(problem))
            return step(view, limit=max(1, limit // 2), until=until)
        logger.exception("follower stopped", view=view.id)
        cursors.stop(view, problem)
        return 0


def _pass_and_follow(
    view: View, *, limit: int, until: int | None, at: datetime | None, on_disk: int
) -> int:
    """Pass over events that do not concern the view, and follow. Returns the number of events."""
    passed = _pass_over(view, until, on_disk)
    # Behind what an import wrote there are few events of a person.
    few = min(limit, FEW_EVENTS) if passed >= FEW_EVENTS else limit
    return passed + follow(view, limit=few, until=until, at=at, on_disk=on_disk)


@transaction.atomic
def _pass_over(view: View, until: int | None, on_disk: int) -> int:
    """Move the view's cursor over the next events that do not concern it. Returns their number; 0
    while claims are in quarantine, since they may wait for any record."""
    cursor, quarantined = cursors.lock(view)
    if quarantined:
        return 0
    head = log.head().position
    end = head if until is None else min(head, until)
    position = relevance.last_passed(view, after=cursor.position, until=end)
    if position > cursor.position:
        wait = [cursors.WAIT_FOR_DISK] if position > on_disk else []
        send(cursors.move(cursor, position), *wait)
    return position - cursor.position


def follow(
    view: View,
    *,
    limit: int,
    until: int | None = None,
    at: datetime | None = None,
    on_disk: int = 0,
) -> int:
    """Process up to `limit` events, or the next chunk of one. Returns the number of events; 0 at
    the end of the log. With the time `at`, up to `FEW_PAIRS` pairs for which people wait are scored
    in the same transaction, but not the first time in a process: the one before may have died of
    them, and `scores.recompute` counts the attempts. No score is seen before the events that it
    rests on are on disk: the transaction waits for the disk if they go beyond the position
    `on_disk`.

    The cursor is saved with the rows, and its lock makes a second follower wait.

    :raises UnknownShape: :raises codec.BadShape: if an event cannot be read.
    """
    commit = _commit()
    with transaction.atomic():
        cursor, quarantined = cursors.lock(view)
        # A partly processed event is finished alone: its remaining claims follow the last one.
        last = cursor.position + (limit if cursor.last_claim is None else 1)
        prepared = plain_claims.prepare(
            view,
            after=cursor.position,
            until=last if until is None else min(last, until),
            # A claim in quarantine may wait for a record that begins.
            skip_records=not quarantined,
        )
        step = _step(prepared, cursor, quarantined)
        return _finish(prepared, step, cursor, at=at, on_disk=on_disk, commit=commit)


def _follow_block(view: View, *, at: datetime | None, on_disk: int) -> int:
    """Process the next block of events that no other process has, as `follow` would. Returns their
    number; 0 if others have all of them."""
    commit = _commit()
    with transaction.atomic():
        block = blocks.take(view)
        if block is None:
            return 0
        if block.is_next:
            passed = _pass_over(view, None, on_disk)
            rest = block.until - block.after - passed
            if rest <= 0:
                return passed
            # All of it, since the next block may be prepared already.
            return passed + follow(view, limit=rest, until=block.until, at=at, on_disk=on_disk)
        if relevance.last_passed(view, after=block.after, until=block.until) == block.until:
            # Whoever has the next block passes over it.
            return 0
        prepared = plain_claims.prepare(view, after=block.after, until=block.until)
        blocks.wait_for_turn(view, block)
        cursor, quarantined = cursors.lock(view)
        if cursor.position == block.after and cursor.last_claim is None and not quarantined:
            step = _step(prepared, cursor, quarantined)
            return _finish(prepared, step, cursor, at=at, on_disk=on_disk, commit=commit)
    # Whoever had the block before has died or failed.
    return follow(view, limit=blocks.SIZE, at=at, on_disk=on_disk)


def _commit() -> list[Statement]:
    """The statement that ends the next transaction with its last message, if it is no part of
    another."""
    return [Statement("COMMIT")] if connection.get_autocommit() else []


def _finish(
    prepared: Prepared,
    step: FollowerStep,
    cursor: Cursor,
    *,
    at: datetime | None,
    on_disk: int,
    commit: Sequence[Statement],
) -> int:
    """Process the prepared events, which follow the locked cursor. Returns their number."""
    processed = _process(prepared.events, cursor, step)
    cursor.stopped_by = ""
    steps = _marks_or_scores(step, cursor, at=at if step.view.id in _followed else None)
    wait = [cursors.WAIT_FOR_DISK] if cursor.position > on_disk else []
    step.batch.write(*steps, cursors.save(cursor), *wait, *commit)
    _followed.add(step.view.id)
    if processed == len(prepared.events):
        plain_claims.keep(prepared)
    return processed


def _marks_or_scores(step: FollowerStep, cursor: Cursor, *, at: datetime | None) -> Sequence[Step]:
    """The steps that mark the touched pairs. With the time `at`, and if people wait for few of
    them, the pairs are marked now, and these are the steps that write the scores of the few."""
    touched, view = step.touched, step.view
    if cursor.position < cursor.begun:
        # No scores are read before the view's first lens, and that marks every pair.
        touched.days.clear()
    marks = mark(view, touched, position=cursor.position)
    urgent = touched.urgent & touched.days.keys()
    if at is None or not 0 < len(urgent) <= FEW_PAIRS:
        return marks
    days = {pair: day for pair, day in step.batch.write(*marks) if pair in urgent}
    # Read after the marks: the events may define a lens, which has all pairs marked.
    states = lenses.read_states(ask_prepared(lenses.STATES))
    pairs = MarkedPairs(view=view.id, days=days, position=cursor.position, lenses=states)
    return score_marked(pairs, today=at.date())


def _process(events: Sequence[ReadEvent], cursor: Cursor, step: FollowerStep) -> int:
    """Process events in order. Returns the number of those that are processed, at least partly."""
    processed = claims = 0
    quarantined = len(step.quarantined)
    for event in events:
        if event.entry is None and _pass(event, cursor, step):
            processed += 1
            continue
        entry = event.entry or event.body.entry()
        step.plain.pop(entry.stream, None)
        affected = _affected(entry, cursor, step)
        claims += len(affected)
        if claims > CHUNK and processed:
            break  # a large event gets its own transactions
        step.snapshot.advance(entry, begins=event.body.version == 1)
        processed += 1
        complete = _apply(entry, affected, cursor, step)
        if event.changes_record:
            step.kept.clear()
            step.evaluated.clear()
            rest = step.kept.evaluate(events[processed:], step.plain, after=entry.position)
            step.evaluated.update(rest)
        if not complete or len(step.quarantined) > quarantined:
            break
    return processed


def _pass(event: ReadEvent, cursor: Cursor, step: FollowerStep) -> bool:
    """Process a plain claim, a report of one, or a record that begins. False if it needs the long
    way."""
    body = event.body
    if cursor.last_claim is not None:
        return False
    if event.plain and not assert_plain(event, step):
        return False
    if event.report and not report_plain(event, step):
        return False
    if step.snapshot.holds(body.stream):
        step.snapshot.advance(body.entry(), begins=body.version == 1)
    else:
        step.snapshot.position = body.position
    cursor.position = body.position
    return True


def _step(prepared: Prepared, cursor: Cursor, quarantined: set[str]) -> FollowerStep:
    """The state before some events, with the records that they refer to."""
    events = prepared.events
    entries = [event.entry for event in events if event.entry]
    snapshot = Snapshot(cursor.position)
    plain = {event.body.stream: event.plain for event in events if event.plain}
    reported = {event.body.stream for event in events if event.report}
    prefetch(entries, plain, prepared.kept.records.documents, snapshot)
    batch = ImpactBatch(prepared.view, entries, reported, after=cursor.last_claim, most=CHUNK)
    return FollowerStep(
        view=prepared.view,
        kept=prepared.kept,
        plain=dict(prepared.known),
        evaluated=prepared.evaluated,
        snapshot=snapshot,
        batch=batch,
        touched=ChangedPairs(),
        quarantined=quarantined,
        entered=_entered([event.body.position for event in events]),
    )


def _entered(positions: Sequence[int]) -> set[int]:
    """Those of some positions that count as a person's. A single one does."""
    return urgency.entered(positions) if len(positions) > 1 else set(positions)


def _affected(entry: f.Entry, cursor: Cursor, step: FollowerStep) -> list[UUID]:
    """The claims whose impacts an event may change and which are not up to date yet, in id order;
    if there are more than a chunk, the first of them."""
    claims: set[UUID] = set()
    last = cursor.last_claim
    match entry.event:
        case e.ClaimAsserted(claim=claim):
            claims = {entry.stream} if step.admits(claim.collection) else set()
        case e.CollectionDescribed(collection=collection):
            if step.begins_to_admit(entry.stream, collection):
                # Its claims were skipped so far, so they have no dependencies.
                claims = claims_in(entry.stream, until=entry.position, after=last, most=CHUNK)
        case e.ClaimsLinked() | e.ClaimsUnlinked() as link:
            claims = {link.from_, link.to}
        case e.TextWithheld() | e.LensDefined() | e.ImportRecorded() | e.Erased():
            return []
        case e.BodyErased():
            # A rebuild may have read the claim before it was erased.
            send(*forget(entry.stream, step.view.id))
            return []
        case e.LogReopened() | e.SealKeyRotated():
            return []
    affected = claims | step.batch.affected(entry, step.snapshot)
    return sorted(claim for claim in affected if last is None or claim > last)


def _apply(entry: f.Entry, affected: Sequence[UUID], cursor: Cursor, step: FollowerStep) -> bool:
    """Update the affected claims; False if some are left for the next transaction."""
    chunk = affected[:CHUNK]
    if len(chunk) > 1:
        prefetch_claims(chunk, step.snapshot)
    refresh(chunk, step)
    if len(affected) > CHUNK:
        # Readers see only complete positions; the pairs are marked when this one is complete.
        cursor.last_claim = chunk[-1]
        step.touched.days.clear()
        return False
    if cursor.last_claim is not None:
        step.batch.write()
        step.touched.add_changed_at(entry.position, step.view)
    if isinstance(entry.event, e.LensDefined) and _concerns(entry.stream, step):
        step.batch.write()
        step.touched.add_all(step.view)
    cursor.position = entry.position
    cursor.last_claim = None
    return True


def _concerns(lens: UUID, step: FollowerStep) -> bool:
    """Whether any version of a lens uses the step's view."""
    state = step.snapshot.get(lens, f.LensState)
    return state is not None and any(version.view.id == step.view.id for version in state.versions)

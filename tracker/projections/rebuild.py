"""Rebuilds the derived tables from position 0 in a second schema, then replaces the old ones.

Readers see the old tables until one transaction replaces them. If a rebuild is killed, the old
tables stay in use, and the next rebuild removes its remains.
"""

import time as clock
from collections.abc import Callable
from datetime import UTC, date, datetime, time

import psycopg
from django.db import OperationalError, transaction

from tracker import log
from tracker.domain.lenses import View
from tracker.domain.problems import Conflict
from tracker.log import Pending
from tracker.log.appending import execute_steps
from tracker.projections import (
    ahead,
    disclosure,
    impacts,
    plain_rows,
    scores,
    shadow_tables,
    shifts,
    standing,
)
from tracker.queries import progress
from tracker.queries.evidence.impacts import followed_position
from tracker.queries.scores import lenses

EVENTS = 4_000
PAIRS = 1_000
# The most that is left when the old tables are locked, so that the lock is short.
FEW_RECORDS = 200
FEW_EVENTS = 20
MOST_ROUNDS = 50
MOST_TRIES = 60
PAUSE_SECONDS = 0.5
# A failing pair is tried five times, with pauses shorter than a minute.
MINUTES = scores.MOST_ATTEMPTS + 1

# Called with the stage, the number done, and the total.
type Report = Callable[[str, int, int], None]


class CannotSwap(Conflict):
    """The old tables were always busy. They stay in use, and nothing was changed."""


def rebuild(*, today: date, report: Report) -> int:
    """Rebuild every derived table, with the table of pairs as of `today`. Returns the position.

    :raises shadow_tables.RebuildRunning: :raises CannotSwap:
    """
    with shadow_tables.create():
        position = 0
        for _ in range(MOST_TRIES):
            position = _catch_up(position, today=today, report=report)
            try:
                return _swap(position, today=today, report=report)
            except OperationalError as problem:
                if not _is_busy(problem):
                    raise
            clock.sleep(PAUSE_SECONDS)
    raise CannotSwap("the old tables were always in use: try again at a quieter time")


def _catch_up(position: int, *, today: date, report: Report) -> int:
    """Fill the new tables until almost nothing is left. Returns the position reached."""
    for _ in range(MOST_ROUNDS):
        position = _replay(position, report=report)
        _disclose(position)
        for view in _views():
            _follow(view, position, report=report)
        _score(today, report=report)
        if _is_caught_up(position):
            with shadow_tables.use():
                shadow_tables.analyze()
            _watch(today)
            return position
    raise CannotSwap("events arrive faster than they are processed: try again at a quieter time")


def _is_caught_up(position: int) -> bool:
    """Whether the records are almost complete, and the views almost as far as the old ones."""
    left = log.head().position - position
    return left <= FEW_RECORDS and all(
        _old_position(view, position) - _shadow_position(view) <= FEW_EVENTS for view in _views()
    )


def _swap(position: int, *, today: date, report: Report) -> int:
    """Process the last events while writers wait, and replace the tables, in one transaction.

    The new views follow as far as the old ones, so that readers never see an earlier state.
    """
    with transaction.atomic():
        shadow_tables.lock_old()
        head = log.hold_head().position
        _replay(position, report=report)
        _disclose(head)
        for view in _views():
            _follow(view, _old_position(view, head), report=report)
        _score(today, report=report)
        shadow_tables.replace_old()
        ahead.bring_back(head)
    report("replaced", head, head)
    return head


def _replay(position: int, *, report: Report) -> int:
    """Write the records up to the head of the log. Returns its position."""
    head = log.head().position
    while position < head:
        with shadow_tables.use():
            batch = log.bodies(after=position, until=min(position + EVENTS, head), words=True)
            claims, documents, others = plain_rows.split(batch)
            # Written first, since further events on these claims read their rows.
            execute_steps(plain_rows.project(claims, documents))
            standing.write([Pending(one.stream, one.version, one.decoded()) for one in others])
        position = batch[-1].position
        report("records", position, head)
    return position


def _views() -> list[View]:
    with shadow_tables.use():
        return list(lenses.views().values())


def _old_position(view: View, end: int) -> int:
    """How far a view has followed, but not beyond the end of the log."""
    return min(followed_position(view.id), end)


def _shadow_position(view: View) -> int:
    with shadow_tables.use():
        return followed_position(view.id)


def _follow(view: View, until: int, *, report: Report) -> None:
    """Let a view follow, but not past the records, since it reads their links."""
    more = True
    while more:
        with shadow_tables.use():
            more = impacts.step(view, until=until) > 0
            report(f"view {view.id}", followed_position(view.id), until)


def _disclose(until: int) -> None:
    """Work out which claims the public may see, up to a position."""
    taken = True
    while taken:
        with shadow_tables.use():
            taken = disclosure.follow(until=until) > 0


def _score(today: date, *, report: Report) -> None:
    """Score every dirty pair. A failing pair gets all its attempts at once."""
    total = done = 0
    for minute in range(MINUTES):
        at = datetime.combine(today, time(0, minute), UTC)
        more = True
        while more:
            with shadow_tables.use():
                more = (count := scores.recompute_all(at=at, limit=PAIRS)) > 0
                done, total = done + count, max(total, done + count + progress.count_pending())
            report("scores", done, total)


def _watch(today: date) -> None:
    """Find shifts before the old tables are locked. Workers find those of the last events later."""
    more = True
    while more:
        with shadow_tables.use():
            # No limit: each call searches all pairs for those that are left.
            more = shifts.find(today=today) > 0


def _is_busy(problem: OperationalError) -> bool:
    busy = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
    return isinstance(problem.__cause__, busy)

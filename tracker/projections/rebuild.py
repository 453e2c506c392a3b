"""Fills new derived tables with the same code from position 0, beside the old ones, and swaps.

Readers see the old tables until the one transaction that swaps. A rebuild that is killed leaves
them serving, and the next one removes what it left.
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
from tracker.projections import disclosure, impacts, scores, shadow_tables, shifts, standing
from tracker.queries import progress
from tracker.queries.evidence.impacts import followed
from tracker.queries.scores import lenses

EVENTS = 500
PAIRS = 50
# So little is left when the old tables are locked that nobody waits for long.
FEW_RECORDS = 200
FEW_EVENTS = 20
MOST_ROUNDS = 50
MOST_TRIES = 60
PAUSE_SECONDS = 0.5
# A pair that fails is tried five times; the waits between are shorter than a minute.
MINUTES = scores.MOST_ATTEMPTS + 1

# Told the stage, how much of it is done, and the whole.
type Report = Callable[[str, int, int], None]


class CannotSwap(Conflict):
    """The old tables were busy all the time. They still serve, and nothing was changed."""


def rebuild(*, today: date, report: Report) -> int:
    """Rebuild every derived table, with the table of pairs as of `today`; give the position.

    :raises twins.RebuildRunning: if another one is under way. :raises CannotSwap:
    """
    with shadow_tables.made():
        position = 0
        for _ in range(MOST_TRIES):
            position = _catch_up(position, today=today, report=report)
            try:
                return _swap(position, today=today, report=report)
            except OperationalError as problem:
                if not _somebody_was_there(problem):
                    raise
            clock.sleep(PAUSE_SECONDS)
    raise CannotSwap("the old tables were in use all the time: try again when less goes on")


def _catch_up(position: int, *, today: date, report: Report) -> int:
    """Fill the twins until almost nothing is left to do; give the position reached."""
    for _ in range(MOST_ROUNDS):
        position = _replay(position, report=report)
        _disclose(position)
        for view in _views():
            _follow(view, position, report=report)
        _score(today, report=report)
        if _almost_there(position):
            with shadow_tables.beside():
                shadow_tables.analyze()
            _watch(today)
            return position
    raise CannotSwap("events come faster than they are taken in: try again when less goes on")


def _almost_there(position: int) -> bool:
    """Whether the records stand almost as they should, and views are almost as far as the old."""
    left = log.head().position - position
    return left <= FEW_RECORDS and all(
        followed(view.id) - _reached(view) <= FEW_EVENTS for view in _views()
    )


def _swap(position: int, *, today: date, report: Report) -> int:
    """Take in the last events while nobody can write, and swap, in one transaction.

    Views go on to where the old ones are, so that no reader finds less than before.
    """
    with transaction.atomic():
        shadow_tables.lock_old()
        head = log.hold_head().position
        _replay(position, report=report)
        _disclose(head)
        for view in _views():
            _follow(view, followed(view.id), report=report)
        _score(today, report=report)
        shadow_tables.replace_old()
    report("swapped", head, head)
    return head


def _replay(position: int, *, report: Report) -> int:
    """Write the records as they stand at the head of the log; give its position."""
    head = log.head().position
    while position < head:
        with shadow_tables.beside():
            batch = log.read(after=position, limit=min(EVENTS, head - position))
            standing.write(
                [
                    Pending(stream=one.stream, version=one.version, event=one.decoded())
                    for one in batch
                ]
            )
        position = batch[-1].position
        report("records", position, head)
    return position


def _views() -> list[View]:
    with shadow_tables.beside():
        return list(lenses.views().values())


def _reached(view: View) -> int:
    with shadow_tables.beside():
        return followed(view.id)


def _follow(view: View, until: int, *, report: Report) -> None:
    """Let a view follow, no further than the records stand: it looks at their links."""
    taken = True
    while taken:
        with shadow_tables.beside():
            taken = impacts.step(view, until=until) > 0
            report(f"view {view.id}", followed(view.id), until)


def _disclose(until: int) -> None:
    """Work out which claims the public may see, up to a position."""
    taken = True
    while taken:
        with shadow_tables.beside():
            taken = disclosure.follow(until=until) > 0


def _score(today: date, *, report: Report) -> None:
    """Score every pair that waits; one that fails gets all its attempts at once."""
    whole = done = 0
    for minute in range(MINUTES):
        at = datetime.combine(today, time(0, minute), UTC)
        taken = True
        while taken:
            with shadow_tables.beside():
                taken = (count := scores.recompute_all(at=at, limit=PAIRS)) > 0
                done, whole = done + count, max(whole, done + count + progress.waiting())
            report("scores", done, whole)


def _watch(today: date) -> None:
    """Look for shifts. While the old tables are locked there is no time for it: of the pairs that
    the last events move, the workers find them afterwards."""
    taken = True
    while taken:
        with shadow_tables.beside():
            # All at once: to ask what is left takes as long as there are pairs.
            taken = shifts.find(today=today) > 0


def _somebody_was_there(problem: OperationalError) -> bool:
    busy = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
    return isinstance(problem.__cause__, busy)

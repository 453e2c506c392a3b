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
from tracker.log import Pending
from tracker.projections import impacts, scores, standing, twins
from tracker.queries import lenses, progress
from tracker.queries.impacts import followed

EVENTS = 500
PAIRS = 50
# So few are left when the old tables are locked that nobody waits for long.
FEW_EVENTS = 20
MOST_ROUNDS = 50
MOST_TRIES = 60
PAUSE_SECONDS = 0.5
# A pair that fails is tried five times; the waits between are shorter than a minute.
MINUTES = scores.MOST_ATTEMPTS + 1

# Told the stage, how much of it is done, and the whole.
type Report = Callable[[str, int, int], None]


class CannotSwap(Exception):
    """The old tables were busy all the time. They still serve, and nothing was changed."""


def rebuild(*, today: date, report: Report) -> int:
    """Rebuild every derived table, with the table of pairs as of `today`; give the position.

    :raises twins.RebuildRunning: if another one is under way. :raises CannotSwap:
    """
    with twins.made():
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
        position = _fill(position, today=today, report=report)
        if log.head().position - position <= FEW_EVENTS:
            with twins.beside():
                twins.analyze()
            return position
    raise CannotSwap("events come faster than they are taken in: try again when less goes on")


def _fill(position: int, *, today: date, report: Report) -> int:
    """Take in all that the log holds now, in transactions of a second or so."""
    head = log.head().position
    while position < head:
        position = _replay(position)
        report("records", position, max(head, position))
    for view in _views():
        while (reached := _follow(view)) is not None:
            report(f"view {view.id}", reached, max(position, reached))
    whole = done = 0
    for minute in range(MINUTES):
        at = datetime.combine(today, time(0, minute), UTC)
        while taken := _score(at):
            done += taken
            whole = max(whole, done + _waiting())
            report("scores", done, whole)
    return position


def _swap(position: int, *, today: date, report: Report) -> int:
    """Take in the last events while nobody can write, and swap, in one transaction."""
    with transaction.atomic():
        twins.lock_old()
        head = log.hold_head().position
        position = _fill(position, today=today, report=report)
        twins.replace_old()
    report("swapped", head, head)
    return position


def _replay(position: int) -> int:
    """Write the standing rows of the next events; give the position of the last."""
    with twins.beside():
        batch = log.read(after=position, limit=EVENTS)
        standing.write(
            [Pending(stream=one.stream, version=one.version, event=one.decoded()) for one in batch]
        )
    return batch[-1].position


def _views() -> list[View]:
    with twins.beside():
        return list(lenses.views().values())


def _follow(view: View) -> int | None:
    """Let a view take one step; give the position it reached, None at its end."""
    with twins.beside():
        return followed(view.id) if impacts.step(view) else None


def _score(at: datetime) -> int:
    with twins.beside():
        return scores.recompute_all(at=at, limit=PAIRS)


def _waiting() -> int:
    with twins.beside():
        return progress.waiting()


def _somebody_was_there(problem: OperationalError) -> bool:
    busy = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
    return isinstance(problem.__cause__, busy)

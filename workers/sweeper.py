"""The workers' work without a broker: the same functions at the same intervals, in a loop."""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from tracker.imports.jobs import runner
from tracker.projections import disclosure, impacts, score_rows, scores
from workers import tasks
from workers.apart import hand_over
from workers.schedule import JOBS

logger = structlog.get_logger()
# Done at every turn of the loop, and by a thread of its own.
AT_EVERY_TURN = {"follow", "score", "age", "ingest"}


def sweep(*, at: datetime) -> int:
    """Follow, score and age all that waits; give how much that was.

    It works in small steps, so that a new lens with the whole log before it does not hold up what
    is recorded meanwhile.
    """
    done = 0
    while step := _step(at):
        done += step
    return done + score_rows.age(today=at.date())


def _step(at: datetime) -> int:
    taken = disclosure.follow_all(most=tasks.EVENTS) + impacts.follow_all(most=tasks.EVENTS)
    return taken + scores.recompute_all(at=at, limit=tasks.PAIRS)


def ingest_all(*, leaving: Callable[[], bool], apart: runner.Apart | None = hand_over) -> None:
    """Do the jobs that wait, each file in a process of its own. While the database is away this
    only waits, and a job that fails by a mistake of ours stops no other work."""
    try:
        while not leaving() and runner.run_next(now=timezone.now, leaving=leaving, apart=apart):
            pass
    except (OperationalError, InterfaceError) as problem:
        logger.warning("the database is away", reason=str(problem).strip())
        connection.close()
    except Exception:  # the job says why, and is tried again
        logger.exception("a job failed")


def finish(*, at: datetime) -> None:
    """Do once what is left when everything was swept: shifts, editions, tidying."""
    for name in ("watch", "edition", "tidy"):
        _work_off(name, at)


def _work_off(task: str, at: datetime) -> None:
    while tasks.WORK[task](at) is True:
        pass


class Sweeper:
    """Sweeps at every turn, and does the other jobs when their time has come."""

    def __init__(self, *, since: datetime) -> None:
        self._jobs = [job for job in JOBS if job.task not in AT_EVERY_TURN]
        self._due = {job.task: since + job.every for job in self._jobs}

    def turn(self, *, at: datetime) -> int:
        """Do what is due at a moment; give how much was swept. While the database is away this only
        waits."""
        try:
            done = sweep(at=at)
            for job in self._jobs:
                if at >= self._due[job.task]:
                    self._due[job.task] = at + job.every
                    _work_off(job.task, at)
        except (OperationalError, InterfaceError) as problem:
            logger.warning("the database is away", reason=str(problem).strip())
            connection.close()
            return 0
        return done

"""The workers' work without a broker: the same functions at the same intervals, in a loop."""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from tracker.imports.jobs import runner
from tracker.projections import disclosure, impacts, score_rows, scores
from workers import tasks
from workers.import_process import run_in_process
from workers.schedule import JOBS, ScheduledTask

logger = structlog.get_logger()
# Done in every round of the loop, or by a thread of its own.
EVERY_ROUND = {"follow", "score", "age", "ingest", "witness"}


def sweep(*, at: datetime) -> int:
    """Follow, score and age all that is pending. Returns the number of events, pairs and scores.

    It works in small steps, so that a new lens, which reads the whole log, does not delay new
    events.
    """
    done = 0
    # Without a limit nothing is shared: what other processes have is waited for.
    while step := _step(at) or impacts.follow_all(at=at):
        done += step
    return done + score_rows.age(today=at.date())


def _step(at: datetime) -> int:
    events = impacts.follow_all(most=tasks.EVENTS, at=at)
    # While events come in, urgent pairs wait for no more than a few others.
    pairs = scores.recompute_all(at=at, limit=scores.FEW_PAIRS if events else tasks.PAIRS)
    return events + pairs + disclosure.follow_all(most=tasks.EVENTS)


def ingest_all(
    *, shutting_down: Callable[[], bool], spawn: runner.Spawn | None = run_in_process
) -> None:
    """Run the waiting jobs, each import in a separate process. Returns if the database is
    unreachable, and after the failure of a job."""
    try:
        while not shutting_down() and runner.run_next(
            now=timezone.now, shutting_down=shutting_down, spawn=spawn
        ):
            pass
    except (OperationalError, InterfaceError) as problem:
        _report_unreachable(problem)
    except Exception:  # the job contains the reason, and is tried again
        logger.exception("a job failed")


def ask_witnesses() -> None:
    """Let witnesses sign the last checkpoint."""
    try:
        tasks.WORK["witness"](timezone.now())
    except (OperationalError, InterfaceError) as problem:
        _report_unreachable(problem)
    except Exception:  # they are asked again
        logger.exception("witnesses could not be asked")


def finish(*, at: datetime) -> None:
    """Find shifts, publish editions and clean up, after `sweep` has finished."""
    for name in ("seal", "witness", "watch", "edition", "tidy"):
        _run_until_done(name, at)


def _run_until_done(task: str, at: datetime) -> None:
    while tasks.WORK[task](at) is True:
        pass


def _report_unreachable(problem: Exception) -> None:
    logger.warning("the database is unreachable", reason=str(problem).strip())
    connection.close()


class Sweeper:
    """Sweeps in every round, and runs the other jobs when they are due."""

    def __init__(self, *, since: datetime) -> None:
        self._jobs = [job for job in JOBS if job.task not in EVERY_ROUND]
        self._due = {job.task: since + job.every for job in self._jobs}

    def run_round(self, *, at: datetime) -> int:
        """Run what is due. Returns the result of `sweep`; 0 if the database is unreachable."""
        try:
            done = sweep(at=at)
            for job in self._jobs:
                self._run_if_due(job, at)
        except (OperationalError, InterfaceError) as problem:
            _report_unreachable(problem)
            return 0
        return done

    def _run_if_due(self, job: ScheduledTask, at: datetime) -> None:
        if at >= self._due[job.task]:
            self._due[job.task] = at + job.every
            _run_until_done(job.task, at)

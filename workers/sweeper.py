"""The workers' work without a broker: the same functions, about as often as the schedule says."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from tracker.operations import editions, idempotency, jobs, tokens, webhooks
from tracker.projections import ageing, audit, impacts, scores, shifts, ticks
from workers.apart import hand_over

logger = structlog.get_logger()


def sweep(*, at: datetime) -> int:
    """Follow, score and age all that waits; give how much that was.

    In helpings, so that a new lens with the whole log before it holds up nothing that is recorded
    meanwhile.
    """
    done = 0
    while helping := _helping(at):
        done += helping
    return done + ageing.age(today=at.date())


def _helping(at: datetime) -> int:
    taken = impacts.follow_all(most=ticks.EVENTS)
    return taken + scores.recompute_all(at=at, limit=ticks.PAIRS)


def ingest_all(*, leaving: Callable[[], bool], apart: jobs.Apart | None = hand_over) -> None:
    """Do the jobs that wait, files apart. A database that is away is only waited for, and a mistake
    of ours stops no other work."""
    try:
        while not leaving() and jobs.work(now=timezone.now, leaving=leaving, apart=apart):
            pass
    except (OperationalError, InterfaceError) as problem:
        logger.warning("the database is away", reason=str(problem).strip())
        connection.close()
    except Exception:  # the job says why, and is tried again
        logger.exception("a job failed")


def tidy(*, at: datetime) -> None:
    """Delete what has outlived its time."""
    idempotency.forget(at=at)
    tokens.forget_expired(at=at)
    jobs.tidy(at=at)
    webhooks.forget(at=at)


def watch(*, at: datetime) -> None:
    """Look for shifts, which takes longer than scoring."""
    shifts.find(today=at.date())


def tell(*, at: datetime) -> None:  # noqa: ARG001 # each message has a time of its own
    """Tell the webhooks what happened."""
    webhooks.deliver(now=timezone.now)


def publish(*, at: datetime) -> None:
    """Keep the editions of the days that ended."""
    editions.publish_due(at=at)


def look_at_some(*, at: datetime) -> None:
    audit.audit(at=at, sample=audit.SAMPLE)


def look_at_all(*, at: datetime) -> None:
    audit.audit(at=at, sample=None)


# What is done beside the sweeping, and how often.
EVERY: dict[Callable[..., None], timedelta] = {
    tell: timedelta(seconds=5),
    watch: timedelta(minutes=1),
    tidy: timedelta(hours=1),
    publish: timedelta(hours=1),
    look_at_some: timedelta(minutes=10),
    look_at_all: timedelta(days=1),
}


class Sweeper:
    """Sweeps whenever asked, and does the rest when its time has come."""

    def __init__(self, *, since: datetime) -> None:
        self._due = {job: since + wait for job, wait in EVERY.items()}

    def turn(self, *, at: datetime) -> int:
        """Do what is due at a moment; give how much was swept. A database that is away is only
        waited for."""
        try:
            done = sweep(at=at)
            for job, wait in EVERY.items():
                if at >= self._due[job]:
                    self._due[job] = at + wait
                    job(at=at)
        except (OperationalError, InterfaceError) as problem:
            logger.warning("the database is away", reason=str(problem).strip())
            connection.close()
            return 0
        return done

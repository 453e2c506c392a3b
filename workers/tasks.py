"""The work of each scheduled job, and the Celery task that does it.

A message has no arguments: it says "look for work", and the work itself lies in PostgreSQL. One
that is lost, doubled or late changes only how soon something is done.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from celery import Task, shared_task
from django.db import connection
from django.utils import timezone

from tracker.imports import spool
from tracker.imports.jobs.runner import run_next
from tracker.operations import accounts, editions, idempotency
from tracker.projections import audit, disclosure, impacts, score_rows, scores, shifts
from tracker.webhooks import delivery
from workers.apart import hand_over
from workers.leaving import leaving
from workers.schedule import BY_TASK

# Of one run of a task, so that no worker is long at it. Under steady writes, which never end,
# scores still come about once a second.
EVENTS = 500
PAIRS = 200
# Pairs that a single claim moves are scored on the spot; many are for several workers.
FEW_PAIRS = 20
# Pairs of each lens that are searched for shifts.
WATCHED = 100
# Seconds after which a message is dropped that was sent because work is left.
MORE_EXPIRES_SECONDS = 10
# The channel of PostgreSQL on which a worker answers.
ANSWERS = "answers"

type Work = Callable[[datetime], object]


def scheduled(work: Work) -> "Task[Any, Any]":
    """Make the task of a job. `work` is done at a moment; if it returns True, there may be more of
    it, and the task sends itself again."""

    def run(**_: object) -> None:
        if work(timezone.now()) is True:
            task.apply_async(expires=MORE_EXPIRES_SECONDS)

    name = work.__name__
    make: Any = shared_task
    task = make(name=name, ignore_result=True, time_limit=BY_TASK[name].limit)(run)
    WORK[name] = work
    return cast("Task[Any, Any]", task)


# What each job does, by the name of its task: the sweeper does it without Celery.
WORK: dict[str, Work] = {}


@scheduled
def follow(at: datetime) -> bool:
    """Take new events in and score the few pairs that these moved: a queue between the two would
    take a third longer."""
    more = disclosure.follow_all(most=EVENTS) >= EVENTS
    more = impacts.follow_all(most=EVENTS) >= EVENTS or more
    scores.recompute_all(at=at, limit=FEW_PAIRS)
    return more


@scheduled
def score(at: datetime) -> bool:
    return scores.recompute_all(at=at, limit=PAIRS) == PAIRS


@scheduled
def watch(at: datetime) -> bool:
    return shifts.find(today=at.date(), limit=WATCHED) >= WATCHED


@scheduled
def age(at: datetime) -> None:
    score_rows.age(today=at.date())


@scheduled
def edition(at: datetime) -> None:
    editions.publish_due(at=at)


@scheduled
def audit_sample(at: datetime) -> None:
    audit.audit(at=at, sample=audit.SAMPLE)


@scheduled
def audit_all(at: datetime) -> None:
    audit.audit(at=at, sample=None)


@scheduled
def ingest(_at: datetime) -> bool:
    return run_next(now=timezone.now, leaving=leaving, apart=hand_over) and not leaving()


@scheduled
def deliver(_at: datetime) -> None:
    """Each message is sent at a time of its own."""
    delivery.deliver(now=timezone.now)


@scheduled
def tidy(at: datetime) -> None:
    idempotency.forget(at=at)
    accounts.forget_expired(at=at)
    spool.tidy(at=at)
    delivery.forget(at=at)


@shared_task(name="nothing", ignore_result=True)
def nothing(**_: object) -> None:
    """Do nothing, which takes as long as a worker needs to take up work."""


@shared_task(name="answer", ignore_result=True)
def answer(*, token: str, **_: object) -> None:
    """Notify the database that a worker took this up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [ANSWERS, token])

"""The function of each scheduled job, and its Celery task.

A message has no arguments: a task finds its work in PostgreSQL. A lost, doubled or late message
changes only the time at which work is done.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

import structlog
from celery import Task, shared_task
from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from tracker.imports import spool
from tracker.imports.jobs.runner import run_next
from tracker.mail import following, sending
from tracker.operations import (
    accounts,
    blind_review,
    editions,
    idempotency,
    seal_keys,
    sealing,
    timestamping,
    witnessing,
)
from tracker.projections import audit, coverage, disclosure, impacts, score_rows, scores, shifts
from tracker.webhooks import delivery
from workers import shutdown
from workers.import_process import run_in_process
from workers.metrics import counted
from workers.schedule import BY_TASK

# Limits for one run of a task, so that it is short. Under steady writes, scores still appear about
# once a second.
EVENTS = 500
PAIRS = 200
# Pairs of each lens that are searched for shifts in one run.
WATCHED = 100
# Seconds until a message is dropped that was sent because there is more work.
MORE_EXPIRES_SECONDS = 10
# The counter that a worker sets to answer, for so long.
ANSWER = "answer:{token}"
ANSWER_SECONDS = 60
ANSWER_ATTEMPTS, ANSWER_PAUSE_SECONDS = 10, 0.2

logger = structlog.get_logger()

type Work = Callable[[datetime], object]


def scheduled(work: Work) -> "Task[Any, Any]":
    """Create the task of a job. If `work` returns True there may be more work, and the task sends
    itself again."""

    def run(**_: object) -> None:
        with counted.task(name):
            more = work(timezone.now())
        if more is True:
            task.apply_async(expires=MORE_EXPIRES_SECONDS)

    name = work.__name__
    make: Any = shared_task
    task = make(name=name, ignore_result=True, time_limit=BY_TASK[name].limit)(run)
    WORK[name] = work
    return cast("Task[Any, Any]", task)


# The function of each job by the name of its task. The sweeper calls it without Celery.
WORK: dict[str, Work] = {}


@scheduled
def follow(at: datetime) -> bool:
    """Process new events, and score with them the few pairs for which people wait. Then score some
    of the others, but while many events come in, only urgent ones."""
    more = impacts.follow_all(most=EVENTS, at=at) >= EVENTS
    scores.recompute_all(at=at, limit=scores.FEW_PAIRS, only_urgent=more)
    return disclosure.follow_all(most=EVENTS) >= EVENTS or more


@scheduled
def score(at: datetime) -> bool:
    return scores.recompute_all(at=at, limit=PAIRS) == PAIRS


@scheduled
def seal(at: datetime) -> bool:
    try:
        return sealing.seal_next(at=at, most=sealing.MOST) >= sealing.MOST
    except seal_keys.NotSealed:  # the status page and the health check show it
        return False


@scheduled
def witness(at: datetime) -> None:
    witnessing.run_round(at=at)


@scheduled
def timestamp(at: datetime) -> None:
    try:
        timestamping.stamp_if_due(at=at)
    except timestamping.NoTimestamp as problem:  # tried again in an hour; the health check warns
        logger.warning("no timestamp of the log", reason=str(problem))


@scheduled
def watch(at: datetime) -> bool:
    return shifts.find(today=at.date(), limit=WATCHED) >= WATCHED


@scheduled
def age(at: datetime) -> None:
    score_rows.age(today=at.date())


@scheduled
def count(_at: datetime) -> None:
    coverage.follow()


@scheduled
def edition(at: datetime) -> None:
    editions.publish_due(at=at)


@scheduled
def draw(at: datetime) -> None:
    blind_review.draw_due(at=at)


@scheduled
def inspect(at: datetime) -> None:
    audit.inspect(at=at, of_seal=sealing.problem())


@scheduled
def audit_sample(at: datetime) -> None:
    audit.audit(at=at, sample=audit.SAMPLE, of_seal=sealing.problem())


@scheduled
def audit_all(at: datetime) -> None:
    audit.audit(at=at, sample=None, of_seal=sealing.problem())


@scheduled
def ingest(_at: datetime) -> bool:
    return (
        run_next(now=timezone.now, shutting_down=shutdown.is_requested, spawn=run_in_process)
        and not shutdown.is_requested()
    )


@scheduled
def deliver(_at: datetime) -> None:
    delivery.deliver(now=timezone.now)


@scheduled
def mail(_at: datetime) -> None:
    sending.send_due(now=timezone.now)


@scheduled
def tidy(at: datetime) -> None:
    idempotency.forget(at=at)
    accounts.forget_expired(at=at)
    spool.tidy(at=at)
    delivery.forget(at=at)
    following.forget(at=at)


@shared_task(name="nothing", ignore_result=True)
def nothing(**_: object) -> None:
    """Do nothing: a benchmark measures how soon a worker starts."""


@shared_task(name="answer", ignore_result=True)
def answer(*, token: str, **_: object) -> None:
    """Tell the health check that a worker runs and reaches the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    counter: Any = caches["shared"]
    for _attempt in range(ANSWER_ATTEMPTS):
        if counter.increment(ANSWER.format(token=token), seconds=ANSWER_SECONDS):
            break
        # The counter does not wait for a slow broker.
        time.sleep(ANSWER_PAUSE_SECONDS)

"""Ticks without arguments: each says "look for work"; the work itself lies in PostgreSQL.

A tick that is lost, doubled or late changes only how soon something is done.
"""

from celery import shared_task
from django.db import connection
from django.utils import timezone

from tracker.operations import editions, idempotency, jobs, tokens, webhooks
from tracker.projections import ageing, audit, ticks
from workers.apart import hand_over
from workers.leaving import leaving

# A tick sent because there was more than a helping.
MORE_EXPIRES_SECONDS = 10
AUDIT_SECONDS = 14_400
WATCH_SECONDS = 600
EDITION_SECONDS = 3_500
# An archive takes hours; that a job is stuck its lease tells.
INGEST_SECONDS = 7 * 86_400
# The channel of PostgreSQL's on which a worker answers.
ANSWERS = "answers"


@shared_task(name="follow", ignore_result=True)
def follow(**_: object) -> None:
    """Score in the same tick: through a queue of its own it would take a third longer."""
    if ticks.follow(at=timezone.now()):
        follow.apply_async(expires=MORE_EXPIRES_SECONDS)


@shared_task(name="score", ignore_result=True)
def score(**_: object) -> None:
    if ticks.score(at=timezone.now()):
        score.apply_async(expires=MORE_EXPIRES_SECONDS)


@shared_task(name="watch", ignore_result=True, time_limit=WATCH_SECONDS)
def watch(**_: object) -> None:
    if ticks.watch(at=timezone.now()):
        watch.apply_async(expires=MORE_EXPIRES_SECONDS)


@shared_task(name="age", ignore_result=True)
def age(**_: object) -> None:
    ageing.age(today=timezone.now().date())


@shared_task(name="edition", ignore_result=True, time_limit=EDITION_SECONDS)
def edition(**_: object) -> None:
    editions.publish_due(at=timezone.now())


@shared_task(name="audit_sample", ignore_result=True)
def audit_sample(**_: object) -> None:
    audit.audit(at=timezone.now(), sample=audit.SAMPLE)


@shared_task(name="audit_all", ignore_result=True, time_limit=AUDIT_SECONDS)
def audit_all(**_: object) -> None:
    audit.audit(at=timezone.now(), sample=None)


@shared_task(name="ingest", ignore_result=True, time_limit=INGEST_SECONDS)
def ingest(**_: object) -> None:
    if jobs.work(now=timezone.now, leaving=leaving, apart=hand_over) and not leaving():
        ingest.apply_async(expires=MORE_EXPIRES_SECONDS)


@shared_task(name="deliver", ignore_result=True)
def deliver(**_: object) -> None:
    webhooks.deliver(now=timezone.now)


@shared_task(name="tidy", ignore_result=True)
def tidy(**_: object) -> None:
    idempotency.forget(at=timezone.now())
    tokens.forget_expired(at=timezone.now())
    jobs.tidy(at=timezone.now())
    webhooks.forget(at=timezone.now())


@shared_task(name="nothing", ignore_result=True)
def nothing(**_: object) -> None:
    """Does nothing, which takes as long as a worker needs to take up work."""


@shared_task(name="answer", ignore_result=True)
def answer(*, token: str, **_: object) -> None:
    """Tell whoever listens at the database that a worker took this up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [ANSWERS, token])

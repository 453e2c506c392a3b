"""Ticks without arguments: each says "look for work"; the work itself lies in PostgreSQL.

A tick that is lost, doubled or late changes only how soon something is done.
"""

from celery import shared_task
from django.utils import timezone

from tracker.operations import idempotency, tokens
from tracker.projections import ageing, audit, impacts, scores


@shared_task(name="follow", ignore_result=True)
def follow(**_: object) -> None:
    """Take in what the log has, and score what that moved while it is fresh."""
    impacts.follow_all()
    scores.recompute_all(at=timezone.now())


@shared_task(name="score", ignore_result=True)
def score(**_: object) -> None:
    scores.recompute_all(at=timezone.now())


@shared_task(name="age", ignore_result=True)
def age(**_: object) -> None:
    ageing.age(today=timezone.now().date())


@shared_task(name="audit_sample", ignore_result=True)
def audit_sample(**_: object) -> None:
    audit.audit(at=timezone.now(), sample=audit.SAMPLE)


@shared_task(name="audit_all", ignore_result=True, time_limit=14_400, soft_time_limit=14_000)
def audit_all(**_: object) -> None:
    audit.audit(at=timezone.now(), sample=None)


@shared_task(name="tidy", ignore_result=True)
def tidy(**_: object) -> None:
    idempotency.forget(at=timezone.now())
    tokens.forget_expired(at=timezone.now())


@shared_task(name="nothing", ignore_result=True)
def nothing(**_: object) -> None:
    """Shows that a worker takes work."""

"""The read models under the names that analysts know, so that each has its own permissions."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from tracker.models import jobs, webhooks
from tracker.models.derived import StandingClaim, StandingRecord

PERMISSIONS = ("add", "change", "view")


class Claim(StandingClaim):
    """Who may `change` one may correct, retract, reinstate and cite: each is an event."""

    class Meta:
        proxy = True
        default_permissions = PERMISSIONS
        permissions = (("judge_claim", "Can give verdicts on claims"),)


class Actor(StandingRecord):
    class Meta:
        proxy = True
        default_permissions = PERMISSIONS


class Source(StandingRecord):
    class Meta:
        proxy = True
        default_permissions = PERMISSIONS


class Document(StandingRecord):
    class Meta:
        proxy = True
        default_permissions = PERMISSIONS


class Collection(StandingRecord):
    class Meta:
        proxy = True
        default_permissions = PERMISSIONS


class Lens(StandingRecord):
    """Who may `change` one may define its next version."""

    class Meta:
        proxy = True
        default_permissions = PERMISSIONS
        verbose_name_plural = "lenses"


class Job(jobs.Job):
    """Who may `add` one may bring files, cancel that, and withdraw imports."""

    class Meta:
        proxy = True
        default_permissions = ("add", "view")


class Webhook(webhooks.Webhook):
    """Who may `change` one may test it, pause it and give it a new secret."""

    class Meta:
        proxy = True
        default_permissions = ("change", "view")


class Beat(models.Model):
    """The pairs that somebody follows, which is what Overnight begins with: an account's own, like
    its password, and no part of the record."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    pairs = ArrayField(models.TextField(), default=list)

    class Meta:
        default_permissions = ()

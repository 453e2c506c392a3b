"""Proxies of the read models under the names that analysts use, each with its own permissions."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from tracker.models import jobs, webhooks
from tracker.models.cues import DeskCue
from tracker.models.derived import StandingClaim, StandingRecord

PERMISSIONS = ("add", "change", "view")


class Claim(StandingClaim):
    """The permission `change` allows corrections, retractions, reinstatements and citations."""

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
    """The permission `change` allows definitions of the next version."""

    class Meta:
        proxy = True
        default_permissions = PERMISSIONS
        verbose_name_plural = "lenses"


class Cue(DeskCue):
    """The permission `add` also allows to remove them."""

    class Meta:
        proxy = True
        default_permissions = ("add",)


class Job(jobs.Job):
    """The permission `add` allows imports of files, their cancellation and withdrawal."""

    class Meta:
        proxy = True
        default_permissions = ("add", "view")


class Webhook(webhooks.Webhook):
    """The permission `change` allows tests, pauses and new secrets."""

    class Meta:
        proxy = True
        default_permissions = ("change", "view")


class Beat(models.Model):
    """The pairs that an account follows, shown by Overnight. They belong to the account and are not
    part of the record."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    pairs = ArrayField(models.TextField(), default=list)

    class Meta:
        default_permissions = ()


class SavedView(models.Model):
    """A list of claims that an account keeps under a name: the parameters of its address, which
    whoever has the address sees too. It belongs to the account and is not part of the record."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    name = models.TextField()
    query = models.TextField()

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("user", "name"), name="saved_view_name"),)

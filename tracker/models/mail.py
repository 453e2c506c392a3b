"""Readers who follow pairs by mail. Operational and personal data, kept only while needed."""

from django.db import models
from django.db.models import Q


class MailRequest(models.Model):
    """A request to follow a pair, until a worker takes it within a minute. The web process only
    adds a row, so the time of its answer says nothing about the address."""

    id = models.BigAutoField(primary_key=True)
    address = models.TextField()
    pair = models.TextField()
    threshold = models.FloatField()
    each = models.BooleanField()
    site = models.TextField()
    language = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "mail_request"


class MailReader(models.Model):
    """An address that follows pairs, or asked to. `site` is this site's address, as the reader
    used it, and `language` that of the page on which the reader asked.

    A worker holds the `lease` until `lease_until`; nothing is sent before `not_before`. `week` is
    the Monday of the week of the last digest.
    """

    id = models.UUIDField(primary_key=True)
    address = models.TextField(unique=True)
    site = models.TextField()
    language = models.TextField()
    made_at = models.DateTimeField()
    week = models.DateField(null=True)
    attempts = models.IntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "mail_reader"


class MailFollow(models.Model):
    """A pair that a reader follows, or asked to follow while `confirmed_at` is None.

    The reader gets movements of at least `threshold` points, one by one if `each`, otherwise in the
    digest. The next message covers movements from the close of the day `since` and records after
    `position`. The pair was last checked on `seen_day`, as known at `seen`.
    """

    id = models.BigAutoField(primary_key=True)
    reader = models.ForeignKey(MailReader, on_delete=models.CASCADE, related_name="follows")
    pair = models.TextField()
    threshold = models.FloatField()
    each = models.BooleanField()
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    since = models.DateField(null=True)
    position = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)
    seen_day = models.DateField(null=True)

    class Meta:
        db_table = "mail_follow"
        constraints = (
            models.UniqueConstraint(
                fields=("reader", "pair"),
                condition=Q(confirmed_at=None),
                name="mail_follow_asked_once",
            ),
            models.UniqueConstraint(
                fields=("reader", "pair"),
                condition=Q(confirmed_at__isnull=False),
                name="mail_follow_once",
            ),
        )
        indexes = (models.Index(fields=("made_at",), name="mail_follow_age"),)


class MailPause(models.Model):
    """Until when no confirmation is sent to an address. `digest` is a keyed hash of the address,
    which is not kept."""

    digest = models.BinaryField(primary_key=True)
    until = models.DateTimeField()

    class Meta:
        db_table = "mail_pause"
        indexes = (models.Index(fields=("until",), name="mail_pause_until"),)

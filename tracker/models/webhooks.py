"""Webhooks and their messages. Operational: not rebuildable from the log, so back them up."""

from django.db import models
from django.db.models import Q

ACTIVE, PAUSED, DISABLED = "active", "paused", "disabled"
WAITING, DELIVERED, DROPPED, TESTING = "waiting", "delivered", "dropped", "testing"


class Webhook(models.Model):
    """An address that receives some kinds of news. `site` is this site's address, as its creator
    used it.

    Messages exist for all events up to `position`. A worker holds the `lease` until `lease_until`;
    nothing is sent before `not_before`. `secrets` are salts, the newest first.
    """

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    url = models.TextField()
    site = models.TextField()
    kinds = models.JSONField()
    pair = models.TextField(null=True)
    lens = models.TextField(null=True)
    secrets = models.JSONField()
    state = models.TextField(default=ACTIVE)
    because = models.TextField(default="")
    position = models.BigIntegerField()
    failing_since = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    recorded_by = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "webhook"


class WebhookMessage(models.Model):
    """A message to a webhook, in the order of sending. `news` is unique for each webhook."""

    id = models.BigAutoField(primary_key=True)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="messages")
    key = models.UUIDField(unique=True)
    kind = models.TextField()
    news = models.TextField()
    body = models.TextField()
    state = models.TextField(default=WAITING)
    attempts = models.IntegerField(default=0)
    status = models.IntegerField(null=True)
    error = models.TextField(default="")
    milliseconds = models.IntegerField(null=True)
    made_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhook_message"
        constraints = (
            models.UniqueConstraint(fields=("webhook", "news"), name="webhook_message_news"),
        )
        indexes = (
            models.Index(
                fields=("webhook", "id"), condition=Q(state=WAITING), name="webhook_waiting"
            ),
            models.Index(fields=("made_at",), name="webhook_message_age"),
        )

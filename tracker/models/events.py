"""The truth: the log's head and its events. Database triggers keep them append-only.

Only `tracker.log` accesses these tables.
"""

from django.db import models


class LogHead(models.Model):
    """One row with the last position. Its lock orders the writers."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    log_id = models.UUIDField()
    position = models.BigIntegerField(default=0)
    last_recorded_at = models.DateTimeField()

    class Meta:
        db_table = "log_head"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="log_head_one_row"),)


class LoggedEvent(models.Model):
    """One event, as canonical JSON. `leaf_hash` binds all columns (RFC 6962 leaf)."""

    position = models.BigIntegerField(primary_key=True)
    stream = models.UUIDField()
    version = models.IntegerField()
    kind = models.TextField()
    schema = models.SmallIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    body = models.TextField()
    text_sha256 = models.BinaryField(null=True)
    leaf_hash = models.BinaryField()

    class Meta:
        db_table = "event"
        constraints = (
            models.UniqueConstraint(fields=("stream", "version"), name="event_stream_version"),
        )
        indexes = (
            models.Index(fields=("recorded_at",), name="event_recorded_at"),
            # New descriptions and corrections since a position: rare events, rarely queried.
            models.Index(
                fields=("kind", "position"),
                condition=models.Q(kind__in=("ActorDescribed", "ClaimCorrected")),
                name="event_said_anew",
            ),
        )


class EventText(models.Model):
    """The words of an event. The row is deleted only when they are withheld."""

    position = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField()
    text = models.TextField()

    class Meta:
        db_table = "event_text"

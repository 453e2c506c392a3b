"""The truth: the log's head and its events. Guards in a migration keep them append-only.

Only `tracker.log` opens these tables.
"""

from django.db import models


class LogHead(models.Model):
    """One row. Its lock is the order of the log, its counter the last position."""

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
            # What was said anew since a moment, which is rarely asked and rarely happens.
            models.Index(
                fields=("kind", "position"),
                condition=models.Q(kind__in=("ActorDescribed", "ClaimCorrected")),
                name="event_said_anew",
            ),
        )


class EventText(models.Model):
    """The words of an event, which may be withheld; then, and only then, the row is deleted."""

    position = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField()
    text = models.TextField()

    class Meta:
        db_table = "event_text"

"""The truth: the log's head and its events. Database triggers keep them append-only.

Only `tracker.log` accesses these tables.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models


class LogHead(models.Model):
    """One row with the last position. Its lock orders the writers.

    `incarnation` is random, and changes when the log is restored or reopened: then a position may
    have another event than before.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    log_id = models.UUIDField()
    position = models.BigIntegerField(default=0)
    last_recorded_at = models.DateTimeField()
    incarnation = models.UUIDField(db_default=RandomUUID())

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
            # Later changes of claims, for the page of corrections.
            models.Index(
                fields=("position",),
                condition=models.Q(
                    kind__in=("ClaimCorrected", "ClaimRetracted", "ClaimReinstated", "VerdictGiven")
                ),
                name="event_corrections",
            ),
            # The claims that an account entered one by one; those of imports are in runs.
            models.Index(
                fields=("recorded_by",),
                condition=models.Q(kind="ClaimAsserted"),
                name="event_entered_by",
            ),
        )


class EventText(models.Model):
    """The words of an event. The row is deleted only when they are withheld."""

    position = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField()
    text = models.TextField()

    class Meta:
        db_table = "event_text"


class EventRun(models.Model):
    """Consecutive events of one append, stored as a row of columns: those from `first` to `last`.

    The first is recorded at `recorded_at`, each next one a microsecond later. `kinds` and `schemas`
    are the kinds of events in it; `leaves` has 32 bytes for each event. `run` names its columns,
    which are written before the positions are known.
    """

    first = models.BigIntegerField(primary_key=True)
    last = models.BigIntegerField(unique=True)
    run = models.BigIntegerField(unique=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    kinds = ArrayField(models.TextField())
    schemas = ArrayField(models.SmallIntegerField())
    leaves = models.BinaryField()

    class Meta:
        db_table = "event_run"
        indexes = (models.Index(fields=("recorded_at",), name="event_run_recorded_at"),)


class RunBody(models.Model):
    """The events of a run: fixed heads (see `0001_runs.sql` of the migrations), and the bodies, one
    after the other."""

    run = models.BigIntegerField(primary_key=True)
    heads = models.BinaryField()
    bodies = models.BinaryField()

    class Meta:
        db_table = "event_run_body"


class RunText(models.Model):
    """The words of the events of a run, one after the other, where each end, and their salts.

    Withheld words are cut out, and their salt is zero.
    """

    run = models.BigIntegerField(primary_key=True)
    salts = models.BinaryField()
    ends = models.BinaryField()
    texts = models.BinaryField()

    class Meta:
        db_table = "event_run_text"


class EventPlace(models.Model):
    """Where an event is in its run. `kind` counts in the run's `kinds`."""

    pk = models.CompositePrimaryKey("stream", "version")
    run = models.BigIntegerField()
    stream = models.UUIDField()
    version = models.IntegerField()
    row = models.SmallIntegerField()
    kind = models.SmallIntegerField()

    class Meta:
        db_table = "event_place"
        indexes = (models.Index(fields=("run",), name="event_place_run"),)

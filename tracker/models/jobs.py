"""What somebody asked for that takes longer than an answer may: operational, neither truth nor
rebuildable, so backed up."""

from django.db import models
from django.db.models import Q

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
UNFINISHED = (WAITING, RUNNING)


class Job(models.Model):
    """A file that is to be taken in, or an import that is to be withdrawn.

    A worker holds it by `lease` until `lease_until`, which it moves on as it works; one that waits
    is left alone until then. `same` is alike for those that ask for the same: of these one at a
    time waits or runs. `options` are what was asked for, `told` what came of it beside the counts.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.TextField()
    state = models.TextField(default=WAITING)
    recorded_by = models.TextField()
    options = models.JSONField(default=dict)
    same = models.TextField()
    file_name = models.TextField(default="")
    file_size = models.BigIntegerField(null=True)
    file_sha256 = models.TextField(default="")
    format = models.TextField(default="")
    run = models.UUIDField(null=True)
    total = models.BigIntegerField(null=True)
    done = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    told = models.JSONField(default=dict)
    error = models.TextField(default="")
    cancel_wanted = models.BooleanField(default=False)
    attempts = models.SmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "job"
        constraints = (
            models.UniqueConstraint(
                fields=("same",), condition=Q(state__in=UNFINISHED), name="job_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("asked_at", "id"), condition=Q(state__in=UNFINISHED), name="job_unfinished"
            ),
            models.Index(fields=("run",), condition=Q(run__isnull=False), name="job_run"),
        )


class BatchRow(models.Model):
    """A claim of a batch: as it was sent, in JSON; under which id it is put on record; and what
    became of it."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="rows")
    place = models.IntegerField()
    claim = models.UUIDField()
    sent = models.TextField()
    status = models.TextField(default=WAITING)
    position = models.BigIntegerField(null=True)
    told = models.JSONField(default=dict)

    class Meta:
        db_table = "batch_row"
        constraints = (models.UniqueConstraint(fields=("job", "place"), name="batch_row_place"),)

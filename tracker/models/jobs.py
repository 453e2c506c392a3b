"""Background jobs for users. Operational: they cannot be rebuilt from the log, so back them up."""

from django.db import models
from django.db.models import Q

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
UNFINISHED = (WAITING, RUNNING)


class Job(models.Model):
    """The import of a file, the withdrawal of an import, or a batch of claims.

    A worker holds the `lease` until `lease_until` and extends it as it works. A waiting job does
    not start before `lease_until`. Jobs for the same work have the same `same`; only one of them
    can wait or run. `options` is the request, `told` the result except the counts.
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
    """A claim of a batch: the JSON that was sent, the id of the claim, and the result."""

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

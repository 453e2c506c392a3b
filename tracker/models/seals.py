"""The seal of the log: how far its tree goes, and the checkpoints that were signed.

The tiles of the tree are beside the events (`0001_truth.sql` of the migrations). Database triggers
let them grow and change nothing else. Only `tracker.log.seal` writes the tree, only
`operations.sealing` checkpoints and alarms, only `operations.witnessing` what witnesses say, and
only `operations.timestamping` timestamps.
"""

from django.db import models


class SealHead(models.Model):
    """One row: how many events the tree has, and why no more are sealed or signed, since when, and
    by which host (an id in its folder). `went_back`: events are missing, or others are in their
    place. The lock of the row orders the sealers."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    alarm = models.TextField(default="")
    alarmed_at = models.DateTimeField(null=True)
    alarmed_by = models.TextField(default="", db_default="")
    went_back = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "seal_head"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="seal_head_one_row"),)


class SealedCheckpoint(models.Model):
    """The signed checkpoint of a size, as a note, and the public key of the log's signature. There
    is never another one of that size."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    key = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        db_table = "seal_checkpoint"


class SealWitness(models.Model):
    """What a witness said last of the log with a name: the size that it signed and when; since when
    it has not signed, and why; and, if it refuses the log as another history, that."""

    pk = models.CompositePrimaryKey("name", "origin")
    name = models.TextField()
    origin = models.TextField()
    size = models.BigIntegerField(default=0)
    signed_at = models.DateTimeField(null=True)
    error = models.TextField(default="")
    failing_since = models.DateTimeField(null=True)
    refused = models.TextField(default="")
    refused_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "seal_witness"


class SealTimestamp(models.Model):
    """What an authority of timestamps (RFC 3161) answered about the text of the checkpoint of a
    size: it existed at `stamped_at`. `authority` is the host that was asked."""

    size = models.BigIntegerField(primary_key=True)
    answer = models.BinaryField()
    stamped_at = models.DateTimeField()
    authority = models.TextField()

    class Meta:
        db_table = "seal_timestamp"

"""What running the tracker needs to remember: neither truth nor rebuildable, so backed up."""

from django.conf import settings
from django.db import models
from knox.models import AbstractAuthToken


class Idempotency(models.Model):
    """The answer to a write, kept for a day for whoever sends the same key again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    method = models.TextField()
    path = models.TextField()
    key = models.TextField()
    body_sha256 = models.BinaryField()
    status = models.SmallIntegerField(null=True)
    response = models.TextField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "idempotency"
        constraints = (
            models.UniqueConstraint(
                fields=("user", "method", "path", "key"), name="idempotency_scope"
            ),
        )
        indexes = (models.Index(fields=("created_at",), name="idempotency_age"),)


class ApiToken(AbstractAuthToken):
    """A hashed, expiring token with a name and the scopes that it grants.

    `issued_by` names who issued it: an account, or the command line; empty where nobody noted it.
    `issuer` is that account. A token for somebody else ends with the account that issued it.
    """

    name = models.TextField(default="")
    scopes = models.JSONField(default=list)
    issued_by = models.TextField(default="", db_default="")
    issuer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="tokens_issued",
    )

    class Meta:
        db_table = "api_token"


class Audit(models.Model):
    """One run of the auditor: how many series it folded anew, and those that differed."""

    started_at = models.DateTimeField(primary_key=True)
    checked = models.IntegerField()
    differing = models.JSONField(default=list)

    class Meta:
        db_table = "audit"


class ImportRun(models.Model):
    """One file on its way in. `rows` is None until they are counted; `done` of them are through.

    `counts` sum to the rows done, by outcome. A run that stopped half-way is taken up again by
    whoever imports the same file, known by its SHA-256, into the same collection; `collection` is
    None where each claim names its own.
    """

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    format = models.TextField()
    file_sha256 = models.TextField()
    collection = models.UUIDField(null=True)
    recorded_by = models.TextField()
    state = models.TextField()
    rows = models.BigIntegerField(null=True)
    done = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    error = models.TextField(default="")
    started_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "import_run"
        indexes = (
            models.Index(fields=("file_sha256",), name="import_run_file"),
            models.Index(fields=("started_at", "id"), name="import_run_started"),
        )


class ImportSpan(models.Model):
    """Positions of the log, from `first` to `last`, that one import wrote, and nobody else."""

    first = models.BigIntegerField(primary_key=True)
    last = models.BigIntegerField()
    run = models.UUIDField()

    class Meta:
        db_table = "import_span"
        indexes = (models.Index(fields=("run", "first"), name="import_span_run"),)


class Edition(models.Model):
    """What the values of a lens version came to on a day, as known at a position: by this they
    are cited, so the row is kept for ever.

    No event says that an edition was made, so a rebuild leaves it alone; but its digest follows
    from the log up to `position`, and `manage.py edition --verify` derives it again and compares.
    """

    pk = models.CompositePrimaryKey("lens", "lens_version", "day")
    lens = models.UUIDField()
    lens_version = models.IntegerField()
    day = models.DateField()
    position = models.BigIntegerField()
    pairs = models.IntegerField()
    digest = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "edition"
        indexes = (models.Index(fields=("day", "lens", "lens_version"), name="edition_day"),)

"""Operational tables: they cannot be rebuilt from the log, so back them up."""

from django.conf import settings
from django.db import models
from knox.models import AbstractAuthToken


class Idempotency(models.Model):
    """The response to a write, stored for a day to answer a request with the same key."""

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
    """A hashed, expiring token with a name and scopes.

    `issued_by` names the account that issued it, or the command line; empty if unknown. `issuer` is
    that account. A token for another account is deleted with its issuer.
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


class AccountName(models.Model):
    """A name that an account has or had. The log has the names of authors, so no other account can
    take it, also not after the account is renamed or deleted."""

    name = models.TextField(primary_key=True)
    account = models.BigIntegerField(db_index=True)

    class Meta:
        db_table = "account_name"


class Audit(models.Model):
    """One audit: the number of series that were recomputed, and the differences. `damaged`: some
    are in the log itself. `error`: why it did not end. Of inspections those that found something
    new are kept."""

    class Kind(models.TextChoices):
        WHOLE = "whole"
        SAMPLE = "sample"
        INSPECTION = "inspection"

    started_at = models.DateTimeField(primary_key=True)
    kind = models.TextField(choices=Kind)
    checked = models.IntegerField(default=0)
    differing = models.JSONField(default=list)
    damaged = models.BooleanField(default=False)
    error = models.TextField(default="")

    class Meta:
        db_table = "audit"


class ImportRun(models.Model):
    """The import of a file. `rows` is None until they are counted; `done` of them are processed.

    `counts` are the processed rows by outcome. An interrupted run is resumed by the next import of
    the same file (by its SHA-256) into the same collection. `collection` is None if each claim
    names its collection.
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
    """Positions of the log, from `first` to `last`, that only one import wrote."""

    first = models.BigIntegerField(primary_key=True)
    last = models.BigIntegerField()
    run = models.UUIDField()

    class Meta:
        db_table = "import_span"
        indexes = (models.Index(fields=("run", "first"), name="import_span_run"),)


class Edition(models.Model):
    """The digest of the values of a lens version on a day, as known at a position. Editions are
    cited, so the row is kept for ever.

    A rebuild does not change editions, since no event records them. The digest follows from the log
    up to `position`: `manage.py edition --verify` recomputes and compares it. `spreads` is the
    version of the settings of its spreads, or the reason why there are none, as a key of
    `domain.editions.NO_SPREADS`. `root` is that of the log's tree at the position, in hex digits.
    """

    pk = models.CompositePrimaryKey("lens", "lens_version", "day")
    lens = models.UUIDField()
    lens_version = models.IntegerField()
    day = models.DateField()
    position = models.BigIntegerField()
    pairs = models.IntegerField()
    digest = models.TextField()
    made_at = models.DateTimeField()
    spreads = models.TextField()
    root = models.TextField()

    class Meta:
        db_table = "edition"
        indexes = (models.Index(fields=("day", "lens", "lens_version"), name="edition_day"),)


class EditionSpread(models.Model):
    """How far the level of a pair in an edition depends on the settings of its model: the lowest
    and the highest level, and the share of settings with the same sign (null: it has none). Kept
    with the edition; `--verify` recomputes it."""

    pk = models.CompositePrimaryKey("lens", "lens_version", "day", "pair")
    lens = models.UUIDField()
    lens_version = models.IntegerField()
    day = models.DateField()
    pair = models.TextField()
    low = models.FloatField()
    high = models.FloatField()
    same_sign = models.FloatField(null=True)

    class Meta:
        db_table = "edition_spread"


class DrawnClaim(models.Model):
    """A claim that was drawn for a judgement without sight of p, in the week that begins on a
    Monday, as known at a position; no claim is drawn twice.

    `probability` is that of its stratum. `verdict` is the position of the verdict that came of it;
    None while it is open.
    """

    claim = models.UUIDField(primary_key=True)
    week = models.DateField()
    position = models.BigIntegerField()
    stratum = models.TextField()
    probability = models.FloatField()
    verdict = models.BigIntegerField(null=True)

    class Meta:
        db_table = "drawn_claim"
        indexes = (models.Index(fields=("week", "claim"), name="drawn_claim_week"),)


class SecondCoding(models.Model):
    """The coding of a claim by a second person, without sight of the first: `second`, and `first`
    as the claim had it in this version. Both have the fields of `domain.second_coding.Coding`."""

    claim = models.UUIDField(primary_key=True)
    version = models.IntegerField()
    collection = models.UUIDField()
    coder = models.TextField()
    coded_at = models.DateTimeField()
    first = models.JSONField()
    second = models.JSONField()

    class Meta:
        db_table = "second_coding"
        indexes = (models.Index(fields=("collection", "claim"), name="second_coding_collection"),)

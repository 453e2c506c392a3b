"""Tables derived from the log. Every row can be dropped and rebuilt.

They have natural keys and no wall clock, and no foreign key refers to them.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, HashIndex
from django.db import models

from tracker.models import search_columns

# The states of the log's streams, written in the transaction of the append: now in the standing
# tables, and before each later event in the past ones.


class ClaimColumns(models.Model):
    """A claim after the event `version` of its stream. `state` is complete; the columns repeat
    fields for filters."""

    id = models.UUIDField(primary_key=True)
    version = models.IntegerField()
    status = models.TextField()
    collection = models.UUIDField()
    kind = models.TextField()
    code = models.TextField(null=True)
    earliest = models.DateField(null=True)
    latest = models.DateField(null=True)
    actors = ArrayField(models.UUIDField())
    documents = ArrayField(models.UUIDField())
    sources = ArrayField(models.UUIDField())
    state = models.JSONField()

    class Meta:
        abstract = True


class StandingClaim(ClaimColumns):
    """A claim as it stands."""

    class Meta:
        db_table = "standing_claim"
        indexes = (
            models.Index(fields=("collection", "id"), name="standing_claim_collection"),
            # The order of the desk's list: the latest act first, undated ones last.
            models.Index(
                models.F("latest").desc(nulls_last=True),
                models.F("id").desc(),
                name="standing_claim_newest",
            ),
            GinIndex(fields=("actors",), name="standing_claim_actors"),
            GinIndex(fields=("documents",), name="standing_claim_documents"),
            # Nearly no claim names a source behind its publisher.
            GinIndex(
                fields=("sources",),
                name="standing_claim_chains",
                condition=~models.Q(sources=[]),
            ),
            GinIndex(search_columns.of_claim(), name="standing_claim_words"),
            models.Index(fields=("code", "id"), name="standing_claim_code"),
            # Nearly all claims are acts in force; they are found without an index.
            models.Index(
                fields=("kind", "id"), name="standing_claim_kind", condition=~models.Q(kind="act")
            ),
            models.Index(
                fields=("status", "id"),
                name="standing_claim_status",
                condition=~models.Q(status="standing"),
            ),
            # Nearly no claim has a verdict.
            models.Index(
                fields=("id",),
                name="standing_claim_judged",
                condition=models.Q(state__has_key="verdicts"),
            ),
        )


class PastClaim(ClaimColumns):
    """A claim as it stood before a later event."""

    pk = models.CompositePrimaryKey("id", "version")
    id = models.UUIDField()

    class Meta:
        db_table = "past_claim"
        indexes = (
            GinIndex(fields=("actors",), name="past_claim_actors"),
            GinIndex(fields=("documents",), name="past_claim_documents"),
        )


def _addressed(key: str, *, name: str) -> HashIndex:
    """The index of documents by an address: a hash, since addresses are long and mostly unique."""
    return HashIndex(
        search_columns.of_document(key),
        condition=models.Q(noun="document"),
        name=f"standing_record_{name}",
    )


class RecordColumns(models.Model):
    """An actor, a source, a document, a collection, a lens or an import after the event `version`.

    `name` is the name for look-ups: a state's code, a collection's name.
    """

    id = models.UUIDField(primary_key=True)
    version = models.IntegerField()
    noun = models.TextField()
    name = models.TextField()
    state = models.JSONField()

    class Meta:
        abstract = True


class StandingRecord(RecordColumns):
    """A record as last described."""

    class Meta:
        db_table = "standing_record"
        indexes = (
            models.Index(fields=("noun", "name", "id"), name="standing_record_name"),
            _addressed("url", name="address"),
            _addressed("archive_url", name="archived"),
            models.Index(
                search_columns.of_document("date").desc(nulls_last=True),
                models.F("id").desc(),
                condition=models.Q(noun="document"),
                name="standing_record_dated",
            ),
            models.Index(
                search_columns.of_document("source"),
                condition=models.Q(noun="document"),
                name="standing_record_source",
            ),
            models.Index(
                search_columns.of_source("actor"),
                condition=models.Q(noun="source"),
                name="standing_record_speaker",
            ),
            GinIndex(
                search_columns.of_record(),
                condition=models.Q(noun="document"),
                name="standing_record_words",
            ),
        )


class PastRecord(RecordColumns):
    """A record as described before a later event."""

    pk = models.CompositePrimaryKey("id", "version")
    id = models.UUIDField()

    class Meta:
        db_table = "past_record"
        indexes = (models.Index(fields=("noun", "name", "id"), name="past_record_name"),)


class LinkColumns(models.Model):
    """A link between two claims after the event `version`; `linked` unless it is undone."""

    id = models.UUIDField(primary_key=True)
    version = models.IntegerField()
    type = models.TextField()
    from_claim = models.UUIDField()
    to_claim = models.UUIDField()
    linked = models.BooleanField()

    class Meta:
        abstract = True


class StandingLink(LinkColumns):
    """A link as it stands."""

    class Meta:
        db_table = "standing_link"
        indexes = (
            models.Index(fields=("from_claim",), name="standing_link_from"),
            models.Index(fields=("to_claim",), name="standing_link_to"),
        )


class PastLink(LinkColumns):
    """A link as it stood before a later event."""

    pk = models.CompositePrimaryKey("id", "version")
    id = models.UUIDField()

    class Meta:
        db_table = "past_link"
        indexes = (
            models.Index(fields=("from_claim",), name="past_link_from"),
            models.Index(fields=("to_claim",), name="past_link_to"),
        )


class Disclosed(models.Model):
    """A claim may be shown in public as of the positions from `known_from` up to `known_until`.

    Without `known_until` it may be shown as it stands. A claim without a row is withheld. Claims
    that accuse nobody get their row in the transaction of the append, all others by the follower.
    """

    pk = models.CompositePrimaryKey("claim", "known_from")
    claim = models.UUIDField()
    known_from = models.BigIntegerField()
    known_until = models.BigIntegerField(null=True)

    class Meta:
        db_table = "disclosed"


class CoverageCounts(models.Model):
    """The claims of a collection in force at `position`, counted by month, language and root, and
    those that were proposed by then, by month and person."""

    collection = models.UUIDField(primary_key=True)
    position = models.BigIntegerField()
    counts = models.JSONField()

    class Meta:
        db_table = "coverage"


# Derived in the background, view by view.


# Under this name in place of a view's, the follower of disclosure files its cursor, and on which
# records it depends whether a claim is withheld.
DISCLOSURE = "disclosure"


class Cursor(models.Model):
    """The position up to which a view has followed the log, and the last claim of the next event,
    if that is partly processed.

    The view's first lens was defined at position `begun`; before that its scores are not read.
    """

    view = models.TextField(primary_key=True)
    position = models.BigIntegerField(default=0)
    begun = models.BigIntegerField(default=0)
    last_claim = models.UUIDField(null=True)
    stopped_by = models.TextField(default="")

    class Meta:
        db_table = "cursor"


class Dependency(models.Model):
    """A claim's impacts in a view were computed from this stream."""

    pk = models.CompositePrimaryKey("view", "stream", "claim")
    view = models.TextField()
    stream = models.UUIDField()
    claim = models.UUIDField()

    class Meta:
        db_table = "dependency"
        indexes = (models.Index(fields=("view", "claim"), name="dependency_claim"),)


class ImpactVersion(models.Model):
    """The impact of a claim on a directed pair, as known from one position until another.

    `pair` is undirected, codes in alphabetical order: "KAZ-RUS". With an `sd` it is an assessed
    level.
    """

    pk = models.CompositePrimaryKey("view", "pair", "initiator", "claim", "known_from")
    view = models.TextField()
    pair = models.TextField()
    initiator = models.TextField()
    claim = models.UUIDField()
    known_from = models.BigIntegerField()
    known_until = models.BigIntegerField(null=True)
    recipient = models.TextField()
    first = models.DateField()
    last = models.DateField()
    situation = models.BooleanField()
    fades = models.BooleanField()
    value = models.FloatField()
    weight = models.FloatField()
    p = models.FloatField()
    sectors = ArrayField(models.TextField())
    roots = ArrayField(models.UUIDField())
    state_roots = ArrayField(models.UUIDField())
    code = models.TextField(default="", db_default="")
    sd = models.FloatField(null=True)

    class Meta:
        db_table = "impact"
        indexes = (
            models.Index(
                fields=("view", "claim"),
                condition=models.Q(known_until__isnull=True),
                name="impact_open",
            ),
            models.Index(fields=("view", "known_from"), name="impact_known_from"),
            models.Index(fields=("view", "pair", "first"), name="impact_first"),
            models.Index(
                fields=("view", "first"),
                name="impact_acts",
                condition=models.Q(sd__isnull=True),
            ),
            models.Index(
                fields=("view", "known_until"),
                name="impact_ended",
                condition=models.Q(known_until__isnull=False),
            ),
        )


class DirtyPair(models.Model):
    """A pair whose scores are to be recomputed from a day on.

    An `urgent` one, which a person's event marked, is scored before the others.
    """

    pk = models.CompositePrimaryKey("view", "pair")
    view = models.TextField()
    pair = models.TextField()
    from_day = models.DateField()
    since_position = models.BigIntegerField()
    urgent = models.BooleanField(default=False, db_default=False)
    generation = models.IntegerField(default=1)
    lease = models.UUIDField(null=True)
    attempts = models.IntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    last_error = models.TextField(default="")

    class Meta:
        db_table = "dirty_pair"


class Quarantine(models.Model):
    """A claim or a pair that could not be computed, with the reason."""

    pk = models.CompositePrimaryKey("view", "subject")
    view = models.TextField()
    subject = models.TextField()
    position = models.BigIntegerField()
    error = models.TextField()

    class Meta:
        db_table = "quarantine"

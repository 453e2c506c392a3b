"""Trays of drafts that people collect from an article, and names that wait for a curator.
Operational: not rebuildable from the log, so back them up."""

from django.db import models
from django.db.models import Q

# The states of a card: collected by its person; handed in by a client for review; recorded once a
# curator has settled its new names.
TAKEN, OFFERED, WAITING = "taken", "offered", "waiting"
OPEN, ACCEPTED, REFUSED = "open", "accepted", "refused"


class Tray(models.Model):
    """What one person collects from one document.

    `text_sha256` is the digest of the normalised text, which itself is not kept; `sentences` is
    their number and `place` the last that the person reached.
    """

    id = models.UUIDField(primary_key=True)
    person = models.TextField()
    document = models.UUIDField()
    text_sha256 = models.TextField(default="")
    sentences = models.IntegerField(default=0)
    place = models.IntegerField(default=0)
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "tray"
        constraints = (
            models.UniqueConstraint(fields=("person", "document"), name="tray_of_person"),
        )
        indexes = (models.Index(fields=("document",), name="tray_document"),)


class TrayCard(models.Model):
    """A draft in a tray, as JSON of `domain.reading.drafts.Draft`. `version` counts its changes."""

    id = models.UUIDField(primary_key=True)
    tray = models.ForeignKey(Tray, on_delete=models.CASCADE, related_name="cards")
    state = models.TextField(default=TAKEN)
    sentence = models.IntegerField()
    draft = models.JSONField()
    version = models.IntegerField(default=1)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "tray_card"
        indexes = (models.Index(fields=("tray", "added_at"), name="tray_card_order"),)


class ProposedRecord(models.Model):
    """A name that a reader or a person found in a document and no record has. Cards refer to it by
    its id. `record` is the one that a curator added or named."""

    id = models.UUIDField(primary_key=True)
    noun = models.TextField()
    name = models.TextField()
    document = models.UUIDField()
    state = models.TextField(default=OPEN)
    record = models.UUIDField(null=True)
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    settled_by = models.TextField(default="")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "proposed_record"
        indexes = (
            models.Index(fields=("proposed_at",), condition=Q(state=OPEN), name="proposed_open"),
        )

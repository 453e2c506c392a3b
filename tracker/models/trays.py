"""Trays of drafts that people collect from an article, and names that wait for a curator.
Operational: not rebuildable from the log, so back them up."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from tracker.domain.reading.drafts import TAKEN, WAITING

# The states of a proposed record.
OPEN, ACCEPTED, REFUSED = "open", "accepted", "refused"


class Tray(models.Model):
    """What one person collects from one document.

    `account` is the person's; None once it is deleted, and `person` is its name then. `text_sha256`
    is the digest of the normalised text, which itself is not kept; `sentences` is their number and
    `place` the last that the person reached.
    """

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="trays"
    )
    person = models.TextField()
    document = models.UUIDField()
    text_sha256 = models.TextField(default="")
    sentences = models.IntegerField(default=0)
    place = models.IntegerField(default=0)
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "tray"
        constraints = (
            models.UniqueConstraint(fields=("account", "document"), name="tray_of_account"),
        )
        indexes = (models.Index(fields=("document",), name="tray_document"),)

    @property
    def owner(self) -> str:
        """The name of the account now, or the last that it had."""
        return self.account.get_username() if self.account else self.person


class TrayCard(models.Model):
    """A draft in a tray, as JSON of `domain.reading.drafts.Draft`, with the draft's id.

    `version` counts its changes. `problems` are those for which it came back from a curator. Of a
    card that a client handed in and its person took, `handed_in` is the draft as it was, and
    `from_tray` the tray that it came from, as long as that exists.
    """

    id = models.UUIDField(primary_key=True)
    tray = models.ForeignKey(Tray, on_delete=models.CASCADE, related_name="cards")
    state = models.TextField(default=TAKEN)
    sentence = models.IntegerField()
    draft = models.JSONField()
    version = models.IntegerField(default=1)
    problems = models.JSONField(default=list)
    added_at = models.DateTimeField()
    handed_in = models.JSONField(null=True)
    from_tray = models.ForeignKey(Tray, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "tray_card"
        indexes = (
            models.Index(fields=("tray", "added_at"), name="tray_card_order"),
            models.Index(fields=("tray",), condition=Q(state=WAITING), name="tray_card_waiting"),
        )


class ProposedRecord(models.Model):
    """A name that a reader or a person found in a document and no record has. Cards refer to it by
    its id. `record` is the one that a curator added or named, `reason` why it was refused."""

    id = models.UUIDField(primary_key=True)
    noun = models.TextField()
    name = models.TextField()
    name_key = models.TextField()
    document = models.UUIDField()
    state = models.TextField(default=OPEN)
    record = models.UUIDField(null=True)
    reason = models.TextField(default="")
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    settled_by = models.TextField(default="")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "proposed_record"
        constraints = (
            models.UniqueConstraint(
                fields=("noun", "name_key"), condition=Q(state=OPEN), name="proposed_once"
            ),
        )
        indexes = (
            models.Index(fields=("proposed_at",), condition=Q(state=OPEN), name="proposed_open"),
        )

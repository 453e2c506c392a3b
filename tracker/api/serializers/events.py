"""Responses with events of the log."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.api.parameters import AsOf
from tracker.log import Recorded
from tracker.queries.claims import disclosure
from tracker.queries.claims.history import Step

Serializer = serializers.Serializer[Any]
_UNPRINTED = {"body": None, "words": None}
# With the leaf hash a reader could confirm a guess of the body.
_UNCONFIRMED = {**_UNPRINTED, "leaf_hash": None}


class FeedParameters(AsOf):
    """Where to continue; with `as_of`, up to that position."""

    after = serializers.IntegerField(
        default=0, min_value=0, max_value=2**62, help_text="the last position that you have"
    )
    limit = serializers.IntegerField(default=100, min_value=1, max_value=1_000)
    count = serializers.ChoiceField(
        choices=["exact"], required=False, help_text="also return the number of events that follow"
    )


@extend_schema_field({"type": "string", "pattern": "^[0-9a-f]*$"})
class Hex(serializers.Field[Any, Any, Any, Any]):
    """Bytes as hex digits."""

    def to_representation(self, value: bytes) -> str:
        return value.hex()


class EventStamp(Serializer):
    """The position of an event, when it was recorded, and by whom."""

    position = serializers.IntegerField()
    kind = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.CharField()


class ChangeOut(Serializer):
    pointer = serializers.CharField()
    before = serializers.JSONField()
    after = serializers.JSONField()


class EventOut(Serializer):
    """An event as recorded: `body` is the structure, `words` is the text that can be withheld.

    For readers without a token both are null if the claim accuses a person or company and is
    withheld from the public, and for imports. `stream` is null for a link with such a claim, and
    for the withholding of words of one."""

    position = serializers.IntegerField()
    stream = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField()
    kind = serializers.CharField()
    schema = serializers.IntegerField()
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.CharField()
    body = serializers.JSONField()
    words = serializers.JSONField()
    withheld = serializers.BooleanField()


class StepOut(Serializer):
    """An event and its changes to the previous version."""

    event = EventOut(source="recorded")
    changes = ChangeOut(many=True)

    def to_representation(self, instance: Step) -> Any:
        shown = super().to_representation(instance)
        return {**shown, "event": {**shown["event"], **_UNPRINTED}} if instance.masked else shown


class HistoryOut(Serializer):
    as_of = serializers.IntegerField()
    events = StepOut(source="steps", many=True)


class FeedEvent(EventOut):
    """An event with its leaf hash in the tree of the log. The hash is null if `body` is withheld:
    it would confirm a guess of the body."""

    leaf_hash = Hex(allow_null=True)


def feed(found: Sequence[Recorded], *, at: int | None = None) -> list[Any]:
    """The events as JSON. In public, events that are withheld as known at `at` come without their
    content and without what could confirm it."""
    masked = disclosure.masked(found, at=at) if disclosure.in_public.get() else ()
    shown = FeedEvent(found, many=True).data
    return [_masked(one) if one["position"] in masked else one for one in shown]


def _masked(shown: dict[str, Any]) -> dict[str, Any]:
    stream = {} if disclosure.tells_stream(shown["kind"]) else {"stream": None}
    return shown | _UNCONFIRMED | stream


class FeedOut(Serializer):
    """`head` is the last position, or that of `as_of`. `next` is where to continue, also if nothing
    is new. Words that were withheld since are missing from the past too."""

    results = FeedEvent(many=True)
    head = serializers.IntegerField()
    next = serializers.URLField()
    count = serializers.IntegerField(required=False)

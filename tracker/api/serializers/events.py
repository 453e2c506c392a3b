"""Events of the log as they go out."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.api.parameters import AsOf
from tracker.log import Recorded
from tracker.queries import guilt
from tracker.queries.history import Step

Serializer = serializers.Serializer[Any]
_UNPRINTED = {"body": None, "words": None}
# From a leaf and all that it is made of but the body, a reader could confirm a guess of the body.
_UNCONFIRMED = {**_UNPRINTED, "leaf_hash": None}


class FeedParameters(AsOf):
    """Where to go on; with `as_of` no further than what was known then."""

    after = serializers.IntegerField(
        default=0, min_value=0, max_value=2**62, help_text="the last position that you have"
    )
    limit = serializers.IntegerField(default=100, min_value=1, max_value=1_000)
    count = serializers.ChoiceField(
        choices=["exact"], required=False, help_text="count all that follow"
    )


@extend_schema_field({"type": "string", "pattern": "^[0-9a-f]*$"})
class Hex(serializers.Field[Any, Any, Any, Any]):
    """Bytes in hex digits."""

    def to_representation(self, value: bytes) -> str:
        return value.hex()


class EventStamp(Serializer):
    """Where an event stands in the log, when it was recorded and by whom."""

    position = serializers.IntegerField()
    kind = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.CharField()


class ChangeOut(Serializer):
    pointer = serializers.CharField()
    before = serializers.JSONField()
    after = serializers.JSONField()


class EventOut(Serializer):
    """An event as the log has it: `body` says the structure, `words` is what can be withheld.

    For readers without a token both are null where they blame a person or firm and may not be
    printed yet, and of an import. So is `stream` of a link with such a claim, and of words that
    were withheld from one."""

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
    """An event, and what it changed in the version before it."""

    event = EventOut(source="recorded")
    changes = ChangeOut(many=True)

    def to_representation(self, instance: Step) -> Any:
        shown = super().to_representation(instance)
        return {**shown, "event": {**shown["event"], **_UNPRINTED}} if instance.masked else shown


class HistoryOut(Serializer):
    as_of = serializers.IntegerField()
    events = StepOut(source="steps", many=True)


class FeedEvent(EventOut):
    """With the leaf of the log's tree. It is null where `body` is kept from readers without a
    token: from a leaf they could confirm a guess of the body."""

    leaf_hash = Hex(allow_null=True)


def feed(found: Sequence[Recorded], *, at: int | None = None) -> list[Any]:
    """The events as they go out; in public those that may not be printed as known at `at` without
    what they say and what confirms it."""
    masked = guilt.masked(found, at=at) if guilt.in_public.get() else ()
    shown = FeedEvent(found, many=True).data
    return [_masked(one) if one["position"] in masked else one for one in shown]


def _masked(shown: dict[str, Any]) -> dict[str, Any]:
    stream = {} if guilt.tells_stream(shown["kind"]) else {"stream": None}
    return shown | _UNCONFIRMED | stream


class FeedOut(Serializer):
    """`head` is the last position there is, or that was asked about, `next` where to go on, also
    when nothing is new. Of the past the words are left out that were withheld since."""

    results = FeedEvent(many=True)
    head = serializers.IntegerField()
    next = serializers.URLField()
    count = serializers.IntegerField(required=False)

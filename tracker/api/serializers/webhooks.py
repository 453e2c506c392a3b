"""Requests for webhooks and responses with them."""

import json
from typing import Any

from rest_framework import serializers

from tracker.api.pagination import CursorField, Paged
from tracker.api.serializers.fields import Many
from tracker.api.serializers.strict import Strict
from tracker.queries.news import KINDS

HOOK_STATES = ("active", "paused", "disabled")
DELIVERY_STATES = ("waiting", "delivered", "dropped", "testing")

Serializer = serializers.Serializer[Any]


class HookChangeBody(Strict):
    """Omitted fields stay unchanged."""

    url = serializers.CharField(required=False, max_length=2_000, help_text="begins with https://")
    name = serializers.CharField(required=False, max_length=200, allow_blank=True)
    kinds = Many(
        child=serializers.ChoiceField(choices=KINDS), required=False, max_length=len(KINDS)
    )
    pair = serializers.RegexField(
        "^[A-Za-z]{3}-[A-Za-z]{3}$",
        required=False,
        allow_null=True,
        help_text="only claims, changes and shifts of this pair, such as KAZ-RUS",
    )
    lens = serializers.CharField(
        required=False,
        allow_null=True,
        max_length=200,
        help_text="only what this lens counts; default for changes of pairs: standing",
    )
    active = serializers.BooleanField(required=False, help_text="false: pause; true: resume")
    after = serializers.IntegerField(
        required=False,
        min_value=0,
        help_text="report events after this position; default: the head",
    )


class HookBody(HookChangeBody):
    """A new webhook."""

    url = serializers.CharField(max_length=2_000, help_text="begins with https://")
    kinds = Many(child=serializers.ChoiceField(choices=KINDS), min_length=1, max_length=len(KINDS))
    active = None  # type: ignore[assignment] # always true for a new one


class HookOut(Serializer):
    """`waiting`: messages not yet delivered; they cover the log up to `position`. `because`: why it
    is `disabled`."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    url = serializers.URLField()
    kinds = serializers.ListField(child=serializers.CharField())
    pair = serializers.CharField(allow_null=True)
    lens = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(choices=HOOK_STATES)
    because = serializers.CharField()
    position = serializers.IntegerField()
    waiting = serializers.IntegerField()
    failing_since = serializers.DateTimeField(allow_null=True)
    next_try = serializers.DateTimeField(source="not_before", allow_null=True)
    made_by = serializers.CharField()
    made_at = serializers.DateTimeField()


class SecretOut(Serializer):
    """The secret is returned once only, not even in a replayed response."""

    id = serializers.UUIDField()
    secret = serializers.CharField(allow_null=True)


class MadeHookOut(HookOut):
    """The secret is returned once only, not even in a replayed response."""

    secret = serializers.CharField(allow_null=True)


class HookPage(Serializer):
    results = HookOut(many=True)
    next = serializers.URLField(allow_null=True)


class DeliveryOut(Serializer):
    """A message and its last delivery attempt. `status` is the HTTP status of the receiver."""

    id = serializers.CharField(source="key")
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=DELIVERY_STATES)
    attempts = serializers.IntegerField()
    status = serializers.IntegerField(allow_null=True)
    error = serializers.CharField()
    milliseconds = serializers.IntegerField(allow_null=True)
    made_at = serializers.DateTimeField()
    tried_at = serializers.DateTimeField(allow_null=True)
    body = serializers.SerializerMethodField()

    def get_body(self, one: Any) -> dict[str, Any]:
        return dict(json.loads(one.body))


class DeliveryPage(Serializer):
    results = DeliveryOut(many=True)
    next = serializers.URLField(allow_null=True)


class DeliveriesParameters(Paged):
    cursor = CursorField(int)
    count = None  # type: ignore[assignment] # not counted


class HooksParameters(Paged):
    count = None  # type: ignore[assignment] # at most a hundred

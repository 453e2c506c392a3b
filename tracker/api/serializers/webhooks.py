"""Webhooks as they are asked for and as they go out."""

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
    """What is left out stays as it is."""

    url = serializers.CharField(required=False, max_length=2_000, help_text="begins with https://")
    name = serializers.CharField(required=False, max_length=200, allow_blank=True)
    kinds = Many(
        child=serializers.ChoiceField(choices=KINDS), required=False, max_length=len(KINDS)
    )
    pair = serializers.RegexField(
        "^[A-Za-z]{3}-[A-Za-z]{3}$",
        required=False,
        allow_null=True,
        help_text="only claims, changes and shifts of this pair, as KAZ-RUS",
    )
    lens = serializers.CharField(
        required=False,
        allow_null=True,
        max_length=200,
        help_text="only what this lens looks at; changes of pairs are standing's without it",
    )
    active = serializers.BooleanField(required=False, help_text="false: pause; true: go on")
    after = serializers.IntegerField(
        required=False, min_value=0, help_text="tell what follows this position; else the head"
    )


class HookBody(HookChangeBody):
    """Whom to tell what."""

    url = serializers.CharField(max_length=2_000, help_text="begins with https://")
    kinds = Many(child=serializers.ChoiceField(choices=KINDS), min_length=1, max_length=len(KINDS))
    active = None  # type: ignore[assignment] # a new one is


class HookOut(Serializer):
    """`waiting` messages are not taken yet; of all up to `position` they were made. A `disabled`
    one says why in `because`."""

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
    """The secret is shown this once: not even an answer that is repeated has it again."""

    id = serializers.UUIDField()
    secret = serializers.CharField(allow_null=True)


class MadeHookOut(HookOut):
    """The secret is shown this once: not even an answer that is repeated has it again."""

    secret = serializers.CharField(allow_null=True)


class HookPage(Serializer):
    results = HookOut(many=True)
    next = serializers.URLField(allow_null=True)


class DeliveryOut(Serializer):
    """A message and how its last try went. `status` is what the receiver answered."""

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
    count = None  # type: ignore[assignment] # nobody counts them


class HooksParameters(Paged):
    count = None  # type: ignore[assignment] # at most a hundred

"""Webhooks and their deliveries."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import pagination, params, writing
from tracker.api.bodies import Many, Strict
from tracker.api.pagination import CursorField, Paged
from tracker.operations.idempotency import Answer
from tracker.queries.news import KINDS
from tracker.webhooks import delivery, queries, registry
from tracker.webhooks.registry import Subscription

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


ADMIN = "admin"


class Hooks(APIView):
    """All webhooks, oldest first."""

    scopes: ClassVar[dict[str, str]] = {"GET": ADMIN, "POST": ADMIN}

    @extend_schema(operation_id="webhooks_list", parameters=[HooksParameters], responses=HookPage)
    def get(self, request: Request) -> Response:
        """List webhooks."""
        asked = params.read(request, HooksParameters)
        after, limit = asked.get("cursor", [None])[0], asked["limit"]
        return pagination.page(
            request,
            queries.hooks(after=after, limit=limit + 1),
            limit=limit,
            place=lambda one: [one.id],
            shown=lambda rows: HookOut(rows, many=True).data,
        )

    @extend_schema(operation_id="webhooks_create", request=HookBody, responses={201: MadeHookOut})
    def post(self, request: Request) -> Response:
        """Create a webhook: an address that gets some kinds of news, from the end of the log on or
        from a position. The secret in the response is shown only once."""
        sent = writing.body(request, HookBody)
        after, by = sent.pop("after", None), request.user.get_username()
        site = request.build_absolute_uri("/")
        shown = {}

        def write(at: datetime) -> Answer:
            made, shown["secret"] = registry.create(
                Subscription(**sent | {"kinds": tuple(sent["kinds"])}),
                site=site,
                at=at,
                by=by,
                after=after,
            )
            place = request.build_absolute_uri(reverse("api:webhook", args=[made]))
            data = dict(HookOut(queries.hook(made)).data)
            return Answer(status=201, data={**data, "secret": None}, headers={"Location": place})

        return _showing(writing.answered(request, write), shown)


class Hook(APIView):
    """One webhook."""

    scopes: ClassVar[dict[str, str]] = {"GET": ADMIN, "PATCH": ADMIN, "DELETE": ADMIN}

    @extend_schema(operation_id="webhooks_read", responses=HookOut)
    def get(self, request: Request, webhook: UUID) -> Response:
        """Read a webhook and its progress."""
        params.read(request, params.Parameters)
        return Response(HookOut(_found(webhook)).data)

    @extend_schema(operation_id="webhooks_change", request=HookChangeBody, responses=HookOut)
    def patch(self, request: Request, webhook: UUID) -> Response:
        """Change or pause a webhook, or resume it, from where it was or from a position."""
        sent = writing.body(request, HookChangeBody)
        active, after = sent.pop("active", None), sent.pop("after", None)
        if "kinds" in sent:
            sent["kinds"] = tuple(sent["kinds"])
        registry.update(webhook, lambda order: replace(order, **sent), active=active, after=after)
        return Response(HookOut(_found(webhook)).data)

    @extend_schema(operation_id="webhooks_delete", responses={204: None})
    def delete(self, request: Request, webhook: UUID) -> Response:  # noqa: ARG002
        """Delete a webhook and its deliveries."""
        registry.delete(webhook)
        return Response(status=204)


class Secret(APIView):
    """The secret that signs messages."""

    scopes: ClassVar[dict[str, str]] = {"POST": ADMIN}

    @extend_schema(operation_id="webhooks_renew_secret", request=None, responses={201: SecretOut})
    def post(self, request: Request, webhook: UUID) -> Response:
        """Renew the secret of a webhook. For 24 hours messages are signed with both secrets."""
        shown = {}

        def write(at: datetime) -> Answer:
            shown["secret"] = registry.renew_secret(webhook, at=at)
            return Answer(status=201, data={"id": str(webhook), "secret": None}, headers={})

        return _showing(writing.answered(request, write), shown)


class Test(APIView):
    """A test message."""

    scopes: ClassVar[dict[str, str]] = {"POST": ADMIN}

    @extend_schema(operation_id="webhooks_test", request=None, responses={200: DeliveryOut})
    def post(self, request: Request, webhook: UUID) -> Response:  # noqa: ARG002
        """Send a message of the kind webhook.test now, and return the result."""
        _found(webhook)
        key = delivery.test(webhook, now=timezone.now)
        return Response(DeliveryOut(queries.delivery(key)).data)


class Deliveries(APIView):
    """The deliveries of a webhook."""

    scopes: ClassVar[dict[str, str]] = {"GET": ADMIN}

    @extend_schema(
        operation_id="webhooks_deliveries",
        parameters=[DeliveriesParameters],
        responses=DeliveryPage,
    )
    def get(self, request: Request, webhook: UUID) -> Response:
        """List messages, newest first. They are kept for 60 days."""
        asked = params.read(request, DeliveriesParameters)
        _found(webhook)
        before, limit = asked.get("cursor", [None])[0], asked["limit"]
        return pagination.page(
            request,
            queries.deliveries(webhook, before=before, limit=limit + 1),
            limit=limit,
            place=lambda one: [one.place],
            shown=lambda rows: DeliveryOut(rows, many=True).data,
        )


def _found(webhook: UUID) -> queries.Hook:
    """:raises NoSuchWebhook:"""
    found = queries.hook(webhook)
    if found is None:
        raise registry.NoSuchWebhook(f"there is no webhook {webhook}")
    return found


def _showing(response: Response, shown: dict[str, Any]) -> Response:
    """The response with the secret, which is shown once and not stored."""
    response.data = {**response.data, **shown}
    response.headers["Cache-Control"] = "no-store"
    return response

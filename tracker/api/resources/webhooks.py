"""Webhooks and their deliveries."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import pagination, params, writing
from tracker.api.answers import address, with_fields_of
from tracker.api.bodies import BoundedList, StrictSerializer
from tracker.api.pagination import CursorField, PageById
from tracker.api.params import PAIR
from tracker.api.writing import write
from tracker.operations.idempotency import Answer
from tracker.queries.news import KINDS
from tracker.webhooks import delivery, queries, registry
from tracker.webhooks.registry import Subscription

HOOK_STATES = ("active", "paused", "disabled")
DELIVERY_STATES = ("waiting", "delivered", "dropped", "testing")

Serializer = serializers.Serializer[Any]


class HookChangeBody(StrictSerializer):
    """Omitted fields stay unchanged."""

    url = serializers.CharField(required=False, max_length=2_000, help_text="begins with https://")
    name = serializers.CharField(required=False, max_length=200, allow_blank=True)
    kinds = BoundedList(
        child=serializers.ChoiceField(choices=KINDS), required=False, max_length=len(KINDS)
    )
    pair = serializers.RegexField(
        PAIR,
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
    kinds = BoundedList(
        child=serializers.ChoiceField(choices=KINDS), min_length=1, max_length=len(KINDS)
    )
    active = None  # type: ignore[assignment] # always true for a new one


_HOOK = ("id", "name", "pair", "lens", "because", "position", "waiting", "failing_since")


@with_fields_of(queries.WebhookSummary, only=(*_HOOK, "kinds", "made_by", "made_at"))
class HookOut(Serializer):
    """`waiting`: messages not yet delivered; they cover the log up to `position`. `because`: why it
    is `disabled`."""

    url = serializers.URLField()
    state = serializers.ChoiceField(choices=HOOK_STATES)
    next_try = serializers.DateTimeField(source="not_before", allow_null=True)


class SecretOut(Serializer):
    """The secret is returned only once: a replayed response does not have it."""

    id = serializers.UUIDField()
    secret = serializers.CharField(allow_null=True)


class MadeHookOut(HookOut, SecretOut):
    """The secret is returned only once: a replayed response does not have it."""


class HookPage(Serializer):
    results = HookOut(many=True)
    next = serializers.URLField(allow_null=True)


_DELIVERY = ("kind", "attempts", "status", "error", "milliseconds", "made_at", "tried_at")


@with_fields_of(queries.Delivery, only=_DELIVERY)
class DeliveryOut(Serializer):
    """A message and its last delivery attempt. `status` is the HTTP status of the receiver."""

    id = serializers.CharField(source="key")
    state = serializers.ChoiceField(choices=DELIVERY_STATES)
    body = serializers.SerializerMethodField()

    def get_body(self, delivery: Any) -> dict[str, Any]:
        return dict(json.loads(delivery.body))


class DeliveryPage(Serializer):
    results = DeliveryOut(many=True)
    next = serializers.URLField(allow_null=True)


class DeliveriesParameters(PageById):
    cursor = CursorField(int)
    count = None  # type: ignore[assignment] # not counted


class HooksParameters(PageById):
    count = None  # type: ignore[assignment] # at most a hundred


ADMIN = "admin"


class HooksView(APIView):
    """All webhooks, oldest first."""

    scopes: ClassVar[dict[str, str]] = {"GET": ADMIN, "POST": ADMIN}

    @extend_schema(operation_id="webhooks_list", parameters=[HooksParameters], responses=HookPage)
    def get(self, request: Request) -> Response:
        """List webhooks."""
        query = params.read(request, HooksParameters)
        after = query.get("cursor", [None])[0]
        return pagination.page(
            request,
            query,
            queries.hooks(after=after, limit=query["limit"] + 1),
            place=lambda hook: [hook.id],
            show=lambda hooks: HookOut(hooks, many=True).data,
        )

    @write("webhooks_create", HookBody, MadeHookOut)
    def post(self, request: Request, body: Any) -> Response:
        """Create a webhook: an address that gets some kinds of news, from the end of the log on or
        from a position. The secret in the response is shown only once."""
        after, by = body.pop("after", None), request.user.get_username()
        subscription = Subscription(**body | {"kinds": tuple(body["kinds"])})
        secret = {}

        def perform(at: datetime) -> Answer:
            site = request.build_absolute_uri("/")
            id_, secret["secret"] = registry.create(
                subscription, site=site, at=at, by=by, after=after
            )
            data = {**HookOut(queries.hook(id_)).data, "secret": None}
            location = address(request, "webhook", id_)
            return Answer(status=201, data=data, headers={"Location": location})

        return _with_secret(writing.answer_once(request, perform), secret)


class HookView(APIView):
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
        body = writing.read_body(request, HookChangeBody)
        active, after = body.pop("active", None), body.pop("after", None)
        if "kinds" in body:
            body["kinds"] = tuple(body["kinds"])
        registry.update(webhook, lambda order: replace(order, **body), active=active, after=after)
        return Response(HookOut(_found(webhook)).data)

    @extend_schema(operation_id="webhooks_delete", responses={204: None})
    def delete(self, request: Request, webhook: UUID) -> Response:  # noqa: ARG002
        """Delete a webhook and its deliveries."""
        registry.delete(webhook)
        return Response(status=204)


class SecretView(APIView):
    """The secret that signs messages."""

    scopes: ClassVar[dict[str, str]] = {"POST": ADMIN}

    @write("webhooks_renew_secret", None, SecretOut)
    def post(self, request: Request, webhook: UUID) -> Response:
        """Renew the secret of a webhook. For 24 hours messages are signed with both secrets."""
        secret = {}

        def perform(at: datetime) -> Answer:
            secret["secret"] = registry.renew_secret(webhook, at=at)
            return Answer(status=201, data={"id": str(webhook), "secret": None}, headers={})

        return _with_secret(writing.answer_once(request, perform), secret)


class TestView(APIView):
    """A test message."""

    scopes: ClassVar[dict[str, str]] = {"POST": ADMIN}

    @write("webhooks_test", None, DeliveryOut, status=200)
    def post(self, request: Request, webhook: UUID) -> Response:  # noqa: ARG002
        """Send a message of the kind webhook.test now, and return the result."""
        _found(webhook)
        key = delivery.test(webhook, now=timezone.now)
        return Response(DeliveryOut(queries.delivery(key)).data)


class DeliveriesView(APIView):
    """The deliveries of a webhook."""

    scopes: ClassVar[dict[str, str]] = {"GET": ADMIN}

    @extend_schema(
        operation_id="webhooks_deliveries",
        parameters=[DeliveriesParameters],
        responses=DeliveryPage,
    )
    def get(self, request: Request, webhook: UUID) -> Response:
        """List messages, newest first. They are kept for 60 days."""
        query = params.read(request, DeliveriesParameters)
        _found(webhook)
        before = query.get("cursor", [None])[0]
        return pagination.page(
            request,
            query,
            queries.deliveries(webhook, before=before, limit=query["limit"] + 1),
            place=lambda delivery: [delivery.place],
            show=lambda deliveries: DeliveryOut(deliveries, many=True).data,
        )


def _found(webhook: UUID) -> queries.WebhookSummary:
    """:raises NoSuchWebhook:"""
    hook = queries.hook(webhook)
    if hook is None:
        raise registry.NoSuchWebhook(f"there is no webhook {webhook}")
    return hook


def _with_secret(response: Response, secret: dict[str, Any]) -> Response:
    """The response with the secret, which is shown once and not stored."""
    response.data = {**response.data, **secret}
    response.headers["Cache-Control"] = "no-store"
    return response

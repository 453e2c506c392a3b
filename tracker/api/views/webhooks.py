"""Webhooks and their deliveries."""

from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import pagination, parameters, writing
from tracker.api.serializers import webhooks as s
from tracker.operations.idempotency import Answer
from tracker.webhooks import delivery, queries, registry
from tracker.webhooks.registry import Order

ADMIN = "admin"


class Hooks(APIView):
    """All webhooks, oldest first."""

    scopes: ClassVar[dict[str, str]] = {"GET": ADMIN, "POST": ADMIN}

    @extend_schema(
        operation_id="webhooks_list", parameters=[s.HooksParameters], responses=s.HookPage
    )
    def get(self, request: Request) -> Response:
        """List webhooks."""
        asked = parameters.read(request, s.HooksParameters)
        after, limit = asked.get("cursor", [None])[0], asked["limit"]
        return pagination.page(
            request,
            queries.hooks(after=after, limit=limit + 1),
            limit=limit,
            place=lambda one: [one.id],
            shown=lambda rows: s.HookOut(rows, many=True).data,
        )

    @extend_schema(
        operation_id="webhooks_create", request=s.HookBody, responses={201: s.MadeHookOut}
    )
    def post(self, request: Request) -> Response:
        """Create a webhook: an address that gets some kinds of news, from the end of the log on or
        from a position. The secret in the response is shown only once."""
        sent = writing.body(request, s.HookBody)
        after, by = sent.pop("after", None), request.user.get_username()
        site = request.build_absolute_uri("/")
        shown = {}

        def write(at: datetime) -> Answer:
            made, shown["secret"] = registry.make(
                Order(**sent | {"kinds": tuple(sent["kinds"])}),
                site=site,
                at=at,
                by=by,
                after=after,
            )
            place = request.build_absolute_uri(reverse("api:webhook", args=[made]))
            data = dict(s.HookOut(queries.hook(made)).data)
            return Answer(status=201, data={**data, "secret": None}, headers={"Location": place})

        return _showing(writing.answered(request, write), shown)


class Hook(APIView):
    """One webhook."""

    scopes: ClassVar[dict[str, str]] = {"GET": ADMIN, "PATCH": ADMIN, "DELETE": ADMIN}

    @extend_schema(operation_id="webhooks_read", responses=s.HookOut)
    def get(self, request: Request, webhook: UUID) -> Response:
        """Read a webhook and its progress."""
        parameters.read(request, parameters.Parameters)
        return Response(s.HookOut(_found(webhook)).data)

    @extend_schema(operation_id="webhooks_change", request=s.HookChangeBody, responses=s.HookOut)
    def patch(self, request: Request, webhook: UUID) -> Response:
        """Change or pause a webhook, or resume it, from where it was or from a position."""
        sent = writing.body(request, s.HookChangeBody)
        active, after = sent.pop("active", None), sent.pop("after", None)
        if "kinds" in sent:
            sent["kinds"] = tuple(sent["kinds"])
        registry.change(webhook, lambda order: replace(order, **sent), active=active, after=after)
        return Response(s.HookOut(_found(webhook)).data)

    @extend_schema(operation_id="webhooks_delete", responses={204: None})
    def delete(self, request: Request, webhook: UUID) -> Response:  # noqa: ARG002
        """Delete a webhook and its deliveries."""
        registry.give_up(webhook)
        return Response(status=204)


class Secret(APIView):
    """The secret that signs messages."""

    scopes: ClassVar[dict[str, str]] = {"POST": ADMIN}

    @extend_schema(operation_id="webhooks_renew_secret", request=None, responses={201: s.SecretOut})
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

    @extend_schema(operation_id="webhooks_test", request=None, responses={200: s.DeliveryOut})
    def post(self, request: Request, webhook: UUID) -> Response:  # noqa: ARG002
        """Send a message of the kind webhook.test now, and return the result."""
        _found(webhook)
        key = delivery.test(webhook, now=timezone.now)
        return Response(s.DeliveryOut(queries.delivery(key)).data)


class Deliveries(APIView):
    """The deliveries of a webhook."""

    scopes: ClassVar[dict[str, str]] = {"GET": ADMIN}

    @extend_schema(
        operation_id="webhooks_deliveries",
        parameters=[s.DeliveriesParameters],
        responses=s.DeliveryPage,
    )
    def get(self, request: Request, webhook: UUID) -> Response:
        """List messages, newest first. They are kept for 60 days."""
        asked = parameters.read(request, s.DeliveriesParameters)
        _found(webhook)
        before, limit = asked.get("cursor", [None])[0], asked["limit"]
        return pagination.page(
            request,
            queries.deliveries(webhook, before=before, limit=limit + 1),
            limit=limit,
            place=lambda one: [one.place],
            shown=lambda rows: s.DeliveryOut(rows, many=True).data,
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

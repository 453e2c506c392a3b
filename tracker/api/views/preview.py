"""The effects of a claim before it is recorded."""

from typing import ClassVar
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import sense, writing
from tracker.api.serializers import claim_bodies as bodies
from tracker.api.serializers.preview import PreviewOut
from tracker.operations import entries


class Preview(APIView):
    """A draft that is evaluated and not saved."""

    scopes: ClassVar[dict[str, str]] = {"POST": "write:claims"}

    @extend_schema(
        operation_id="claims_preview", request=bodies.NewClaimBody, responses={200: PreviewOut}
    )
    def post(self, request: Request) -> Response:
        """Report the effects that a claim would have: its certainty, the scores before and after,
        and possible duplicates. Nothing is written."""
        writing.idempotency_key(request)  # can be sent with any POST
        entered = writing.body(request, bodies.NewClaimBody, sense=sense.of_new_claim)
        entries.check(entered.claim, entered.said_by)
        found = entries.foresee(entered, at=timezone.now())

        def url(claim_id: UUID) -> str:
            address = reverse("api:claim", args=[claim_id])
            return str(request.build_absolute_uri(address))

        return Response(PreviewOut(found, context={"url": url}).data)

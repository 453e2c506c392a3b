"""Claims: put on record."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import writing
from tracker.api.serializers import claim_bodies as bodies
from tracker.operations import claims


class Claims(APIView):
    """All claims."""

    scopes = {"POST": "write:claims"}

    @extend_schema(
        operation_id="claim_create", request=bodies.ClaimBody, responses={201: writing.Receipt}
    )
    def post(self, request: Request) -> Response:
        """Put a claim on record."""
        claim = writing.body(request, bodies.ClaimBody)
        return writing.record(
            request, lambda **stamp: claims.assert_claim(claim, **stamp), route="api:claim"
        )


class Claim(APIView):
    """One claim."""

"""Decisions about a claim: reviews, resolutions of forecasts, removal of links."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import writing
from tracker.api.problems import Refused
from tracker.api.serializers import judgement_bodies as bodies
from tracker.api.views.claims import CURATE, WRITE, Append
from tracker.log import Recorded
from tracker.operations import claims as operations
from tracker.operations import links


class Reviews(Append):
    """Reviews: in a collection with review, a claim moves scores only once accepted."""

    scopes: ClassVar[dict[str, str]] = {"POST": CURATE}

    @extend_schema(
        operation_id="claims_review", request=bodies.ReviewBody, responses={201: writing.Receipt}
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """Accept or reject a claim; the last review counts."""
        sent = writing.body(request, bodies.ReviewBody)

        def write(claim: UUID, **stamp: Any) -> Recorded:
            return operations.review_claim(claim, sent["record"], **stamp)

        return self.append(request, claim_id, sent, write)


class Resolution(Append):
    """The outcome of a forecast; from then on it has a Brier score."""

    @extend_schema(
        operation_id="claims_resolve",
        request=bodies.ResolutionBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """Record the outcome of a forecast; the last resolution counts."""
        sent = writing.body(request, bodies.ResolutionBody)

        def write(claim: UUID, **stamp: Any) -> Recorded:
            return operations.resolve_forecast(claim, sent["record"], **stamp)

        return self.append(request, claim_id, sent, write)


class LinkRemoval(APIView):
    """A removed link stays in the history of both claims.

    No version is required: a link is in force or it is not, and removing one that is not is a 409.
    """

    scopes: ClassVar[dict[str, str]] = {"POST": WRITE}

    @extend_schema(
        operation_id="claims_unlink", request=bodies.RemovalBody, responses={201: writing.Receipt}
    )
    def post(self, request: Request, claim_id: UUID, link_id: UUID) -> Response:
        """Remove a link of a claim, from either end."""
        sent = writing.body(request, bodies.RemovalBody)

        def write(**stamp: Any) -> Recorded:
            return links.remove(claim_id, link_id, reason=sent["reason"], **stamp)

        try:
            return writing.record(request, write, route="api:claim", key=claim_id)
        except links.NoSuchLink as problem:
            raise Refused("not-found", str(problem)) from problem

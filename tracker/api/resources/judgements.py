"""Decisions about a claim: reviews, resolutions of forecasts, removal of links."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import batch_rows, writing
from tracker.api.problems import Refused
from tracker.api.resources import claim_bodies as bodies
from tracker.api.resources.claim_bodies import WithholdingBody
from tracker.api.resources.claims import CURATE, WRITE, Append
from tracker.api.writing import Receipt
from tracker.domain import codec
from tracker.domain.events import ClaimReviewed, ForecastResolved
from tracker.log import Recorded
from tracker.operations import claims as operations
from tracker.operations import links, withholding
from tracker.operations.idempotency import Answer
from tracker.queries.claims import copies


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
            return operations.review_claim(claim, codec.base(ClaimReviewed, sent), **stamp)

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
            return operations.resolve_forecast(claim, codec.base(ForecastResolved, sent), **stamp)

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
            return links.remove(claim_id, link_id, reason=sent.reason, **stamp)

        try:
            return writing.record(request, write, route="api:claim", key=claim_id)
        except links.NoSuchLink as problem:
            raise Refused("not-found", str(problem)) from problem


class PlaceOut(serializers.Serializer[Any]):
    """A place where the same text remains; `noun` and `id` identify the record, if it is one."""

    says = serializers.CharField()
    noun = serializers.CharField(allow_blank=True)
    id = serializers.UUIDField(allow_null=True)


class WithholdingOut(Receipt):
    """The receipt is that of the last withholding event."""

    deleted = serializers.ListField(
        child=serializers.IntegerField(), help_text="the events whose words were deleted"
    )
    left = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="other events of the claim that still have words; `all` deletes them too",
    )
    same_text = PlaceOut(many=True, help_text="where the deleted text remains")
    beyond_recall = serializers.CharField(help_text="copies that cannot be deleted from here")


class Withholding(APIView):
    """Deletes words if law or safety requires it; the events themselves stay."""

    scopes: ClassVar[dict[str, str]] = {"POST": "admin"}
    # The same rule as at the desk.
    superusers = ("POST",)

    @extend_schema(
        operation_id="log_withhold", request=WithholdingBody, responses={201: WithholdingOut}
    )
    def post(self, request: Request, position: int) -> Response:
        """Permanently delete the words of an event, or with `all` those of its whole claim.

        The response lists the deleted events, the events of the claim that still have words, and
        where the same text remains. Scores, hashes and positions stay."""
        sent = writing.body(request, WithholdingBody, check=batch_rows.of_withholding(position))

        def perform(at: datetime) -> Answer:
            # Inside `perform`: a repeated request must get the first response.
            record, going = withholding.select(position, every=sent.all)
            asked = withholding.Withholding(
                record=record,
                entries=going,
                number=sent.number or (None if record.claim else position),
                reason=sent.reason,
                authority=sent.authority,
            )
            stays = copies.remaining_copies(record, going)
            recorded = withholding.withhold(asked, at=at, by=request.user.get_username())
            place = reverse("api:event", args=[position])
            return writing.created(request, recorded[-1], _told(asked, recorded, stays), place)

        return writing.answered(request, perform)


def _told(
    asked: withholding.Withholding, recorded: list[Recorded], stays: list[copies.Place]
) -> dict[str, Any]:
    gone = [one.position for one in asked.entries]
    left = [one.position for one in asked.record.entries if one.position not in gone]
    return {
        **writing.Receipt(recorded[-1]).data,
        "deleted": gone,
        "left": left,
        "same_text": PlaceOut(stays, many=True).data,
        "beyond_recall": copies.ALWAYS,
    }

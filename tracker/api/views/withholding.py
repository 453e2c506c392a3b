"""Withholding of words in the log."""

from datetime import datetime
from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import sense, writing
from tracker.api.serializers.judgement_bodies import WithholdingBody
from tracker.api.serializers.withholding import PlaceOut, WithholdingOut
from tracker.log import Recorded
from tracker.operations import withholding
from tracker.operations.idempotency import Answer
from tracker.queries.claims import copies


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
        sent = writing.body(request, WithholdingBody, sense=sense.of_withholding(position))

        def perform(at: datetime) -> Answer:
            # Inside `perform`: a repeated request must get the first response.
            record, going = withholding.chosen(position, every=sent["all"])
            asked = withholding.Withholding(
                record=record,
                going=going,
                number=sent.get("number", None if record.claim else position),
                reason=sent["reason"],
                authority=sent["authority"],
            )
            stays = copies.staying(record, going)
            recorded = withholding.withhold(asked, at=at, by=request.user.get_username())
            place = reverse("api:event", args=[position])
            return writing.created(request, recorded[-1], _told(asked, recorded, stays), place)

        return writing.answered(request, perform)


def _told(
    asked: withholding.Withholding, recorded: list[Recorded], stays: list[copies.Place]
) -> dict[str, Any]:
    gone = [one.position for one in asked.going]
    left = [one.position for one in asked.record.entries if one.position not in gone]
    return {
        **writing.Receipt(recorded[-1]).data,
        "deleted": gone,
        "left": left,
        "same_text": PlaceOut(stays, many=True).data,
        "beyond_recall": copies.ALWAYS,
    }

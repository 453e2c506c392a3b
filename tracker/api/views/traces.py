"""What happened to a claim, how sure it is, and what it moves."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import parameters
from tracker.api.parameters import AsOf
from tracker.api.problems import Refused
from tracker.api.serializers import events, impacts
from tracker.queries import history
from tracker.queries import impacts as queries


class History(APIView):
    """Every event of a claim and of its links."""

    @extend_schema(operation_id="claims_history", parameters=[AsOf], responses=events.HistoryOut)
    def get(self, request: Request, claim_id: UUID) -> Response:
        """Read who did what when, and what it changed in the version before."""
        asked = parameters.read(request, AsOf)
        found = history.trail(claim_id, as_of=asked["as_of"])
        _found(claim_id, found.steps)
        return Response(events.HistoryOut(found).data)


class Impacts(APIView):
    """A claim in the view of a lens."""

    @extend_schema(
        operation_id="claims_impacts",
        parameters=[impacts.ImpactsParameters],
        responses=impacts.ImpactsOut,
    )
    def get(self, request: Request, claim_id: UUID) -> Response:
        """Read how sure a claim is, step by step, and what it moves, or why it moves nothing."""
        asked = parameters.read(request, impacts.ImpactsParameters)
        found = queries.seen_through(asked["lens"], claim_id, as_of=asked["as_of"])
        _found(claim_id, found)
        return Response(impacts.ImpactsOut(found).data)


def _found(claim_id: UUID, found: Any) -> None:
    if not found:
        raise Refused("not-found", f"there is no claim {claim_id}, or not yet at that moment")

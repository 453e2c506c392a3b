"""The history of a claim, its certainty and its impacts."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import stamping
from tracker.api.parameters import AsOf
from tracker.api.problems import Refused
from tracker.api.reading import read
from tracker.api.resources import Resource
from tracker.api.serializers import events, impacts
from tracker.queries.claims import disclosure, history
from tracker.queries.evidence import impacts as queries


class History(Resource):
    """Every event of a claim and of its links."""

    @read("claims_history", events.HistoryOut, AsOf)
    def get(self, _request: Request, asked: Any, claim_id: UUID) -> Response:
        """Read the events of a claim, and what each changed in the previous version."""
        found = history.trail(claim_id, as_of=asked["as_of"])
        _found(claim_id, found.steps)
        return Response(events.HistoryOut(found).data)


class Impacts(Resource):
    """A claim in the view of a lens."""

    stamp = stamping.day_by_day

    @read("claims_impacts", impacts.ImpactsOut, impacts.ImpactsParameters)
    def get(self, _request: Request, asked: Any, claim_id: UUID) -> Response:
        """Read the certainty of a claim, step by step, and its impacts, or why it has none."""
        found = queries.seen_through(asked["lens"], claim_id, as_of=asked["as_of"])
        _found(claim_id, found)
        told = impacts.ImpactsOut(found).data
        masked = disclosure.in_public.get() and disclosure.hushed([claim_id], at=told["as_of"])
        return Response(impacts.masked(told) if masked else told)


def _found(claim_id: UUID, found: Any) -> None:
    if not found:
        raise Refused(
            "not-found", f"there is no claim {claim_id}, or it was not recorded yet at that moment"
        )

"""The log itself, in the order of its positions, and words of it that are withheld."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker import log
from tracker.api import pagination, writing
from tracker.api.problems import Refused
from tracker.api.reading import read
from tracker.api.resources import Resource
from tracker.api.serializers import events
from tracker.api.serializers.judgement_bodies import WithholdingBody
from tracker.log import Recorded
from tracker.operations.withholding import withhold_text
from tracker.queries.moment import resolve


class Events(Resource):
    """The change feed. Whoever remembers a position never misses an event."""

    @read("log_events", events.FeedOut, events.FeedParameters)
    def get(self, request: Request, asked: Any) -> Response:
        """Read events that follow a position, retractions included; `next` is where to go on."""
        after, head = asked["after"], resolve(asked["as_of"])
        found = log.read(after=after, limit=max(0, min(asked["limit"], head - after)))
        reached = found[-1].position if found else after
        following = pagination.next_url(request, after=reached)
        counted = {"count": max(0, head - after)} if "count" in asked else {}
        return Response(
            {
                "results": events.feed(found, at=asked["as_of"]),
                "head": head,
                "next": following,
                **counted,
            },
            headers={"Link": f'<{following}>; rel="next"'},
        )


class Event(Resource):
    """One event."""

    @read("log_event", events.FeedEvent)
    def get(self, _request: Request, _asked: Any, position: int) -> Response:
        """Read the event at a position."""
        return Response(events.feed([_at(position)])[0])


class Withholding(APIView):
    """Words of an event that law or safety asks to be deleted; the event itself stays."""

    scopes: ClassVar[dict[str, str]] = {"POST": "admin"}
    # As at the desk.
    superusers = ("POST",)

    @extend_schema(
        operation_id="log_withhold", request=WithholdingBody, responses={201: writing.Receipt}
    )
    def post(self, request: Request, position: int) -> Response:
        """Delete the words of an event for ever. Scores, hashes and positions stay."""
        sent = writing.body(request, WithholdingBody)
        _at(position)

        def write(**stamp: Any) -> Recorded:
            # Asked again here: the same request sent twice is answered as the first time.
            if _at(position).words is None:
                detail = f"the event at {position} has no words, or they are withheld already"
                raise Refused("out-of-order", detail)
            return withhold_text(position, **sent, **stamp)

        return writing.record(request, write, route="api:event", key=position)


def _at(position: int) -> Recorded:
    found = log.at(position)
    if found is None:
        raise Refused("not-found", f"there is no event at position {position}")
    return found

"""The log itself, in the order of its positions."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker import log
from tracker.api import pagination, parameters
from tracker.api.serializers import events


class Events(APIView):
    """The change feed. Whoever remembers a position never misses an event."""

    @extend_schema(
        operation_id="log_events", parameters=[events.FeedParameters], responses=events.FeedOut
    )
    def get(self, request: Request) -> Response:
        """Read events that follow a position, retractions included; `next` is where to go on."""
        asked = parameters.read(request, events.FeedParameters)
        found = log.read(after=asked["after"], limit=asked["limit"])
        reached = found[-1].position if found else asked["after"]
        following = pagination.next_url(request, after=reached)
        return Response(
            {
                "results": events.FeedEvent(found, many=True).data,
                "head": max(log.head().position, reached if found else 0),
                "next": following,
            },
            headers={"Link": f'<{following}>; rel="next"'},
        )

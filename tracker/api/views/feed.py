"""The events of the log, ordered by position."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from tracker import log
from tracker.api import pagination
from tracker.api.problems import Refused
from tracker.api.reading import read
from tracker.api.resources import Resource
from tracker.api.serializers import events
from tracker.queries.moment import resolve


class Events(Resource):
    """The change feed. A client that remembers its position never misses an event."""

    @read("log_events", events.FeedOut, events.FeedParameters)
    def get(self, request: Request, asked: Any) -> Response:
        """Read the events after a position, including retractions; `next` is where to continue."""
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
        found = log.at(position)
        if found is None:
            raise Refused("not-found", f"there is no event at position {position}")
        return Response(events.feed([found])[0])

"""Counts requests by route and status, with the time that each took."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from workers.metrics import counted as counts

# The route of a request that was answered before its route was looked up: a cached or refused one,
# or a static file.
EARLY = "early"


def counted(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that counts. The time ends when an answer begins to be sent."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        response = get_response(request)
        counts.request(
            route=request.resolver_match.view_name if request.resolver_match else EARLY,
            method=request.method or "",
            status=response.status_code,
            seconds=time.monotonic() - started,
        )
        return response

    return middleware

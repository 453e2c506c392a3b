"""Reads from a standby: `DATABASE_READ_URL`, for pages and reads of the API.

For the time of a request, the connection of its thread is one to the standby. So all of an answer
comes from one database, and no query has to say where it goes.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from config.database import state as database_state

# Those of the desk write, and monitoring is about the primary.
EXEMPT = ("/admin/", "/healthz", "/readyz", "/metrics")


def from_standby(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware that reads from the standby, if there is one and it answers."""
    if "reads" not in settings.DATABASES:
        return get_response

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not _can_read_there(request) or database_state.of("reads").why:
            return get_response(request)
        with _standby():
            response = get_response(request)
        if isinstance(response, StreamingHttpResponse):
            # Its rows are read while it is sent.
            chunks: Any = response.streaming_content
            response.streaming_content = _read_there(chunks)
        return response

    return middleware


@contextmanager
def _standby() -> Iterator[None]:
    """The connection of this thread is one to the standby."""
    primary = connections["default"]
    connections["default"] = connections["reads"]
    try:
        yield
    finally:
        connections["default"] = primary


def _read_there(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The parts of an answer, each of which is made from the standby."""
    parts = iter(chunks)
    while True:
        with _standby():
            part = next(parts, None)
        if part is None:
            return
        yield part


def _can_read_there(request: HttpRequest) -> bool:
    """Whether a request neither writes nor needs what was just written: who is logged in at the
    desk, or that no event of an earlier time follows (`as_of` with a time)."""
    return (
        request.method in ("GET", "HEAD")
        and not request.path_info.startswith(EXEMPT)
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and request.GET.get("as_of", "0").strip().isdecimal()
    )

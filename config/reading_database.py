"""Reads from a standby: `DATABASE_READ_URL`, for pages and reads of the API.

For the time of a request, the connection of its thread is one to the standby. So all of an answer
comes from one database, and no query has to say where it goes.
"""

from collections.abc import Callable

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse

from config.database import watch

# Those of the desk write, and monitoring is about the primary.
EXEMPT = ("/admin/", "/healthz", "/readyz", "/metrics")


def from_standby(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that reads from the standby, if there is one and it answers."""
    if "reads" not in settings.DATABASES:
        return get_response

    def middleware(request: HttpRequest) -> HttpResponse:
        if not _can_read_there(request) or watch.of("reads").verdict().why:
            return get_response(request)
        primary = connections["default"]
        connections["default"] = connections["reads"]
        try:
            return get_response(request)
        finally:
            connections["default"] = primary

    return middleware


def _can_read_there(request: HttpRequest) -> bool:
    """Whether a request neither writes nor needs what was just written: who is logged in at the
    desk, or that no event of an earlier time follows (`as_of` with a time)."""
    return (
        request.method in ("GET", "HEAD")
        and not request.path_info.startswith(EXEMPT)
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and request.GET.get("as_of", "0").strip().isdecimal()
    )

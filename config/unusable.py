"""Refuses what no view can use: a foreign `Host`, and NUL, which PostgreSQL takes in no text.

A session is no use outside of pages and the desk. It would be looked up for the log's line alone.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.views.defaults import bad_request

from config import refusals
from tracker.api import throttling
from tracker.domain.problems import BadParameter

WITHOUT_SESSION = (refusals.API, "/healthz", "/readyz", "/metrics", "/log/", "/.well-known/")

# More make Django refuse the request, with a traceback in the log.
MOST_PARAMETERS = 1_000

type View = Callable[[HttpRequest], HttpResponse]


class Unusable(BadParameter):
    """A parameter, or all of them if it has no name, that no view can use."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.parameter = name  # type: ignore[misc] # of this one


def refused(get_response: View) -> View:
    """Middleware, before the first that asks for the host: Django would write a traceback."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost as problem:
            throttling.count_request(throttling.address_of(request))
            return bad_request(request, problem)
        if request.path_info.startswith(WITHOUT_SESSION):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        if request.META.get("QUERY_STRING", "").count("&") >= MOST_PARAMETERS:
            text = f"at most {MOST_PARAMETERS:,} parameters are read"
            # The page of the refusal would read them.
            request.META["QUERY_STRING"] = ""
            return refusals.of_problem(request, Unusable("", text))
        if (name := _with_nul(request)) is not None:
            return refusals.of_problem(request, Unusable(name, "NUL (%00) is not allowed"))
        return get_response(request)

    return middleware


def _with_nul(request: HttpRequest) -> str | None:
    """The parameter with NUL; empty for the address or the cookie of the session."""
    query = request.META.get("QUERY_STRING", "")
    if "%00" in query or "\0" in query:
        for name, values in request.GET.lists():
            if "\0" in name or any("\0" in value for value in values):
                return name.replace("\0", "")
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return "" if "\0" in request.path_info or "\0" in session else None

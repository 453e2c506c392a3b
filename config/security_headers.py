"""The headers by which browsers protect readers, on every answer."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from tracker.admin.csp import DeskPolicyMiddleware


class SecurityHeaders(SecurityMiddleware):
    """Sets the headers and refuses nothing: Django's own middleware has none on its answer to a
    wrong `Host`."""

    def process_request(self, request: HttpRequest) -> None:
        pass


@cache
def of_server() -> tuple[tuple[str, str], ...]:
    """The same headers, for what the web server itself answers."""
    request, response = HttpRequest(), HttpResponse()
    for middleware in (SecurityHeaders, XFrameOptionsMiddleware, DeskPolicyMiddleware):
        middleware(lambda _: response).process_response(request, response)
    del response.headers["Content-Type"]
    return tuple(response.headers.items())

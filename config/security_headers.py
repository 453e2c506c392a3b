"""The headers by which browsers protect readers, on every answer."""

from django.http import HttpRequest
from django.middleware.security import SecurityMiddleware


class SecurityHeaders(SecurityMiddleware):
    """Sets the headers and refuses nothing: Django's own middleware has none on its answer to a
    wrong `Host`."""

    def process_request(self, request: HttpRequest) -> None:
        pass

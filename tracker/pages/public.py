"""What is printed on the public pages is printed for everybody."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tracker.queries.claims import disclosure


class PublicMiddleware:
    """Says of each request whether its answer is for everybody. The desk is for those who have an
    account, and so is the API where a token is sent; without one it is a public page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._desk = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with disclosure.printed_for_all(self._is_public(request)):
            return self._get_response(request)

    def _is_public(self, request: HttpRequest) -> bool:
        if request.path_info.startswith("/api/"):
            return "Authorization" not in request.headers
        return not request.path_info.startswith(self._desk)

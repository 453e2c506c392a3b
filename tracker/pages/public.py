"""What is printed on the public pages is printed for everybody."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tracker.queries import guilt


class PublicMiddleware:
    """Says of each request whether its answer is a public page. The desk and the API are for
    those who have an account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._closed = (reverse("admin:index"), "/api/")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        public = not request.path_info.startswith(self._closed)
        before = guilt.in_public.set(public)
        try:
            return self._get_response(request)
        finally:
            guilt.in_public.reset(before)

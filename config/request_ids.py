"""Gives each request an id, which is in its lines of the log and in those of the tasks it wakes."""

import re
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware as LibraryMiddleware

from config.client_address import client_address

# Parts of a path that are longer than an id: signed tokens.
_TOKEN = re.compile(r"[^/]{41,}")
logger = structlog.get_logger()


def identified(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that gives a request its id before anything can refuse it. A refusal that
    `RequestMiddleware` never saw gets a line in the log, so that its id can be found there."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # `RequestMiddleware` takes it from there. What a client sends as its id is replaced.
        request_id = request.META["HTTP_X_REQUEST_ID"] = str(uuid4())
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = get_response(request)
            if response.status_code >= 400 and not hasattr(request, "is_logged"):
                logger.warning(
                    "request_refused",
                    code=response.status_code,
                    request=RequestMiddleware.format_request(request),
                    ip=client_address(request),
                )
        return response

    return middleware


class RequestMiddleware(LibraryMiddleware):
    def prepare(self, request: HttpRequest) -> None:
        request.is_logged = True  # type: ignore[attr-defined]
        super().prepare(request)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and path, without tokens, and without the query, which may be words of a
        person."""
        query = "?…" if request.META.get("QUERY_STRING") else ""
        return f"{request.method} {_TOKEN.sub('…', request.path)}{query}"

"""Gives each request an id, which is in its lines of the log and in those of the tasks it wakes."""

import re

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware as LibraryMiddleware

# Parts of a path that are longer than an id: signed tokens.
_TOKEN = re.compile(r"[^/]{41,}")


class RequestMiddleware(LibraryMiddleware):
    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and path, without tokens, and without the query, which may be words of a
        person."""
        query = "?…" if request.META.get("QUERY_STRING") else ""
        return f"{request.method} {_TOKEN.sub('…', request.path)}{query}"

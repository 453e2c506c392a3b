"""The largest request body, checked before the body is read.

The limit is `DATA_UPLOAD_MAX_MEMORY_SIZE`. Views with the attribute `takes_uploads` authenticate
the sender before they read; their limit is `SPOOL_MOST_BYTES`.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker.admin import access
from tracker.api import errors
from tracker.api.problems import Refusal

API = "/api/"
WAY_OUT = (
    "Nothing was read. Go back and send less: of an article copy only its text, without the code of"
    " the page."
)


class SizeLimit:
    """Middleware that refuses a request by its Content-Length."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Answer 413 before the view or the CSRF check reads the body."""
        length = _length(request)
        if length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE or takes_uploads(view):
            return None
        return _too_large(request, length)


def takes_uploads(view: Any) -> bool:
    """Whether a view accepts files and authenticates their sender first."""
    return bool(getattr(getattr(view, "cls", view), "takes_uploads", False))


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _too_large(request: HttpRequest, length: int) -> HttpResponse:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    detail = f"The request has {length:,} bytes, and this address takes at most {most:,}."
    if request.path_info.startswith(API):
        return errors.problem_response(request, Refusal("too-large", detail))
    if access.is_in_desk(request):
        return access.refused(request, "Too much to send", f"{detail} {WAY_OUT}", status=413)
    return render(request, "pages/unclear.html", {"problem": detail}, status=413)

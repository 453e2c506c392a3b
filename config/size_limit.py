"""The largest request body, checked before the body is read.

The limit is `DATA_UPLOAD_MAX_MEMORY_SIZE`. Views with the attribute `takes_uploads` authenticate
the sender before they read; their limit is `SPOOL_MOST_BYTES`. Django's own check comes too late: a
body is in memory by then, and DRF does not make it.
"""

import threading
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config import refusals
from tracker.admin import access
from tracker.api import errors
from tracker.api.problems import Refusal

WAY_OUT = (
    "Nothing was read. Go back and send less: of an article copy only its text, without the code of"
    " the page."
)
# Uploads at once, of the four threads of a process. A thread receives what is sent slowly.
MOST_UPLOADS = 2
WAIT_SECONDS = 10
_uploads = threading.BoundedSemaphore(MOST_UPLOADS)


class SizeLimit:
    """Middleware that refuses a request by its Content-Length."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self._get_response(request)
        finally:
            if hasattr(request, "is_upload"):
                _uploads.release()

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Answer 413 or 503 before the view or the CSRF check reads the body."""
        length = _length(request)
        if length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return None
        if not takes_uploads(view):
            return _too_large(request, length)
        if not _uploads.acquire(blocking=False):
            return _busy(request)
        request.is_upload = True  # type: ignore[attr-defined]
        return None


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
    if request.path_info.startswith(refusals.API):
        return errors.problem_response(request, Refusal("too-large", detail))
    if access.is_in_desk(request):
        return access.refused(request, "Too much to send", f"{detail} {WAY_OUT}", status=413)
    return render(request, "pages/unclear.html", {"problem": detail}, status=413)


def _busy(request: HttpRequest) -> HttpResponse:
    detail = f"Too many uploads are in progress. Try again in {WAIT_SECONDS} seconds."
    if request.path_info.startswith(refusals.API):
        return errors.problem_response(request, Refusal("busy", detail, wait=WAIT_SECONDS))
    response = access.refused(request, "Too many uploads", detail, status=503)
    response["Retry-After"] = str(WAIT_SECONDS)
    return response

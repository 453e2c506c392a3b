"""How large a request may be, decided before its body is read.

`DATA_UPLOAD_MAX_MEMORY_SIZE` is the ceiling. A view that takes files says so by `takes_uploads`,
and asks who is sending before it reads: its own ceiling is `SPOOL_MOST_BYTES`.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from tracker.api.errors import PROBLEMS
from tracker.api.problems import MEDIA_TYPE, Refused, body_of

API = "/api/"


class Ceilings:
    """The middleware that refuses a body by its length."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Refuse what is too large for a view, before a view or a form guard reads any of it."""
        length = _length(request)
        if length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE or takes_uploads(view):
            return None
        return _refusal(request, length)


def takes_uploads(view: Any) -> bool:
    """Whether a view takes files, and asks who sends them before it reads."""
    return bool(getattr(getattr(view, "cls", view), "takes_uploads", False))


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _refusal(request: HttpRequest, length: int) -> HttpResponse:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    says = f"The request has {length:,} bytes, and this address takes at most {most:,}."
    if request.path_info.startswith(API):
        problem = body_of(
            Refused("too-large", says), base=request.build_absolute_uri(PROBLEMS), request_id=""
        )
        return JsonResponse(problem, status=413, content_type=MEDIA_TYPE)
    return render(request, "pages/unclear.html", {"problem": says}, status=413)

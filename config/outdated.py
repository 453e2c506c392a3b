"""A web process whose code is too old for the database answers 503, and does no harm.

It does not end: it would be started again, and whoever asks learns why nothing works.
"""

import threading
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from tracker import log
from tracker.api.errors import PROBLEMS
from tracker.api.problems import MEDIA_TYPE, Refusal, body_of

EVERY_SECONDS = 5.0
WAIT_SECONDS = log.OutdatedCode.wait
# These say what the process is like.
EXEMPT = ("/healthz", "/readyz", "/metrics")
WORDS = "This site is being upgraded. Nothing was recorded. Please try again in half a minute."
PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Being upgraded</title>'
    f"<h1>Being upgraded</h1><p>{WORDS}</p></html>\n"
)


class _Known:
    """What the database said last, for all threads of this process."""

    problem = ""
    asked_at = float("-inf")
    lock = threading.Lock()


def refused_if_outdated(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that asks the database every few seconds for the oldest code that it allows."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if _problem() and not request.path_info.startswith(EXEMPT):
            return _refused(request)
        return get_response(request)

    return middleware


def _problem() -> str:
    """Ask again if it is time. One thread asks, and others go by the last answer."""
    now = time.monotonic()
    if now - _Known.asked_at >= EVERY_SECONDS and _Known.lock.acquire(blocking=False):
        try:
            found = log.code_problem_if_connected()
            if found is not None:
                _Known.problem, _Known.asked_at = found, now
        finally:
            _Known.lock.release()
    return _Known.problem


def _refused(request: HttpRequest) -> HttpResponse:
    headers = {"Retry-After": str(WAIT_SECONDS), "Cache-Control": "no-store"}
    if request.path_info.startswith("/api/"):
        problem = body_of(
            Refusal("busy", WORDS), base=request.build_absolute_uri(PROBLEMS), request_id=""
        )
        return JsonResponse(problem, status=503, content_type=MEDIA_TYPE, headers=headers)
    return HttpResponse(PAGE, status=503, headers=headers)

"""A web process whose code is too old for the database answers 503, and does no harm.

It does not end: it would be started again, and whoever asks learns why nothing works.
"""

import threading
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config import unavailable
from tracker import log

EVERY_SECONDS = 5.0
# These say what the process is like.
EXEMPT = ("/healthz", "/readyz", "/metrics")
WORDS = "this site is being upgraded: nothing was recorded; try again in half a minute"


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
            return unavailable.response_of(request, log.OutdatedCode(WORDS))
        return get_response(request)

    return middleware


def known_problem() -> str:
    """What the database said last of this code; nothing is asked."""
    return _Known.problem


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

"""How much one client may ask for: so many requests a minute, told in each answer's headers.

What costs nothing is not counted: a 304, or an answer that was made lately.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

WINDOW_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left of a window, and in how many seconds the next one begins."""

    most: int
    left: int
    reset: int


class PerMinute(BaseThrottle):
    """Lets `RATE_LIMIT` requests of an account or an address through a minute; where nobody counts,
    all of them."""

    allowance: Allowance | None = None

    def allow_request(self, request: Request, _view: Any) -> bool:
        if not settings.RATE_LIMIT:
            return True
        window, gone = divmod(int(time.time()), WINDOW_SECONDS)
        # Where all processes see it; `CACHES` says what it is.
        counter: Any = caches["shared"]
        used = counter.counted(f"{self._who(request)}:{window}", seconds=2 * WINDOW_SECONDS)
        if used is None:
            return True
        most = settings.RATE_LIMIT
        self.allowance = Allowance(most=most, left=max(0, most - used), reset=WINDOW_SECONDS - gone)
        request._request.allowance = self.allowance  # type: ignore[attr-defined] # noqa: SLF001
        return bool(used <= most)

    def wait(self) -> float | None:
        return self.allowance.reset if self.allowance else None

    def _who(self, request: Request) -> str:
        if request.user.is_authenticated:
            return f"account:{request.user.pk}"
        return f"address:{self.get_ident(request)}"


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """The middleware that tells what is left (draft-ietf-httpapi-ratelimit-headers)."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        allowance: Allowance | None = getattr(request, "allowance", None)
        if allowance:
            response.headers["RateLimit-Policy"] = (
                f'"default";q={allowance.most};w={WINDOW_SECONDS}'
            )
            response.headers["RateLimit"] = f'"default";r={allowance.left};t={allowance.reset}'
        return response

    return answered

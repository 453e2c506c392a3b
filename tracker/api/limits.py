"""How much one client may ask for: so many requests a minute, told in each answer's headers.

The API and the public pages share one count. A request costs one. An answer that is worked out from
scores costs ten, as a page that is built does, and all claims or the whole log cost a hundred. In
the API what costs nothing is not counted: a 304, or an answer that was made lately, of an open
site. What is left is told with it all the same.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

WINDOW_SECONDS = 60
_KEPT_SECONDS = 2 * WINDOW_SECONDS
BUILD_COST = 10
WHOLE_COST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a window holds, what of it is used, and in how many seconds the next one begins."""

    most: int
    used: int
    reset: int

    @property
    def left(self) -> int:
        return max(0, self.most - self.used)

    @property
    def exceeded(self) -> bool:
        return self.used > self.most


class PerMinute(BaseThrottle):
    """Lets `RATE_LIMIT` requests of an account or an address through a minute; where nobody counts,
    all of them."""

    allowance: Allowance | None = None

    def allow_request(self, request: Request, _view: Any) -> bool:
        allowance = spent(client_of(request))
        self.allowance = request._request.allowance = allowance  # type: ignore[attr-defined] # noqa: SLF001
        return allowance is None or not allowance.exceeded

    def wait(self) -> float | None:
        return self.allowance.reset if self.allowance else None


def charged(request: Any, cost: int) -> None:
    """Count what an answer costs beyond the one of its request, before it is made.

    The request was let through, so it is answered; what is too much holds back the next one.
    """
    if cost > 1:
        request._request.allowance = spent(client_of(request), cost=cost - 1)  # noqa: SLF001


def client_of(request: Any) -> str:
    """Under which a client is counted: the account, or the address of somebody without one."""
    if request.user.is_authenticated:
        return f"account:{request.user.pk}"
    return address_of(getattr(request, "_request", request))


def address_of(request: HttpRequest) -> str:
    """Under which somebody without an account is counted."""
    return f"address:{import_string(settings.CLIENT_ADDRESS)(request)}"


def spent(client: str, *, cost: int = 1) -> Allowance | None:
    """Count what a client asks for, and give what is left; None where nobody counts."""
    # Where all processes see it; `CACHES` says what it is.
    counter: Any = caches["shared"]
    return _allowance(
        lambda window: counter.counted(f"{client}:{window}", seconds=_KEPT_SECONDS, by=cost)
    )


def left_to(client: str) -> Allowance | None:
    """Give what a client has left, and count nothing; None where nobody counts."""
    counter: Any = caches["shared"]
    return _allowance(lambda window: counter.told(f"{client}:{window}"))


def uncounted(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell somebody without a token, whose answer cost nothing, what is left; it stays so much."""
    return telling(response, left_to(address_of(request)))


def _allowance(count: Callable[[int], int | None]) -> Allowance | None:
    """What is left, as `count` has it for a window; None where nobody counts."""
    if not settings.RATE_LIMIT:
        return None
    window, gone = divmod(int(time.time()), WINDOW_SECONDS)
    used = count(window)
    if used is None:
        return None
    return Allowance(most=settings.RATE_LIMIT, used=used, reset=WINDOW_SECONDS - gone)


def telling(response: HttpResponse, allowance: Allowance | None) -> HttpResponse:
    """Say in an answer's headers what is left."""
    if allowance is None:
        return response
    response.headers["RateLimit-Policy"] = f'"default";q={allowance.most};w={WINDOW_SECONDS}'
    response.headers["RateLimit"] = f'"default";r={allowance.left};t={allowance.reset}'
    return response


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """The middleware that tells what is left (draft-ietf-httpapi-ratelimit-headers)."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        return telling(response, getattr(request, "allowance", None))

    return answered

"""Rate limiting: requests per minute and client, reported in the headers of each response.

The API and the public pages share one count. A request costs 1. A response that is computed from
scores costs 10, as does a page that has to be built; all claims or the whole log cost 100. In the
API of an open site a 304 or a cached response costs nothing. The remaining allowance is reported
with it all the same.
"""

import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from tracker.api.problems import Refused

WINDOW_SECONDS = 60
_KEPT_SECONDS = 2 * WINDOW_SECONDS
BUILD_COST = 10
WHOLE_COST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """The limit of a window, how much is used, and the seconds until the next window."""

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
    """Allows `RATE_LIMIT` requests per minute for each account or address. Without a counter, all
    requests are allowed."""

    allowance: Allowance | None = None

    def allow_request(self, request: Request, _view: Any) -> bool:
        allowance = spent(client_of(request))
        self.allowance = request._request.allowance = allowance  # type: ignore[attr-defined] # noqa: SLF001
        return allowance is None or not allowance.exceeded

    def wait(self) -> float | None:
        return self.allowance.reset if self.allowance else None


def charged(request: Any, cost: int) -> None:
    """Count what a response costs beyond 1, before it is made.

    The request was allowed, so it is answered; an excess blocks the next request.
    """
    if cost > 1:
        request._request.allowance = spent(client_of(request), cost=cost - 1)  # noqa: SLF001


def client_of(request: Any) -> str:
    """The key under which a client is counted: the account, or else the address."""
    if request.user.is_authenticated:
        return f"account:{request.user.pk}"
    return address_of(getattr(request, "_request", request))


def address_of(request: HttpRequest) -> str:
    """The key under which a client without an account is counted."""
    return f"address:{import_string(settings.CLIENT_ADDRESS)(request)}"


def spent(client: str, *, cost: int = 1) -> Allowance | None:
    """Count a request of a client and return the allowance; None without a counter."""
    # Shared by all processes; see `CACHES`.
    counter: Any = caches["shared"]
    return _allowance(
        lambda window: counter.increment(f"{client}:{window}", seconds=_KEPT_SECONDS, by=cost)
    )


def left_to(client: str) -> Allowance | None:
    """The allowance of a client, without counting; None without a counter."""
    counter: Any = caches["shared"]
    return _allowance(lambda window: counter.count(f"{client}:{window}"))


def uncounted(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Add the allowance to a response that costs nothing, for a client without a token."""
    return telling(response, left_to(address_of(request)))


def _allowance(count: Callable[[int], int | None]) -> Allowance | None:
    """The allowance, with `count` of the current window; None without a counter."""
    if not settings.RATE_LIMIT:
        return None
    window, gone = divmod(int(time.time()), WINDOW_SECONDS)
    used = count(window)
    if used is None:
        return None
    return Allowance(most=settings.RATE_LIMIT, used=used, reset=WINDOW_SECONDS - gone)


def telling(response: HttpResponse, allowance: Allowance | None) -> HttpResponse:
    """Add the allowance to the headers of a response."""
    if allowance is None:
        return response
    response.headers["RateLimit-Policy"] = f'"default";q={allowance.most};w={WINDOW_SECONDS}'
    response.headers["RateLimit"] = f'"default";r={allowance.left};t={allowance.reset}'
    return response


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """The middleware that reports the allowance (draft-ietf-httpapi-ratelimit-headers)."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        return telling(response, getattr(request, "allowance", None))

    return answered


# Of the four threads of a process.
MOST = 2
WAIT_SECONDS = 10


class Places:
    """The clients that are being sent a table; each at most once."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._clients: set[str] = set()
        self._changed = threading.Lock()

    def taken(self, client: str) -> Callable[[], None]:
        """Take a place and return a function that releases it.

        :raises Refused: if the client has a place already, or all are taken.
        """
        with self._changed:
            if client in self._clients:
                raise Refused(
                    "throttled",
                    "You are already downloading a whole table. Wait until it is complete, or try"
                    f" again in {WAIT_SECONDS} seconds.",
                    wait=WAIT_SECONDS,
                )
            if len(self._clients) >= self._most:
                raise Refused(
                    "busy",
                    "Too many whole tables are being downloaded. Try again in"
                    f" {WAIT_SECONDS} seconds.",
                    wait=WAIT_SECONDS,
                )
            self._clients.add(client)
        return lambda: self._left(client)

    def _left(self, client: str) -> None:
        with self._changed:
            self._clients.discard(client)


PLACES = Places(most=MOST)


class Placed:
    """The chunks of a table. Its place is released when the response is closed or dropped."""

    def __init__(self, pieces: Iterable[bytes], leave: Callable[[], None]) -> None:
        self._pieces = pieces
        self._leave = weakref.finalize(self, leave)

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces

    def close(self) -> None:
        close: Any = getattr(self._pieces, "close", None)
        if close:
            close()
        self._leave()


def placed(client: str, pieces: Iterable[bytes]) -> Iterable[bytes]:
    """Take a place and return the chunks of a table.

    :raises Refused: if there is no place.
    """
    return Placed(pieces, PLACES.taken(client)) if settings.RATE_LIMIT else pieces

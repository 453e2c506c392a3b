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

from tracker.api.problems import Refusal

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
    def remaining(self) -> int:
        return max(0, self.most - self.used)

    @property
    def exceeded(self) -> bool:
        return self.used > self.most


class PerMinute(BaseThrottle):
    """Allows `RATE_LIMIT` requests per minute for each account or address. Without a counter, all
    requests are allowed."""

    allowance: Allowance | None = None

    def allow_request(self, request: Request, _view: Any) -> bool:
        allowance = count_request(client_of(request))
        self.allowance = request._request.allowance = allowance  # type: ignore[attr-defined] # noqa: SLF001
        return allowance is None or not allowance.exceeded

    def wait(self) -> float | None:
        return self.allowance.reset if self.allowance else None


def charge(request: Any, cost: int) -> None:
    """Count what a response costs beyond 1, before it is made.

    The request was allowed, so it is answered; an excess blocks the next request.
    """
    if cost > 1:
        request._request.allowance = count_request(client_of(request), cost=cost - 1)  # noqa: SLF001


def client_of(request: Any) -> str:
    """The key under which a client is counted: the account, or else the address."""
    if request.user.is_authenticated:
        return f"account:{request.user.pk}"
    return address_of(getattr(request, "_request", request))


def address_of(request: HttpRequest) -> str:
    """The key under which a client without an account is counted."""
    return f"address:{import_string(settings.CLIENT_ADDRESS)(request)}"


def count_request(client: str, *, cost: int = 1) -> Allowance | None:
    """Count a request of a client and return the allowance; None without a counter."""
    # Shared by all processes; see `CACHES`.
    counter: Any = caches["shared"]
    return _allowance(
        lambda window: counter.increment(f"{client}:{window}", seconds=_KEPT_SECONDS, by=cost)
    )


def allowance_of(client: str) -> Allowance | None:
    """The allowance of a client, without counting; None without a counter."""
    counter: Any = caches["shared"]
    return _allowance(lambda window: counter.count(f"{client}:{window}"))


def without_charge(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Add the allowance to a response that costs nothing, for a client without a token."""
    return with_headers(response, allowance_of(address_of(request)))


def _allowance(count: Callable[[int], int | None]) -> Allowance | None:
    """The allowance, with `count` of the current window; None without a counter."""
    if not settings.RATE_LIMIT:
        return None
    window, elapsed = divmod(int(time.time()), WINDOW_SECONDS)
    used = count(window)
    if used is None:
        return None
    return Allowance(most=settings.RATE_LIMIT, used=used, reset=WINDOW_SECONDS - elapsed)


def with_headers(response: HttpResponse, allowance: Allowance | None) -> HttpResponse:
    """Add the allowance to the headers of a response."""
    if allowance is None:
        return response
    response.headers["RateLimit-Policy"] = f'"default";q={allowance.most};w={WINDOW_SECONDS}'
    response.headers["RateLimit"] = f'"default";r={allowance.remaining};t={allowance.reset}'
    return response


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """The middleware that reports the allowance (draft-ietf-httpapi-ratelimit-headers)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        return with_headers(response, getattr(request, "allowance", None))

    return middleware


# Of the four threads of a process.
MOST = 2
WAIT_SECONDS = 10


class DownloadSlots:
    """The clients that are downloading a whole table; each at most once."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._clients: set[str] = set()
        self._lock = threading.Lock()

    def acquire(self, client: str) -> Callable[[], None]:
        """Take a slot and return a function that releases it.

        :raises Refusal: if the client has a slot already, or all are in use.
        """
        again = f"in {WAIT_SECONDS} seconds."
        with self._lock:
            if client in self._clients:
                raise Refusal(
                    "throttled",
                    "You are already downloading a whole table. Wait until it is complete, or try"
                    f" again {again}",
                    wait=WAIT_SECONDS,
                )
            if len(self._clients) >= self._most:
                raise Refusal(
                    "busy",
                    f"Too many whole tables are being downloaded. Try again {again}",
                    wait=WAIT_SECONDS,
                )
            self._clients.add(client)
        return lambda: self._release(client)

    def _release(self, client: str) -> None:
        with self._lock:
            self._clients.discard(client)


SLOTS = DownloadSlots(most=MOST)


class SlotChunks:
    """The chunks of a table. Its slot is released when the response is closed or dropped."""

    def __init__(self, chunks: Iterable[bytes], release: Callable[[], None]) -> None:
        self._chunks = chunks
        self._release = weakref.finalize(self, release)

    def __iter__(self) -> Iterator[bytes]:
        yield from self._chunks

    def close(self) -> None:
        close: Any = getattr(self._chunks, "close", None)
        if close:
            close()
        self._release()


def with_slot(client: str, chunks: Iterable[bytes]) -> Iterable[bytes]:
    """Take a slot and return the chunks of a table.

    :raises Refusal: if there is no slot.
    """
    return SlotChunks(chunks, SLOTS.acquire(client)) if settings.RATE_LIMIT else chunks

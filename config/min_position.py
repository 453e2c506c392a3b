"""`min_position`: answer a read only when this server has come as far in the log.

A client that has written gets the position of its event. With it, it reads what follows from its
write, also from a server whose database is a standby.
"""

import re
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config import refusals
from tracker import log
from tracker.api import reading, throttling
from tracker.domain.problems import BadParameter, Unavailable
from tracker.log.standby import Behind, is_standby
from tracker.queries import progress

NAME, HEADER = "min_position", "Entente-Min-Position"
# Not for monitoring, for the desk, or for files that have the position in their address.
EXEMPT = ("/admin/", "/healthz", "/readyz", "/metrics", "/static/", "/log/", "/.well-known/")
POLL_SECONDS = 0.03
# Requests of one process that wait, of its four threads.
MOST_WAITING = 2
# A server that is so far behind does not come there while a request waits.
FARTHEST = 10_000
# What a wait counts of `RATE_LIMIT`: it may hold a thread for seconds.
WAIT_COST = 50
_slots = threading.BoundedSemaphore(MOST_WAITING)

type View = Callable[[HttpRequest], HttpResponse]


class InvalidPosition(BadParameter):
    """The position is no number, or the log ends before it."""

    parameter = NAME

    def __init__(self, detail: str, *, code: str = "invalid") -> None:
        super().__init__(detail)
        self.code = code  # type: ignore[misc] # of this one


class TooManyWaits(Exception):
    """The client is over its limit."""

    def __init__(self, allowance: throttling.Allowance) -> None:
        super().__init__()
        self.allowance = allowance


def waited_for(get_response: View) -> View:
    """Middleware that lets a read wait until this server has come as far as it asks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or request.path_info.startswith(EXEMPT):
            return get_response(request)
        try:
            wanted = _wanted(request)
            if wanted is not None:
                _wait_for(request, wanted)
        except TooManyWaits as problem:
            return refusals.too_many(request, problem.allowance)
        except (BadParameter, Unavailable) as problem:
            return refusals.of_problem(request, problem)
        return get_response(request)

    return middleware


def _wanted(request: HttpRequest) -> int | None:
    """The position that a request asks for. It is taken out of the query: the answer is the same
    as without it, and so is its tag."""
    given = [request.headers[HEADER]] if HEADER in request.headers else []
    # Looked for in the text first: what is wrong with other parameters is said elsewhere.
    if NAME in request.META.get("QUERY_STRING", "") and NAME in request.GET:
        given += request.GET.getlist(NAME)
        query = request.GET.copy()
        del query[NAME]
        request.GET = query  # type: ignore[assignment] # a cached property
        request.META["QUERY_STRING"] = query.urlencode()
    for text in given:
        if not re.fullmatch(r"[0-9]{1,18}", text, re.ASCII):
            raise InvalidPosition(f"{text[:40]!r} is no position of the log, such as 118")
    return max(map(int, given), default=None)


def _measure(path: str) -> Callable[[], int]:
    """How far this server has come for an address: records follow from the log alone."""
    if path.startswith(refusals.API) and not reading.is_of_scores(path):
        return _head
    return progress.reached


def _head() -> int:
    """The last position on record here."""
    return log.head().position


def _wait_for(request: HttpRequest, wanted: int) -> None:
    """Wait until a position is reached.

    :raises InvalidPosition: if the log ends before it. :raises Behind: if that takes too long.
    :raises TooManyWaits:
    """
    measure = _measure(request.path_info)
    if (come := measure()) >= wanted:
        return
    if wanted > _head() and not is_standby():
        raise InvalidPosition(
            f"the log ends at position {_head()}; {wanted} is not on record",
            code="not_yet",
        )
    if wanted - come > FARTHEST:
        raise _behind(wanted, come)
    _charge(request)
    if not _slots.acquire(blocking=False):
        raise _behind(wanted, come)
    end = time.monotonic() + settings.MIN_POSITION_SECONDS
    try:
        while come < wanted:
            if time.monotonic() > end:
                raise _behind(wanted, come)
            time.sleep(POLL_SECONDS)
            come = measure()
    finally:
        _slots.release()


def _charge(request: HttpRequest) -> None:
    """Count a wait. Nobody is known yet, so it counts for the address.

    :raises TooManyWaits: if that is over its limit.
    """
    address = throttling.address_of(request)
    allowance = throttling.count_request(address, cost=WAIT_COST)
    request.allowance = allowance  # type: ignore[attr-defined] # so it is not counted twice
    if allowance is not None and allowance.exceeded:
        raise TooManyWaits(allowance)


def _behind(wanted: int, come: int) -> Behind:
    says = f"this server has come to position {come}, and not to {wanted} yet: try again"
    return Behind(says, position=come)

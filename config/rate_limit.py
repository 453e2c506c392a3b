"""The rate limit for pages, and for the desk without an account.

The counter is the API's. A page that is not cached costs ten requests, and so does one of the desk.
Logged-in users are not counted at the desk; for them a page costs one request. A page that takes
as long as all claims costs a hundred requests, as in the API.

A session look-up costs a query. An address over its limit gets none, unless the session was valid
within the last hour. So an invented cookie costs at most one look-up that is counted.

DRF's own throttling counts what a view of the API answers; requests that reach none, or that are
refused before, count here.
"""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any

from corsheaders.middleware import CorsMiddleware
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from config import refusals
from tracker.api import throttling
from tracker.pages import page_cache

# A valid session is looked up for so long, even if its address is over the limit.
SESSION_SECONDS = 3_600
# For monitoring, which is never refused.
EXEMPT = frozenset({"/healthz", "/readyz", "/metrics"})


def limited(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that answers 429 to a client over the limit."""
    desk, api_docs = reverse("admin:index"), reverse("api:docs")

    def middleware(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if not settings.RATE_LIMIT or path in EXEMPT:
            return get_response(request)
        if path.startswith(refusals.API) and path != api_docs:
            return refusals.counted(request, get_response(request))
        at_desk = path.startswith(desk)
        allowance = _blocked_before_login(request)
        if allowance is not None:
            return refusals.too_many(request, allowance)
        logged_in = _logged_in(request)
        if at_desk and logged_in:
            return get_response(request)
        client = throttling.client_of(request) if logged_in else throttling.address_of(request)
        allowance = throttling.count_request(client, cost=throttling.BUILD_COST if at_desk else 1)
        if allowance is not None and allowance.exceeded:
            return refusals.too_many(request, allowance)
        usual = 1 if logged_in else throttling.BUILD_COST
        page_cache.before_long_work(
            request, partial(throttling.count_request, client, cost=throttling.WHOLE_COST - usual)
        )
        response = get_response(request)
        if page_cache.was_built(response) and not logged_in and not at_desk:
            throttling.count_request(client, cost=throttling.BUILD_COST - 1)
        return response

    return middleware


def cached_pages(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that answers from the cache of pages before a session is looked up and the log is
    written. A request costs one; over the limit it is left to `limited`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = page_cache.early_response(request)
        if response is not None:
            allowance = throttling.count_request(throttling.address_of(request))
            if allowance is None or not allowance.exceeded:
                return response
        response = get_response(request)
        page_cache.keep_whole(response)
        return response

    return middleware


class CountedCors(CorsMiddleware):
    """Answers other sites' scripts, and counts the preflights, which come no further than here."""

    def check_preflight(self, request: HttpRequest) -> HttpResponseBase | None:
        response = super().check_preflight(request)
        return refusals.counted(request, response) if isinstance(response, HttpResponse) else None


def _blocked_before_login(request: HttpRequest) -> throttling.Allowance | None:
    """The allowance of an address over its limit, if its session cookie was not valid lately."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    allowance = throttling.allowance_of(throttling.address_of(request))
    if allowance is None or not allowance.exceeded:
        return None
    counter: Any = caches["shared"]
    return None if counter.count(_session(request)) else allowance


def _logged_in(request: HttpRequest) -> bool:
    """Whether a user is logged in; remembers a valid session."""
    logged_in = page_cache.logged_in(request)
    if logged_in:
        counter: Any = caches["shared"]
        counter.increment(_session(request), seconds=SESSION_SECONDS)
    return logged_in


def _session(request: HttpRequest) -> str:
    """A session's key in the cache: a hash, so that the cache does not reveal the cookie."""
    cookie = request.COOKIES[settings.SESSION_COOKIE_NAME]
    return f"session:{hashlib.sha256(cookie.encode(errors='backslashreplace')).hexdigest()}"

"""How often one client may ask for pages, and for the desk without an account.

The count is the API's. A page that has to be built costs as much as ten requests, and so does one
of the desk. People who are logged in are not counted at the desk, and every page costs them one.

To look up a session costs a query. An address that asked too much gets none, unless the session
was somebody's within the last hour, so that an invented cookie costs nothing.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tracker.api import limits
from tracker.pages.views import showing

# For so long a session is looked up whatever its address asked for.
KNOWN_SECONDS = 3_600
# The API counts for itself, except for the page that describes it. The others are asked by machines
# that watch the site.
UNCOUNTED = ("/api/", "/healthz", "/readyz", "/metrics")


def limited(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """The middleware that answers 429 to who asked for too much."""
    desk, described = reverse("admin:index"), reverse("api:docs")

    def answered(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if not settings.RATE_LIMIT or (path.startswith(UNCOUNTED) and path != described):
            return get_response(request)
        at_desk = path.startswith(desk)
        allowance = _refused_unknown(request)
        if allowance is not None:
            return _refusal(request, allowance)
        known = _known(request)
        if at_desk and known:
            return get_response(request)
        client = limits.client_of(request) if known else limits.address_of(request)
        allowance = limits.spent(client, cost=limits.BUILD_COST if at_desk else 1)
        if allowance is not None and allowance.exceeded:
            return _refusal(request, allowance)
        response = get_response(request)
        if showing.was_built(response) and not known and not at_desk:
            limits.spent(client, cost=limits.BUILD_COST - 1)
        return response

    return answered


def _refused_unknown(request: HttpRequest) -> limits.Allowance | None:
    """Give what is left to an address that asked too much, if it sends a cookie that nobody was
    known by lately."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    allowance = limits.left_to(limits.address_of(request))
    if allowance is None or not allowance.exceeded:
        return None
    counter: Any = caches["shared"]
    return None if counter.told(_session(request)) else allowance


def _known(request: HttpRequest) -> bool:
    """Whether somebody is logged in; their session is remembered."""
    known = showing.logged_in(request)
    if known:
        counter: Any = caches["shared"]
        counter.counted(_session(request), seconds=KNOWN_SECONDS)
    return known


def _session(request: HttpRequest) -> str:
    """A session's name in the cache, from which nobody learns the cookie."""
    cookie = request.COOKIES[settings.SESSION_COOKIE_NAME]
    return f"session:{hashlib.sha256(cookie.encode(errors='backslashreplace')).hexdigest()}"


def _refusal(request: HttpRequest, allowance: limits.Allowance) -> HttpResponse:
    context = {"seconds": allowance.reset, "most": allowance.most}
    response = render(request, "pages/toomany.html", context, status=429)
    response["Retry-After"] = str(allowance.reset)
    response["Cache-Control"] = "no-store"
    return limits.telling(response, allowance)

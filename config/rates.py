"""How often one client may ask for pages, and for the desk without an account.

The count is the API's. A page that has to be built costs as much as ten requests, and so does one
of the desk. People who are logged in are not counted at the desk, and every page costs them one.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tracker.api import limits
from tracker.pages.views import showing

BUILD_COST = 10
# The API counts for itself, and the others are asked by machines that watch the site.
UNCOUNTED = ("/api/", "/healthz", "/readyz", "/metrics")


def limited(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """The middleware that answers 429 to who asked for too much."""
    desk = reverse("admin:index")

    def answered(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if not settings.RATE_LIMIT or path.startswith(UNCOUNTED):
            return get_response(request)
        at_desk = path.startswith(desk)
        known = showing.logged_in(request)
        if at_desk and known:
            return get_response(request)
        client = limits.client_of(request) if known else limits.address_of(request)
        allowance = limits.spent(client, cost=BUILD_COST if at_desk else 1)
        if allowance is not None and allowance.exceeded:
            return _refusal(request, allowance)
        response = get_response(request)
        if showing.was_built(response) and not known and not at_desk:
            limits.spent(client, cost=BUILD_COST - 1)
        return response

    return answered


def _refusal(request: HttpRequest, allowance: limits.Allowance) -> HttpResponse:
    context = {"seconds": allowance.reset, "most": allowance.most}
    response = render(request, "pages/toomany.html", context, status=429)
    response["Retry-After"] = str(allowance.reset)
    response["Cache-Control"] = "no-store"
    return limits.telling(response, allowance)

"""Refusals before a view, in the form of the address: a problem of the API, or a page.

Each is counted, so that a client cannot go on for ever with requests that no view counts.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from tracker.api import errors, throttling
from tracker.api.problems import Fault, Refusal
from tracker.domain.problems import BadParameter, Unavailable
from tracker.pages import page_cache

API = "/api/"


def of_problem(request: HttpRequest, problem: BadParameter | Unavailable) -> HttpResponse:
    """The answer to a parameter that cannot be used, or to what is not available."""
    return counted(request, _answer(request, problem))


def counted(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Count a request that nothing else has counted. Returns a 429 instead of the response if that
    is too much."""
    if hasattr(request, "allowance"):
        return response
    allowance = throttling.count_request(throttling.address_of(request))
    if allowance is not None and allowance.exceeded:
        return too_many(request, allowance)
    return throttling.with_headers(response, allowance)


def too_many(request: HttpRequest, allowance: throttling.Allowance) -> HttpResponse:
    """The answer to a client over the limit."""
    if request.path_info.startswith(API):
        response = errors.problem_response(request, Refusal("throttled", wait=allowance.reset))
    else:
        with _language_of(request):
            context = {"seconds": allowance.reset, "most": allowance.most}
            response = render(request, "pages/toomany.html", context, status=429)
        response["Retry-After"] = str(allowance.reset)
        response["Cache-Control"] = "no-store"
    return throttling.with_headers(response, allowance)


def _answer(request: HttpRequest, problem: BadParameter | Unavailable) -> HttpResponse:
    if not request.path_info.startswith(API):
        with _language_of(request):
            return page_cache.error_page(request, problem)
    if isinstance(problem, Unavailable):
        return errors.problem_response(request, errors.refusal_of(problem))
    pointer = f"/{problem.parameter}"
    fault = Fault(pointer=pointer, code=problem.code, detail=str(problem), place="query")
    return errors.problem_response(request, Refusal("invalid", faults=[fault]))


def _language_of(request: HttpRequest) -> translation.override:
    """The language of a page, which is chosen later for others."""
    language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    return translation.override(language)

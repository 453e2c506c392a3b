"""The answer to a request that ends with an error: in words, and a 503 where the database is not
there, reads only, or is full."""

import sys

import structlog
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from config import refusals
from config.request_ids import RequestMiddleware
from tracker.api import errors
from tracker.domain.problems import Unavailable
from tracker.log.standby import ReadOnly
from tracker.queries import unavailable
from tracker.queries.unavailable import DiskFull

TEMPLATE = "pages/unavailable.html"
logger = structlog.get_logger()


def answer(request: HttpRequest) -> HttpResponse:
    """The handler of errors that no view answers."""
    error = sys.exception()
    problem = error if isinstance(error, Unavailable) else unavailable.meaning(error)
    if problem is None:
        return server_error(request)
    logger.error("unavailable", error=str(error), request=RequestMiddleware.format_request(request))
    return response_of(request, problem)


def response_of(request: HttpRequest, problem: Unavailable) -> HttpResponse:
    """The 503 for a problem. Nothing here asks the database."""
    if request.path_info.startswith(refusals.API):
        return errors.problem_response(request, errors.refusal_of(problem))
    context = {
        "request": request,
        "read_only": isinstance(problem, ReadOnly),
        "full": isinstance(problem, DiskFull),
    }
    response = HttpResponse(render_to_string(TEMPLATE, context), status=503)
    response["Retry-After"] = str(problem.wait)
    response["Cache-Control"] = "no-store"
    return response

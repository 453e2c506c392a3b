"""Turns every error into problem+json: those of the domain, of DRF, and bugs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import Error as DatabaseProblem
from django.http import HttpRequest, HttpResponse, JsonResponse
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework.exceptions import APIException, ErrorDetail, ParseError, ValidationError
from rest_framework.response import Response

from tracker.api.problems import BY_STATUS, MEDIA_TYPE, Fault, Refusal, body_of
from tracker.domain.problems import (
    BadParameter,
    Conflict,
    Invalid,
    NotFound,
    NotYet,
    Problem,
    Unavailable,
)
from tracker.imports.spool import TooLarge
from tracker.log import VersionConflict
from tracker.queries import unavailable

PROBLEMS = "/api/v1/problems/"
# What the API calls problems of size, in forms and in records.
_CODES = {"too_long": "max_length", "too_many": "max_length"}

logger = structlog.get_logger()


class Handler(ExceptionHandler):
    """Maps each known error to its kind of problem, and sets the media type."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        for family, refuse in _FAMILIES.items():
            if isinstance(exc, family):
                return refuse(exc, self.context)
        return super().convert_known_exceptions(exc)

    def get_response(self, exc: APIException, data: dict[str, Any]) -> Response:
        response = super().get_response(exc, data)
        response.content_type = MEDIA_TYPE
        return response

    def report_exception(self, exc: APIException, response: Response) -> None:
        """Report bugs only; a busy log is not a bug."""
        if not isinstance(exc, Refusal):
            super().report_exception(exc, response)


class Formatter(ExceptionFormatter):
    """Writes the problem."""

    def run(self) -> dict[str, Any]:
        request: Any = self.context["request"]
        return body_of(
            _refusal(self.exc),
            base=request.build_absolute_uri(PROBLEMS),
            request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
        )


def _refusal(exc: APIException) -> Refusal:
    if isinstance(exc, Refusal):
        return exc
    if isinstance(exc, ParseError):
        return Refusal("unreadable", str(exc.detail))
    if isinstance(exc, ValidationError):
        return Refusal("invalid", faults=faults_of(exc))
    kind = BY_STATUS.get(exc.status_code, BY_STATUS[500])
    return Refusal(kind.code, str(exc.detail))


def faults_of(exc: ValidationError) -> list[Fault]:
    """The faults that serializers found, each with a JSON pointer."""
    return list(_walk(exc.detail, ""))


def fault_of(problem: Problem) -> Fault:
    """A problem of the domain as a fault."""
    code = _CODES.get(problem.code, problem.code)
    return Fault(pointer=problem.pointer, code=code, detail=problem.detail)


def _walk(detail: Any, pointer: str) -> Iterator[Fault]:
    if isinstance(detail, ErrorDetail):
        yield Fault(pointer=pointer, code=str(detail.code), detail=str(detail))
    elif isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _walk(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    else:
        for index, inner in enumerate(detail):
            is_leaf = isinstance(inner, ErrorDetail)
            yield from _walk(inner, pointer if is_leaf else f"{pointer}/{index}")


def _invalid(exc: Any, context: Any) -> Refusal:
    """If the record is only a part of the body, `record_at` of the view is its pointer."""
    prefix = getattr(context["view"], "record_at", "")
    problems = (
        problem
        if problem.pointer == "/reason"
        else replace(problem, pointer=prefix + problem.pointer)
        for problem in exc.problems
    )
    return Refusal("invalid", faults=list(map(fault_of, problems)))


def _conflict(exc: Any, context: Any) -> Refusal:
    """412 if the request has If-Match and the version differs (RFC 9110); otherwise 409."""
    has_if_match = "If-Match" in context["request"].headers
    is_precondition = has_if_match and isinstance(exc, VersionConflict)
    return Refusal("precondition-failed" if is_precondition else exc.kind, str(exc))


def _bad_parameter(exc: Any, _context: Any) -> Refusal:
    fault = Fault(pointer=f"/{exc.parameter}", code=exc.code, detail=str(exc), place="query")
    return Refusal(exc.kind, faults=[fault])


def _plain(exc: Any, _context: Any) -> Refusal:
    return Refusal(exc.kind, str(exc), wait=getattr(exc, "wait", None))


def refusal_of(problem: Unavailable) -> Refusal:
    """The refusal of what is not available."""
    return Refusal(problem.kind, str(problem), wait=problem.wait)


def problem_response(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal outside of a view."""
    body = body_of(
        refusal,
        base=request.build_absolute_uri(PROBLEMS),
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )
    headers = {} if refusal.wait is None else {"Retry-After": str(refusal.wait)}
    return JsonResponse(body, status=refusal.status_code, content_type=MEDIA_TYPE, headers=headers)


def _database(exc: Any, _context: Any) -> Exception:
    """The client gets no details of the database; the operator does."""
    problem = unavailable.meaning(exc)
    if problem is None:
        return exc  # type: ignore[no-any-return]
    logger.error("database_error", error=str(exc))
    return refusal_of(problem)


# The six families, and what Django and the database driver raise.
_FAMILIES: dict[type[Exception], Callable[[Any, Any], Exception]] = {
    Invalid: _invalid,
    BadParameter: _bad_parameter,
    NotFound: _plain,
    Conflict: _conflict,
    NotYet: _plain,
    Unavailable: _plain,
    TooLarge: lambda exc, _context: Refusal("too-large", str(exc)),
    RequestDataTooBig: lambda _exc, _context: Refusal(
        "too-large", "the body exceeds the maximum size of this site"
    ),
    TooManyFieldsSent: lambda _exc, _context: Refusal("invalid", "too many parameters"),
    DatabaseProblem: _database,
}

"""Whatever goes wrong becomes problem+json here: the domain's errors, DRF's, and bugs."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework.exceptions import APIException, ErrorDetail, ParseError, ValidationError
from rest_framework.response import Response

from tracker.api.problem_kinds import BY_STATUS
from tracker.api.problems import MEDIA_TYPE, Fault, Refused, body_of
from tracker.domain.absence import BadAbsence
from tracker.domain.codec import BadShape
from tracker.domain.folding import OutOfOrder
from tracker.domain.problems import Problem
from tracker.domain.validity import Invalid
from tracker.log import LogBusy, VersionConflict
from tracker.operations.claims import NoSuchClaim
from tracker.operations.idempotency import InFlight, OtherBody
from tracker.operations.imports import NoSuchImport
from tracker.operations.jobs import NoSuchJob, NotNow, TooLarge
from tracker.operations.webhooks import NoSuchWebhook
from tracker.operations.withholding import NoSuchEntry
from tracker.queries.impacts import CatchingUp
from tracker.queries.lenses import NoSuchLens
from tracker.queries.moment import NotYet
from tracker.queries.otherwise import NotThere, TooMuch
from tracker.queries.pairs import NoSuchDirection, NoSuchPair, TooLong
from tracker.queries.pasttable import TooManyThen
from tracker.queries.shifts import OnlyOfOnePair
from tracker.queries.strained import BadCountries
from tracker.queries.triads import NoLevel

PROBLEMS = "/api/v1/problems/"
SOON = 1
LATER = 30


class Handler(ExceptionHandler):
    """Gives each named error its kind of problem, and each problem its media type."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        for named, refuse in _NAMED.items():
            if isinstance(exc, named):
                return refuse(exc, self.context)
        return super().convert_known_exceptions(exc)

    def get_response(self, exc: APIException, data: dict[str, Any]) -> Response:
        response = super().get_response(exc, data)
        response.content_type = MEDIA_TYPE
        return response

    def report_exception(self, exc: APIException, response: Response) -> None:
        """Report bugs; a busy log is none."""
        if not isinstance(exc, Refused):
            super().report_exception(exc, response)


class Formatter(ExceptionFormatter):
    """Writes the problem."""

    def run(self) -> dict[str, Any]:
        request: Any = self.context["request"]
        return body_of(
            _refused(self.exc),
            base=request.build_absolute_uri(PROBLEMS),
            request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
        )


def _refused(exc: APIException) -> Refused:
    if isinstance(exc, Refused):
        return exc
    if isinstance(exc, ParseError):
        return Refused("unreadable", str(exc.detail))
    if isinstance(exc, ValidationError):
        return Refused("invalid", faults=faults_of(exc))
    kind = BY_STATUS.get(exc.status_code, BY_STATUS[500])
    return Refused(kind.code, str(exc.detail))


def faults_of(exc: ValidationError) -> list[Fault]:
    """What serializers found, each with a JSON pointer."""
    return list(_walk(exc.detail, ""))


def fault_of(problem: Problem) -> Fault:
    """What the domain found."""
    return Fault(pointer=problem.pointer, code=problem.code, detail=problem.detail)


def _walk(detail: Any, pointer: str) -> Iterator[Fault]:
    if isinstance(detail, ErrorDetail):
        more = getattr(detail.code, "more", None)
        yield Fault(pointer=pointer, code=str(detail.code), detail=str(detail), more=more)
    elif isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _walk(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    else:
        for index, inner in enumerate(detail):
            leaf = isinstance(inner, ErrorDetail)
            yield from _walk(inner, pointer if leaf else f"{pointer}/{index}")


def _invalid(exc: Any, context: Any) -> Refused:
    """Where the record is a part of the body, the view says which (`record_at`)."""
    within = getattr(context["view"], "record_at", "")
    return Refused(
        "invalid",
        faults=[
            Fault(
                pointer=one.pointer if one.pointer == "/reason" else within + one.pointer,
                code=one.code,
                detail=one.detail,
            )
            for one in exc.problems
        ],
    )


def _bad_shape(exc: Any, _context: Any) -> Refused:
    return Refused(
        "invalid", faults=[Fault(pointer=exc.pointer, code="invalid", detail=exc.detail)]
    )


def _conflict(exc: Any, context: Any) -> Refused:
    """412 to whoever sent If-Match, as HTTP has it; else 409."""
    code = "precondition-failed" if "If-Match" in context["request"].headers else "version-conflict"
    return Refused(code, str(exc))


def _parameter(pointer: str, code: str) -> Callable[[Any, Any], Refused]:
    def refuse(exc: Any, _context: Any) -> Refused:
        fault = Fault(pointer=pointer, code=code, detail=str(exc), place="query")
        return Refused("invalid", faults=[fault])

    return refuse


def _as(code: str, *, wait: int | None = None) -> Callable[[Any, Any], Refused]:
    return lambda exc, _context: Refused(code, str(exc), wait=wait)


_NAMED: dict[type[Exception], Callable[[Any, Any], Refused]] = {
    Invalid: _invalid,
    BadShape: _bad_shape,
    NoSuchClaim: _as("not-found"),
    NoSuchWebhook: _as("not-found"),
    NoSuchEntry: _as("not-found"),
    NoSuchLens: _parameter("/lens", "unknown"),
    NotYet: _parameter("/as_of", "not_yet"),
    NoSuchPair: _as("not-found"),
    NoSuchDirection: _parameter("/direction", "unknown"),
    TooLong: _parameter("/from", "too_long"),
    OnlyOfOnePair: _parameter("/pair", "required"),
    BadCountries: _parameter("/countries", "invalid"),
    NoLevel: _parameter("/lens", "no_level"),
    BadAbsence: _parameter("/without", "invalid"),
    NotThere: _parameter("/without", "unknown"),
    TooMuch: _parameter("/without", "too_much"),
    TooManyThen: _parameter("/as_of", "too_much"),
    CatchingUp: _as("catching-up", wait=LATER),
    OutOfOrder: _as("out-of-order"),
    VersionConflict: _conflict,
    LogBusy: _as("busy", wait=SOON),
    InFlight: _as("in-flight", wait=SOON),
    OtherBody: _as("key-reused"),
    NoSuchImport: _as("not-found"),
    NoSuchJob: _as("not-found"),
    NotNow: _as("out-of-order"),
    TooLarge: _as("too-large"),
    RequestDataTooBig: lambda _exc, _context: Refused(
        "too-large", "the body is longer than this site takes"
    ),
    TooManyFieldsSent: lambda _exc, _context: Refused("invalid", "there are too many parameters"),
    OperationalError: lambda _exc, _context: Refused(
        "busy", "the database does not answer", wait=SOON
    ),
    InterfaceError: lambda _exc, _context: Refused(
        "busy", "the database does not answer", wait=SOON
    ),
}

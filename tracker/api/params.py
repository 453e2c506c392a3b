"""Query parameters: all are validated at once; an unknown one is a 400 that names it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from tracker.api.bodies import BoundedList, StrictSerializer
from tracker.api.errors import fault_of, faults_of
from tracker.api.problems import Fault, Refusal
from tracker.domain.problems import Problem
from tracker.queries import moment
from tracker.queries.records import pair_names
from tracker.queries.records.names import NoSuchName
from tracker.queries.records.pair_names import NoSuchPair
from tracker.queries.records.request_names import RequestNames

_TIMELESS = "`as_of` is not supported here: this does not depend on the log"


class Parameters(StrictSerializer):
    """Query parameters; only lists may be repeated."""

    typed = False


def read(request: Request, shape: type[Parameters]) -> dict[str, Any]:
    """Read the parameters of a request, with defaults filled in.

    :raises Refusal: naming all invalid ones.
    """
    given, form = request.query_params, _form(shape)
    lists = {name for name, field in form.fields.items() if isinstance(field, BoundedList)}
    twice = [name for name, values in given.lists() if len(values) > 1 and name not in lists]
    sent = given.dict() | {name: given.getlist(name) for name in lists if name in given}
    try:
        values = form.run_validation(sent)
    except ValidationError as problem:
        faults = [_in_query(fault) for fault in faults_of(problem)]
        raise Refusal("invalid", faults=faults) from problem
    if twice:
        raise refusal(twice[0], "is given twice", code="repeated")
    return dict(values)


@cache
def _form(shape: type[Parameters]) -> Parameters:
    """The form of parameters. It keeps nothing of a request, and takes long to make."""
    return shape()


def refusal(name: str, detail: str, *, code: str = "invalid") -> Refusal:
    """The problem of one parameter."""
    fault = Fault(pointer=f"/{name}", code=code, detail=detail, place="query")
    return Refusal("invalid", faults=[fault])


@contextmanager
def problems_of(name: str) -> Iterator[None]:
    """Report an unknown pair or country as a problem of a parameter."""
    try:
        yield
    except NoSuchPair as problem:
        raise refusal(name, str(problem), code="unknown") from problem


def check(problems: Iterable[Problem]) -> None:
    """Refuse parameters for which a write would be refused.

    :raises Refusal: naming each problem.
    """
    if faults := [replace(fault_of(problem), place="query") for problem in problems]:
        raise Refusal("invalid", faults=faults)


def country(query: Mapping[str, Any]) -> str | None:
    """The code in the parameter `country`, if there is one.

    :raises Refusal: if no country on record has it.
    """
    if "country" not in query:
        return None
    with problems_of("country"):
        return pair_names.country(query["country"])


def _in_query(fault: Fault) -> Fault:
    is_timeless = (fault.pointer, fault.code) == ("/as_of", "unknown")
    detail = f"{_TIMELESS}; {fault.detail}" if is_timeless else fault.detail
    return replace(fault, detail=detail, place="query")


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 0},
            {"type": "string", "format": "date-time"},
            {"type": "string", "format": "date"},
        ],
        "description": "as known at a position of the log, at a time with UTC offset, or at the end"
        " of a day (UTC), which is now for today",
    }
)
class AsOfField(serializers.Field[Any, Any, Any, Any]):
    """A position of the log, a time with UTC offset, or a day."""

    def to_internal_value(self, data: Any) -> int | datetime:
        try:
            return moment.read_moment(str(data))
        except moment.NoMoment as problem:
            raise ValidationError(str(problem), code=problem.code) from problem

    def to_representation(self, value: Any) -> Any:
        return value


class CollectionField(serializers.CharField):
    """The id of a collection, given by id or by name."""

    def to_internal_value(self, data: Any) -> UUID:  # type: ignore[override] # not a text
        try:
            return RequestNames().find(super().to_internal_value(data))
        except NoSuchName as problem:
            raise ValidationError(str(problem), code="unknown_reference") from problem


class ActorField(serializers.CharField):
    """The id of an actor, given by id or by code."""

    def to_internal_value(self, data: Any) -> UUID:  # type: ignore[override] # not a text
        try:
            return RequestNames().find_actor(super().to_internal_value(data))
        except NoSuchName as problem:
            raise ValidationError(str(problem), code="unknown_reference") from problem


class DayField(serializers.DateField):
    """A day in the years that the models support."""

    def to_internal_value(self, value: Any) -> date:
        try:
            return moment.read_day(str(value))
        except moment.NoDay as problem:
            raise ValidationError(str(problem), code=problem.code) from problem


class AsOf(Parameters):
    as_of = AsOfField(required=False, default=None)


class LensParameters(Parameters):
    lens = serializers.CharField(
        default="standing", max_length=200, help_text='a name or a version: "standing@1"'
    )
    as_of = AsOfField(required=False, default=None)


A_YEAR = timedelta(days=365)
PAIR = r"^[A-Za-z]{3}-[A-Za-z]{3}$"
COUNTRY = r"^[A-Za-z]{3}$"


class SpanParameters(Parameters):
    vars()["from"] = DayField(required=False, help_text="default: a year before `to`")
    to = DayField(required=False, help_text="default: today")


class SeriesParameters(SpanParameters):
    every = serializers.ChoiceField(choices=["day", "week", "month"], default="day")


def span(query: Mapping[str, Any]) -> tuple[date, date]:
    """The first and the last day; by default the last year."""
    end = query.get("to", timezone.now().date())
    return query.get("from", end - A_YEAR), end

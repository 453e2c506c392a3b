"""Query parameters: all are validated at once; an unknown one is a 400 that names it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from tracker.api.bodies import Many, Strict
from tracker.api.errors import fault_of, faults_of
from tracker.api.problems import Fault, Refused
from tracker.domain.problems import Problem
from tracker.queries import moment
from tracker.queries.records import pair_names
from tracker.queries.records.pair_names import NoSuchPair

_TIMELESS = "`as_of` is not supported here: this does not depend on the log"


class Parameters(Strict):
    """Query parameters; only lists may be repeated."""

    typed = False


def read(request: Request, kind: type[Parameters]) -> dict[str, Any]:
    """Give the parameters of a request, with defaults filled in.

    :raises Refused: naming all that are invalid.
    """
    given = request.query_params
    asked = kind()
    lists = {name for name, field in asked.fields.items() if isinstance(field, Many)}
    twice = [name for name, values in given.lists() if len(values) > 1 and name not in lists]
    asked.initial_data = given.dict() | {one: given.getlist(one) for one in lists if one in given}
    try:
        asked.is_valid(raise_exception=True)
    except ValidationError as problem:
        raise Refused("invalid", faults=[_in_query(one) for one in faults_of(problem)]) from problem
    if twice:
        raise refused(twice[0], "is given twice", code="repeated")
    return dict(asked.validated_data)


def refused(name: str, detail: str, *, code: str = "invalid") -> Refused:
    """The problem of one parameter."""
    fault = Fault(pointer=f"/{name}", code=code, detail=detail, place="query")
    return Refused("invalid", faults=[fault])


@contextmanager
def pair_named() -> Iterator[None]:
    """Report an unknown pair as a problem of the parameter `pair`."""
    try:
        yield
    except NoSuchPair as problem:
        raise refused("pair", str(problem), code="unknown") from problem


def refuse(problems: Iterable[Problem]) -> None:
    """Refuse parameters for which a write would be refused.

    :raises Refused: naming each.
    """
    if faults := [replace(fault_of(one), place="query") for one in problems]:
        raise Refused("invalid", faults=faults)


def country_named(asked: Mapping[str, Any]) -> str | None:
    """Give the code in the parameter `country`, if there is one.

    :raises Refused: if no country on record has it.
    """
    code = asked.get("country")
    if code is None:
        return None
    try:
        return pair_names.country(code)
    except NoSuchPair as problem:
        raise refused("country", str(problem), code="unknown") from problem


def _in_query(fault: Fault) -> Fault:
    timeless = (fault.pointer, fault.code) == ("/as_of", "unknown")
    says = f"{_TIMELESS}; {fault.detail}" if timeless else fault.detail
    return Fault(pointer=fault.pointer, code=fault.code, detail=says, place="query")


@extend_schema_field(
    {
        "oneOf": [{"type": "integer", "minimum": 0}, {"type": "string", "format": "date-time"}],
        "description": "as known at a position of the log, or at a time with UTC offset",
    }
)
class AsOfField(serializers.Field[Any, Any, Any, Any]):
    """A position of the log, or a time with UTC offset."""

    def to_internal_value(self, data: Any) -> int | datetime:
        try:
            return moment.read_moment(str(data))
        except moment.NoMoment as problem:
            raise ValidationError(str(problem), code=problem.code) from problem

    def to_representation(self, value: Any) -> Any:
        return value


class DayField(serializers.DateField):
    """A day in the years that the models support."""

    def to_internal_value(self, value: Any) -> date:
        try:
            return moment.read_day(str(value))
        except moment.NoDay as problem:
            raise ValidationError(str(problem), code=problem.code) from problem


class AsOf(Parameters):
    as_of = AsOfField(required=False, default=None)

"""Request bodies: records of the domain and classes like them, and forms of other values."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Annotated, Any, ClassVar

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from tracker.api.errors import fault_of
from tracker.api.problems import MOST_ERRORS, Fault
from tracker.domain import codec
from tracker.domain.dates import phrases
from tracker.domain.dates.edtf import BadDate
from tracker.domain.fields import NumberRange
from tracker.domain.json_values import WIDEST
from tracker.domain.problems import Problem, certain
from tracker.queries.records.request_names import RequestNames

Version = Annotated[
    int,
    NumberRange(1, WIDEST, "must be at least 1", code="min_value"),
    "the version that you read, unless If-Match has it",
]
type Check = Callable[[Any], Iterator[Problem]]


def read[T](shape: type[T], sent: Any, *, check: Check | None = None) -> tuple[T, list[Fault]]:
    """Read a body, and list its faults.

    `check` finds further problems in an invalid record. A valid one is checked by the operation
    that takes it.
    """
    sent, unknown = RequestNames().in_body(shape, sent)
    record, problems = codec.read(shape, sent)
    problems = [*unknown, *problems] or list(codec.problems(record))
    faults = faults_of_sent(problems, sent)
    if problems and len(faults) < MOST_ERRORS:
        more = certain((check or codec.problems)(record), [one.pointer for one in problems])
        faults += map(fault_of, more)
    return record, faults


def faults_of_sent(problems: list[Problem], sent: Any) -> list[Fault]:
    """The problems of a body as faults."""
    return [_fault(problem, sent) for problem in problems]


def _fault(problem: Problem, sent: Any) -> Fault:
    """A problem as a fault. If an EDTF is missing, the fault has the meaning of its phrase."""
    fault = fault_of(problem)
    if not problem.pointer.endswith("/edtf") or problem.code not in ("required", "blank"):
        return fault
    parent = _at(sent, problem.pointer.split("/")[1:-1])
    phrase = parent.get("phrase") if isinstance(parent, Mapping) else None
    return _proposal(problem.pointer, phrase) if isinstance(phrase, str) else fault


def _at(sent: Any, path: list[str]) -> Any:
    for part in path:
        sent = sent[int(part)] if isinstance(sent, list) else sent[part]
    return sent


def _proposal(pointer: str, phrase: str) -> Fault:
    """The meaning of a phrase, also for programs."""
    try:
        reading = phrases.from_phrase(phrase)
    except BadDate as problem:
        return Fault(pointer=pointer, code="bad_date", detail=str(problem))
    first, last = reading.bounds.earliest, reading.bounds.latest
    proposal = {
        "edtf": reading.edtf,
        "earliest": first.isoformat() if first else None,
        "latest": last.isoformat() if last else None,
        "says": reading.says,
    }
    detail = f"{phrase!r} means {reading.edtf!r}, {reading.says}: send this as edtf"
    if not reading.edtf:
        detail = f"{phrase!r} means that the date is unknown: omit `occurred`"
    return Fault(pointer=pointer, code="edtf_wanted", detail=detail, more={"reading": proposal})


class BoundedList(serializers.ListField):
    """A list whose length is checked before its items, so that a huge list costs nothing."""

    def to_internal_value(self, data: Any) -> list[Any]:
        if self.max_length is not None and isinstance(data, list) and len(data) > self.max_length:
            raise ValidationError(f"must have at most {self.max_length} entries", code="max_length")
        return super().to_internal_value(data)


# The JSON type of each field; DRF would accept 0 as text and "yes" as true.
_TYPES: Mapping[type, tuple[type, ...]] = {
    serializers.CharField: (str,),
    serializers.UUIDField: (str,),
    serializers.BooleanField: (bool,),
    serializers.IntegerField: (int, float),
}


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses unknown fields, and reports them together with all invalid values."""

    # Whether values have JSON types; in a query or a form all values are text.
    typed: ClassVar[bool] = True

    def to_internal_value(self, data: Any) -> Any:
        faults = self._unknown(data) | self._mistyped(data) if isinstance(data, Mapping) else {}
        try:
            values = super().to_internal_value(data)
        except ValidationError as problem:
            raise ValidationError({**faults, **_as_dict(problem.detail)}) from problem
        if faults:
            raise ValidationError(faults)
        return self.build(values)

    def build(self, values: dict[str, Any]) -> Any:
        """The result, made from valid values."""
        return values

    def _unknown(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Unknown fields, at most a hundred."""
        known = {key: field for key, field in self.fields.items() if not field.read_only}
        message = f"Unknown field; expected one of: {', '.join(known)}"
        unknown = islice((name for name in data if name not in known), MOST_ERRORS)
        return {_escaped(name): [ErrorDetail(message, code="unknown")] for name in unknown}

    def _mistyped(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the wrong JSON type."""
        if not self.typed:
            return {}
        errors = {name: _type_errors(field, data.get(name)) for name, field in self.fields.items()}
        return {name: details for name, details in errors.items() if details}


def _escaped(name: str) -> str:
    """A name escaped for a JSON pointer."""
    return name[:40].replace("~", "~0").replace("/", "~1")


def _as_dict(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"non_field_errors": detail}


def _type_errors(field: Any, value: Any) -> Any:
    """The type errors of a value, or of the items of a list by index."""
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        if field.max_length is not None and len(value) > field.max_length:
            return []  # reported once for the whole list
        errors = {index: _type_errors(field.child, item) for index, item in enumerate(value)}
        return {index: details for index, details in errors.items() if details}
    types = next((_TYPES[kind] for kind in _TYPES if isinstance(field, kind)), None)
    if types is None or value is None:
        return []
    # In Python a bool is an int; in JSON it is not a number.
    is_valid = isinstance(value, types) and isinstance(value, bool) == (bool in types)
    return [] if is_valid else [ErrorDetail(field.error_messages["invalid"], code="invalid")]

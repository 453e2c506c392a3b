"""Values that do not fit a record's shape: how their errors are worded, and what replaces them.

pydantic finds the errors; the words are ours.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Literal, cast
from uuid import UUID

from pydantic_core import ValidationError

from tracker.domain import fields
from tracker.domain.fields import Type
from tracker.domain.json_values import TYPE_ERRORS
from tracker.domain.problems import Invalid, Problem, below
from tracker.domain.schemas import Mode

_LONGEST_NAME = 40
# How many unknown names of one object are reported.
MOST_UNKNOWN = 100


def problems(error: ValidationError, shape: Any, pointer: str, mode: Mode) -> Iterator[Problem]:
    """Yield the problem of each error in a record of class `shape`, which is at `pointer`."""
    for fault in error.errors(include_url=False):
        location = pointer
        for part in fault["loc"]:
            key = str(part).rstrip("_") if mode is Mode.CHECK else str(part)
            location = below(location, key[:_LONGEST_NAME])
        cause = fault.get("ctx", {}).get("error")
        if mode is Mode.SENT and fault["input"] is None and fault["loc"]:
            yield Problem(pointer=location, code="null", detail="must not be null")
        elif isinstance(cause, Invalid):
            for problem in cause.problems:
                place = location + problem.pointer.rstrip("/")
                yield Problem(pointer=place, code=problem.code, detail=problem.detail)
        else:
            code, detail = _explained(fault, shape)
            yield Problem(
                pointer=location, code=code if mode is Mode.SENT else "invalid", detail=detail
            )


def _explained(error: Any, shape: Any) -> tuple[str, str]:
    """The code and the detail of one of pydantic's own errors."""
    name = error["type"]
    if name == "unexpected_keyword_argument":
        parent = _type_at(shape, error["loc"][:-1]).of
        names = ", ".join(field.key for field in fields.of(parent) if not field.unsent)
        return "unknown", f"Unknown field; expected one of: {names}"
    kind = _type_at(shape, error["loc"])
    if name == "string_unicode" and kind.is_record:
        return "unknown", "the name of a field must not contain half a surrogate pair"
    if name in _EXPLAINED:
        return _EXPLAINED[name]
    if kind.of is Literal:
        return "invalid_choice", f"must be one of: {', '.join(kind.choices)}"
    code = "not_a_list" if kind.of is tuple else "invalid"
    return code, TYPE_ERRORS.get(kind.of, "must be an object")


_RANGE = ("invalid", "must be between −(2⁵³−1) and 2⁵³−1")
_EXPLAINED: Mapping[str, tuple[str, str]] = {
    "missing": ("required", "is missing"),
    "string_unicode": ("invalid", "text must not contain half a surrogate pair"),
    "greater_than_equal": _RANGE,
    "less_than_equal": _RANGE,
}


def _type_at(shape: Any, place: tuple[str | int, ...]) -> Type:
    kind = Type(shape)
    for part in place:
        kind = (
            cast("Type", kind.item)
            if isinstance(part, int)
            else next(field.type for field in fields.of(kind.of) if part in (field.key, field.name))
        )
    return kind


def bounded(kind: Type, value: Any) -> Any:
    """Limit the unknown names of each object to `MOST_UNKNOWN`, since each one is reported."""
    if kind.item and isinstance(value, list):
        return [bounded(kind.item, item) for item in value]
    if not (kind.is_record and isinstance(value, dict)):
        return value
    types = {field.key: field.type for field in fields.of(kind.of)}
    unknown = islice((name for name in value if name not in types), MOST_UNKNOWN)
    reported = {name: value[name] for name in unknown}
    return reported | {name: bounded(types[name], value[name]) for name in value if name in types}


# Replacements for values that cannot be parsed. A choice becomes its first option, a list empty.
_NEUTRAL: Mapping[Any, Any] = {
    str: "?", UUID: str(UUID(int=0)), Decimal: "0", date: "2000-01-01", int: 0, bool: False,
}  # fmt: skip


def _neutral(kind: Type) -> Any:
    if kind.is_record:
        return {field.key: _neutral(field.type) for field in fields.of(kind.of) if field.required}
    if kind.of is Literal:
        return kind.choices[0]
    return [] if kind.of is tuple else _NEUTRAL.get(kind.of, {})


def filled(kind: Type, value: Any, wrong: set[Any], place: tuple[Any, ...] = ()) -> Any:
    """Remove the wrong values at some places, and put a neutral value where one is required."""
    if kind.is_record:
        if not isinstance(value, dict):
            return _neutral(kind)
        members = {}
        for field in fields.of(kind.of):
            location, item = (*place, field.key), value.get(field.key)
            if item is not None and location not in wrong:
                members[field.key] = filled(field.type, item, wrong, location)
            elif field.required:
                members[field.key] = _neutral(field.type)
        return members
    if kind.item and isinstance(value, list):
        return [
            _neutral(kind.item) if (*place, n) in wrong
            else filled(kind.item, item, wrong, (*place, n))
            for n, item in enumerate(value)
        ]  # fmt: skip
    return value

"""Builds records from stored JSON without pydantic, for the stand-alone verifier.

`codec.build` does the same, several times as fast. Both follow the declared fields (`fields`).
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast
from uuid import UUID

from tracker.domain import fields
from tracker.domain.fields import Type
from tracker.domain.json_values import (
    TYPE_ERRORS,
    WIDEST,
    BadShape,
    checked_id,
    composed,
    free,
    from_text,
)


def build[T](shape: type[T], value: Any) -> T:
    """Build a record of class `shape`.

    :raises BadShape: for a value that does not have its form.
    """
    declared = {field.key: field for field in fields.of(cast("Any", shape))}
    needed = {key for key, field in declared.items() if field.needed}
    if not isinstance(value, dict) or not needed <= value.keys() <= declared.keys():
        raise BadShape("", f"this is not a {shape.__name__}")
    given = {declared[key].name: _read(declared[key].type, item) for key, item in value.items()}
    return shape(**given)


def _read(kind: Type, value: Any) -> Any:
    if kind.is_record:
        return build(kind.of, value)
    if kind.item is not None:
        return tuple(_read(kind.item, item) for item in _of(list, value, tuple))
    if kind.of is Literal:
        if value not in kind.choices:
            raise BadShape("", f"must be one of: {', '.join(kind.choices)}")
        return value
    return _SCALARS[kind.of](value)


def _of(type_: type[Any], value: Any, declared: Any) -> Any:
    """Check that a value of JSON is of a type."""
    if type(value) is not type_:
        raise BadShape("", TYPE_ERRORS[declared])
    return value


def _whole(value: Any) -> int:
    number: int = _of(int, value, int)
    if abs(number) > WIDEST:
        raise BadShape("", TYPE_ERRORS[int])
    return number


def _id(value: Any) -> UUID:
    try:
        return UUID(checked_id(value))
    except ValueError:
        raise BadShape("", TYPE_ERRORS[UUID]) from None


_SCALARS: Mapping[Any, Callable[[Any], Any]] = {
    str: lambda value: composed(_of(str, value, str)),
    int: _whole,
    bool: lambda value: _of(bool, value, bool),
    UUID: _id,
    date: lambda value: from_text(date.fromisoformat, date, value),
    Decimal: lambda value: from_text(Decimal, Decimal, value),
    Mapping: lambda value: free(_of(dict, value, Mapping), ""),
}

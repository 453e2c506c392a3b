"""A quick look whether a record is made of what its fields ask for, as nearly every record is."""

import dataclasses
import types
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from tracker.domain import scalars

type Fit = Callable[[Any], bool]


def fits(record: Any) -> bool:
    """Whether each value is surely one that the codec reads back as it is.

    False says only that the codec has to try: decimals and open mappings are left to it.
    """
    return _record_fit(cast("Any", type(record)))(record)


@cache
def _record_fit(shape: Any) -> Fit:
    hints = get_type_hints(shape)
    wanted = [(field.name, _fit(hints[field.name])) for field in dataclasses.fields(shape)]

    def fit(value: Any) -> bool:
        return type(value) is shape and all(one(getattr(value, name)) for name, one in wanted)

    return fit


@cache
def _fit(shape: Any) -> Fit:
    if shape in _SCALARS:
        return _SCALARS[shape]
    if dataclasses.is_dataclass(shape):
        return _record_fit(cast("Any", shape))
    origin, arguments = get_origin(shape), get_args(shape)
    if origin is Literal:
        return lambda value: type(value) is str and value in arguments
    if origin is tuple:
        return _list_fit(_fit(arguments[0]))
    if origin in (Union, types.UnionType):
        return _optional_fit(_fit(arguments[0]))
    return lambda _value: False


def _list_fit(one: Fit) -> Fit:
    return lambda value: type(value) is tuple and all(map(one, value))


def _optional_fit(one: Fit) -> Fit:
    return lambda value: value is None or one(value)


def _text(value: Any) -> bool:
    if type(value) is not str or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


_SCALARS: Mapping[Any, Fit] = types.MappingProxyType(
    {
        str: _text,
        bool: lambda value: type(value) is bool,
        int: lambda value: type(value) is int and abs(value) <= scalars.WIDEST,
        UUID: lambda value: type(value) is UUID,
        date: lambda value: type(value) is date,
    }
)

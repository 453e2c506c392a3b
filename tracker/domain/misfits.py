"""Reads as much of a record as fits, so that its sense can be looked at beside its shape.

`codec.build` stops at the first misfit, since nothing that has one is ever written. To tell
somebody all that is wrong at once, the others are found here, and something neutral takes the
place of what cannot be read: `certain` leaves out what would rest on that.
"""

import dataclasses
import types
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from tracker.domain import codec
from tracker.domain.problems import Problem
from tracker.domain.scalars import below
from tracker.domain.sizes import MOST

# What takes the place of what cannot be read; of a set word the first, of a list none.
_NEUTRAL: Mapping[Any, Any] = {str: "", UUID: UUID(int=0), Decimal: Decimal(0)}
_UNREAD = object()
_LONGEST_KEY = 40


def read[T](shape: type[T], value: Any) -> tuple[T, list[Problem]]:
    """Give a record of class `shape`, filled up where plain JSON does not fit, and all misfits.

    A null is as good as nothing. Of a list that is too long nothing is read. Fields are named as
    their keys in JSON are, which holds for claims and all that is in them.
    """
    found: list[Problem] = []
    record = _record(shape, value, "", found)
    return (_neutral(shape) if record is _UNREAD else cast("T", record)), found


def certain(problems: Iterable[Problem], misfits: Iterable[str]) -> Iterator[Problem]:
    """Those problems that stand whatever is meant at the pointers `misfits`."""
    unread = [f"{one}/" for one in misfits]
    for problem in problems:
        places = [f"{one}/" for one in (problem.pointer, *problem.rests_on)]
        if not any(a.startswith(b) or b.startswith(a) for a in places for b in unread):
            yield problem


def _read(hint: Any, value: Any, name: str, pointer: str, found: list[Problem]) -> Any:
    """A value of a field, `name` in the tables of sizes; `_UNREAD` if it does not fit."""
    if dataclasses.is_dataclass(hint):
        return _record(hint, value, pointer, found)
    if get_origin(hint) is tuple and isinstance(value, list):
        return _list(get_args(hint)[0], value, name, pointer, found)
    try:
        return codec.build(hint, value, pointer)
    except codec.BadShape as problem:
        return _misfit(problem.pointer, problem.detail, found)


def _record(shape: Any, value: Any, pointer: str, found: list[Problem]) -> Any:
    if not isinstance(value, dict):
        return _misfit(pointer, "must be an object", found)
    hints, given = _hints(shape), _fillers(shape)
    for key, item in value.items():
        if key not in hints:
            says = f"Unknown field; expected one of: {', '.join(hints)}"
            _misfit(below(pointer, key[:_LONGEST_KEY]), says, found, code="unknown")
        elif item is not None:
            one = _read(hints[key], item, f"{shape.__name__}.{key}", f"{pointer}/{key}", found)
            if one is not _UNREAD:
                given[key] = one
    for key in _fillers(shape):
        if value.get(key) is None:
            _misfit(f"{pointer}/{key}", "is missing", found, code="required")
    return shape(**given)


def _list(hint: Any, value: list[Any], name: str, pointer: str, found: list[Problem]) -> Any:
    if len(value) > MOST[name]:
        detail = f"has {len(value)} entries; at most {MOST[name]} are allowed"
        return _misfit(pointer, detail, found, code="too_many")
    items = [_read(hint, one, name, f"{pointer}/{n}", found) for n, one in enumerate(value)]
    return tuple(_neutral(hint) if one is _UNREAD else one for one in items)


def _misfit(pointer: str, detail: str, found: list[Problem], *, code: str = "invalid") -> Any:
    found.append(Problem(pointer=pointer, code=code, detail=detail))
    return _UNREAD


@cache
def _hints(shape: Any) -> Mapping[str, Any]:
    """The type of each field, without its None."""
    return {key: _bare(hint) for key, hint in get_type_hints(shape).items()}


def _bare(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        return next(one for one in get_args(hint) if one is not types.NoneType)
    return hint


def _fillers(shape: Any) -> dict[str, Any]:
    """Something neutral for each field that must be there."""
    needed = [one.name for one in dataclasses.fields(shape) if one.default is dataclasses.MISSING]
    return {key: _neutral(_hints(shape)[key]) for key in needed}


def _neutral(hint: Any) -> Any:
    if dataclasses.is_dataclass(hint):
        return cast("Any", hint)(**_fillers(hint))
    if get_origin(hint) is Literal:
        return get_args(hint)[0]
    return () if get_origin(hint) is tuple else _NEUTRAL[hint]

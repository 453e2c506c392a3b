"""Reads and checks records with pydantic, for `codec`, which loads this when it is needed."""

from collections.abc import Iterator
from typing import Any, cast

from pydantic_core import ValidationError

from tracker.domain import shape_errors
from tracker.domain.fields import Type
from tracker.domain.json_values import BadShape
from tracker.domain.problems import Problem
from tracker.domain.schemas import Mode, validator


def build[T](shape: type[T], value: Any, pointer: str = "") -> T:
    """See `codec.build`."""
    try:
        built: T = validator(cast("Any", shape), Mode.STORED).validate_python(value)
    except ValidationError as error:
        first = next(shape_errors.problems(error, shape, pointer, Mode.STORED))
        raise BadShape(first.pointer, first.detail) from error
    return built


def read[T](shape: type[T], value: Any) -> tuple[T, list[Problem]]:
    """See `codec.read`."""
    sent = validator(cast("Any", shape), Mode.SENT)
    try:
        return sent.validate_python(value), []
    except ValidationError as error:
        if error.error_count() > shape_errors.MOST_UNKNOWN:
            bounded = shape_errors.bounded(Type(shape), value)
            if bounded != value:
                return read(shape, bounded)
        places = {fault["loc"] for fault in error.errors(include_url=False, include_input=False)}
        filled = shape_errors.filled(Type(shape), value, places)
        problems_ = list(shape_errors.problems(error, shape, "", Mode.SENT))
        return sent.validate_python(filled), problems_


def problems(record: Any, pointer: str = "") -> Iterator[Problem]:
    """See `codec.problems`."""
    shape: Any = type(record)
    try:
        validator(shape, Mode.CHECK).validate_python(record)
    except ValidationError as error:
        yield from shape_errors.problems(error, shape, pointer, Mode.CHECK)

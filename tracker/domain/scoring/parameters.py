"""Parsing of lens parameters: decimals are strings, and every error names its parameter."""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from typing import Any

_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,40})?", re.ASCII)


class WrongParameter(ValueError):
    """A parameter that the model cannot use; `name` is its name, `problem` the reason."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name} {problem}")
        self.name = name
        self.problem = problem


def check_names(
    body: Mapping[str, Any], *, wanted: Collection[str], optional: Collection[str] = ()
) -> None:
    """Refuse missing and unknown parameters, so that a lens states everything that it depends on.

    An `optional` parameter may be absent, which has its own meaning.
    """
    for name in wanted:
        if name not in body:
            raise WrongParameter(name, "is missing")
    for name in body:
        if name not in wanted and name not in optional:
            raise WrongParameter(
                name, f"is unknown; expected one of: {', '.join([*wanted, *optional])}"
            )


def decimal(value: Any, name: str, *, least: float, most: float) -> float:
    """Parse a decimal string in least..most."""
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise WrongParameter(name, f'is {value!r}; it must be a decimal in quotes, such as "0.5"')
    if not least <= float(value) <= most:
        raise WrongParameter(name, f"is {value}; it must be between {least:g} and {most:g}")
    return float(value)


def whole(value: Any, name: str, *, least: int, most: int) -> int:
    """Parse a whole number in least..most."""
    if type(value) is not int or not least <= value <= most:
        raise WrongParameter(
            name, f"is {value!r}; it must be a whole number between {least} and {most}"
        )
    return value


def flag(value: Any, name: str) -> bool:
    """Parse true or false."""
    if type(value) is not bool:
        raise WrongParameter(name, f"is {value!r}; it must be true or false")
    return value


def steps(value: Any, name: str, *, top: float) -> tuple[tuple[float, float], ...]:
    """Parse a table of (value, step). Values rise; steps do not fall and are in −top..top."""
    table = tuple(_step(row, place, top=top) for place, row in _rows(value, name))
    if len(table) < 2:
        raise WrongParameter(name, "must have at least two rows")
    for (code, step), (next_code, next_step) in pairwise(table):
        if next_code <= code:
            raise WrongParameter(name, f"must have rising values, but {next_code} follows {code}")
        if next_step < step:
            raise WrongParameter(
                name, f"must not have falling steps, but {next_step} follows {step}"
            )
    return table


def _rows(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, list | tuple):
        raise WrongParameter(name, "must be a list")
    for place, row in enumerate(value):
        yield f"{name}[{place}]", row


def _step(row: Any, place: str, *, top: float) -> tuple[float, float]:
    if not isinstance(row, list | tuple) or len(row) != 2:
        raise WrongParameter(place, "must be a value and its step")
    return decimal(row[0], place, least=-10, most=10), decimal(row[1], place, least=-top, most=top)

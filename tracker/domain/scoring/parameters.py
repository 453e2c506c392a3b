"""Parsing of lens parameters: decimals are strings, and every error names its parameter."""

import re
from collections.abc import Collection, Mapping
from typing import Any

_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,40})?", re.ASCII)


class WrongParameter(ValueError):
    """A parameter that the model cannot use; `name` is its name, `problem` the reason."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name} {problem}")
        self.name = name
        self.problem = problem


def check_names(body: Mapping[str, Any], *, wanted: Collection[str]) -> None:
    """Refuse missing and unknown parameters: a lens states everything that it depends on."""
    for name in wanted:
        if name not in body:
            raise WrongParameter(name, "is missing")
    for name in body:
        if name not in wanted:
            raise WrongParameter(name, f"is unknown; expected one of: {', '.join(wanted)}")


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

"""Parsing of lens parameters: decimals are strings, and every error names its parameter."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,40})?", re.ASCII)
_SERIES = re.compile(r"[A-Z]{3}[->][A-Z]{3}", re.ASCII)
_ANCHOR = ("series", "day", "level", "citation")


class WrongParameter(ValueError):
    """A parameter that the model cannot use; `name` is its name, `problem` the reason."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name} {problem}")
        self.name = name
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A level at the close of a day, supported by a citation, for the one series that it names.

    The undirected pair ("KAZ-RUS") and the two directions ("RUS>KAZ") are separate series. An
    anchor applies to one of them; the others have their own anchor or none, since the level of a
    pair does not follow from those of its directions.
    """

    day: date
    level: float


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


def anchors(value: Any, name: str, *, top: float) -> dict[str, Anchor]:
    """Parse a list of {series, day, level, citation} into anchors by series, at most one for each.

    A series must have its usual name: two countries, for an undirected pair in alphabetical order.
    An anchor under another name would never be found.
    """
    by_series: dict[str, Anchor] = {}
    for place, row in _rows(value, name):
        series, anchor = _anchor(row, place, top=top)
        if series in by_series:
            raise WrongParameter(f"{place}.series", f"is {series}, which already has an anchor")
        by_series[series] = anchor
    return by_series


def _rows(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, list | tuple):
        raise WrongParameter(name, "must be a list")
    for place, row in enumerate(value):
        yield f"{name}[{place}]", row


def _step(row: Any, place: str, *, top: float) -> tuple[float, float]:
    if not isinstance(row, list | tuple) or len(row) != 2:
        raise WrongParameter(place, "must be a value and its step")
    return decimal(row[0], place, least=-10, most=10), decimal(row[1], place, least=-top, most=top)


def _anchor(row: Any, place: str, *, top: float) -> tuple[str, Anchor]:
    if not isinstance(row, Mapping) or set(row) != {*_ANCHOR}:
        raise WrongParameter(place, f"must have exactly these fields: {', '.join(_ANCHOR)}")
    series, day, citation = row["series"], row["day"], row["citation"]
    _check_series(series, f"{place}.series")
    if not isinstance(citation, str) or not citation.strip():
        raise WrongParameter(f"{place}.citation", "is empty; a level requires a citation")
    level = decimal(row["level"], f"{place}.level", least=-top, most=top)
    return series, Anchor(day=_day(day, f"{place}.day"), level=level)


def _check_series(value: Any, name: str) -> None:
    if not isinstance(value, str) or not _SERIES.fullmatch(value):
        raise WrongParameter(name, f'is {value!r}; it must have the form "KAZ-RUS" or "RUS>KAZ"')
    first, second = value[:3], value[4:]
    if first == second:
        raise WrongParameter(name, f"is {value}; a pair must be two different countries")
    if "-" in value and first > second:
        raise WrongParameter(name, f"is {value}; write the undirected pair as {second}-{first}")


def _day(value: Any, name: str) -> date:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        day = None
    if day is None or day.isoformat() != value:
        raise WrongParameter(name, f'is {value!r}; it must be a day, such as "2022-05-24"')
    return day

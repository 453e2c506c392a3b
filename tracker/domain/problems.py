"""Errors in six families. The edges (API, pages, desk, commands) answer each family in one way, and
every exception of ours that reaches an edge inherits from one of them.

`kind` is the problem kind of the API (`api.problem_kinds`); `wait` is the number of seconds after
which a retry makes sense.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, where (a JSON pointer into the record), and how to fix it.

    `rests_on`: pointers to the other values that the problem depends on.
    """

    pointer: str
    code: str
    detail: str
    rests_on: tuple[str, ...] = ()


class Invalid(ValueError):
    """A record that cannot enter the log; `problems` lists every reason."""

    kind: ClassVar[str] = "invalid"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.pointer}: {problem.detail}" for problem in problems))
        self.problems = problems


def required(pointer: str, detail: str, *rests_on: str) -> Problem:
    """A value is missing."""
    return Problem(pointer=pointer, code="required", detail=detail, rests_on=rests_on)


def invalid(pointer: str, detail: str, *rests_on: str) -> Problem:
    """A value is not allowed."""
    return Problem(pointer=pointer, code="invalid", detail=detail, rests_on=rests_on)


def refuse(problems: Iterable[Problem]) -> None:
    """Raise an error if there are any problems.

    :raises Invalid: with all of them.
    """
    if given := list(problems):
        raise Invalid(given)


def certain(problems: Iterable[Problem], unread: Iterable[str]) -> Iterator[Problem]:
    """Yield the problems that do not depend on the values at the pointers `unread`."""
    unknown = [f"{pointer}/" for pointer in unread]
    for problem in problems:
        places = [f"{pointer}/" for pointer in (problem.pointer, *problem.rests_on)]
        if not any(
            place.startswith(unreadable) or unreadable.startswith(place)
            for place in places
            for unreadable in unknown
        ):
            yield problem


def below(pointer: str, key: str) -> str:
    """Return the pointer to a member of what `pointer` points to."""
    return f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"


class NotFound(LookupError):
    """No record has this name or id."""

    kind: ClassVar[str] = "not-found"


class BadParameter(ValueError):
    """A request parameter that cannot be used. `parameter` is its name; `code` is the error code
    for programs.
    """

    kind: ClassVar[str] = "invalid"
    parameter: ClassVar[str] = ""
    code: ClassVar[str] = "invalid"


class Conflict(ValueError):
    """The request does not fit the current record; the message says what would."""

    kind: ClassVar[str] = "out-of-order"


class NotYet(Exception):
    """Other work must finish first and is in progress."""

    kind: ClassVar[str] = "catching-up"
    wait: ClassVar[int] = 30


class Unavailable(Exception):
    """A required service does not respond."""

    kind: ClassVar[str] = "busy"
    wait: ClassVar[int] = 1


FAMILIES = (Invalid, NotFound, BadParameter, Conflict, NotYet, Unavailable)

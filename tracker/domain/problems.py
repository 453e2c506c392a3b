"""What can go wrong, in six families: the edges (API, pages, desk, commands) answer each family in
one way. An exception of ours that reaches an edge inherits from one of them.

`kind` is the kind of problem that the API answers with (`api.problem_kinds`), `wait` the seconds
after which it is worth asking again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, where (a JSON pointer into the record), and how to fix it.

    `rests_on`: what else it follows from; were that another value, it might not be wrong.
    """

    pointer: str
    code: str
    detail: str
    rests_on: tuple[str, ...] = ()


class Invalid(ValueError):
    """A record that may not enter the log; `problems` names every reason."""

    kind: ClassVar[str] = "invalid"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{one.pointer}: {one.detail}" for one in problems))
        self.problems = problems


def refuse(problems: Iterable[Problem]) -> None:
    """Raise `Invalid` if there is any problem."""
    if found := list(problems):
        raise Invalid(found)


def certain(problems: Iterable[Problem], unread: Iterable[str]) -> Iterator[Problem]:
    """Those problems that stand whatever is meant at the pointers `unread`."""
    unknown = [f"{one}/" for one in unread]
    for problem in problems:
        places = [f"{one}/" for one in (problem.pointer, *problem.rests_on)]
        if not any(a.startswith(b) or b.startswith(a) for a in places for b in unknown):
            yield problem


def below(pointer: str, key: str) -> str:
    """The pointer to a member of what `pointer` points to."""
    return f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"


class NotFound(LookupError):
    """Nothing on record has this name or id."""

    kind: ClassVar[str] = "not-found"


class BadParameter(ValueError):
    """A question that cannot be answered as it was asked. `parameter` names what has to change, and
    `code` says for programs what is wrong with it."""

    kind: ClassVar[str] = "invalid"
    parameter: ClassVar[str] = ""
    code: ClassVar[str] = "invalid"


class Conflict(ValueError):
    """It does not fit what is on record; the message says what does."""

    kind: ClassVar[str] = "out-of-order"


class NotYet(Exception):
    """Other work has to be done first, and is under way."""

    kind: ClassVar[str] = "catching-up"
    wait: ClassVar[int] = 30


class Unavailable(Exception):
    """Something that is needed does not answer."""

    kind: ClassVar[str] = "busy"
    wait: ClassVar[int] = 1


FAMILIES = (Invalid, NotFound, BadParameter, Conflict, NotYet, Unavailable)

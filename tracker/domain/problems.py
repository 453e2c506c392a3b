"""What is wrong with a record, where, and how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, where (a JSON pointer into the record), and how to mend it.

    `rests_on`: what else it follows from; were that another value, it might not be wrong.
    """

    pointer: str
    code: str
    detail: str
    rests_on: tuple[str, ...] = ()


class Invalid(ValueError):
    """A record that may not enter the log; `problems` names every reason."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{one.pointer}: {one.detail}" for one in problems))
        self.problems = problems


def refuse(problems: Iterable[Problem]) -> None:
    """Raise `Invalid` if there is any problem."""
    if found := list(problems):
        raise Invalid(found)

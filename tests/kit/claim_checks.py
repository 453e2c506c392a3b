"""A claim between two countries, and what is found wrong with it."""

from tests.kit.domain_builders import a_claim
from tracker.domain import events as e
from tracker.domain import validity

FORECAST = {"kind": "forecast", "resolves_by": "2023-05-24", "criterion": "It has happened."}


def found(problems) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in problems]


def of(ends: str = "RUS>KAZ", **given) -> list[tuple[str, str]]:
    """What is wrong with a claim."""
    return found(validity.claim_problems(a_claim(ends, **given)))


def told(problems) -> str:
    [one] = problems
    return one.detail


def some_positions(*ends):
    return tuple(e.Positions(first=first, last=last) for first, last in ends)

"""Looks at what nobody has put on record yet."""

from collections.abc import Iterator

from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.claims import Citation, Claim
from tracker.domain.sayings import Entered, SaidBy
from tracker.domain.validity import Problem
from tracker.operations import batches, references


def check(claim: Claim, said_by: SaidBy | None = None) -> None:
    """Refuse what `enter` would refuse.

    :raises Invalid: naming every field that does not fit.
    """
    validity.refuse(problems(claim, said_by))


def problems(claim: Claim, said_by: SaidBy | None = None) -> list[Problem]:
    """All that is wrong with a claim, and with who says it."""
    return batches.problems([Entered(claim=claim, said_by=said_by)])[0]


def citation_problems(citation: Citation) -> Iterator[Problem]:
    """All that is wrong with a citation."""
    yield from validity.citation_problems(citation)
    yield from references.missing(references.of_citation(citation))


def reason_problems(reason: str) -> Iterator[Problem]:
    """All that is wrong with what somebody gives as the reason of a change."""
    yield from validity.event_problems(e.ClaimRetracted(reason=reason))

"""Claims that are dated after the documents that support them, with one look-up for all."""

from collections.abc import Sequence

from tracker.domain import dateorder
from tracker.domain.claims import Citation, Claim
from tracker.domain.validity import Problem
from tracker.queries.records import states


def late(claim: Claim) -> list[Problem]:
    """Say that a claim is dated after its document, if it is."""
    return late_of_many([claim])[0]


def late_of_many(claims: Sequence[Claim]) -> list[list[Problem]]:
    """Say it of each of several claims, in their order."""
    cited = {one.document for claim in claims for one in claim.citations}
    dates = states.dates(cited) if cited else {}
    return [list(dateorder.claim_problems(claim, dates)) for claim in claims]


def late_to_cite(claim: Claim, citation: Citation) -> list[Problem]:
    """Say that a document is older than the event which it is to support, if it is."""
    dates = states.dates([citation.document])
    return list(dateorder.citation_problems(claim, citation, dates))

"""Looks at a claim that nobody has put on record yet."""

from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.claims import Claim
from tracker.operations import references


def check(claim: Claim) -> None:
    """Refuse what `assert_claim` would refuse.

    :raises Invalid: naming every field that does not fit.
    """
    wrong = validity.event_problems(e.ClaimAsserted(claim=claim))
    validity.refuse([*wrong, *references.missing(references.of_claim(claim))])

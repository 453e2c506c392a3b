"""Claims that are erased: nothing is known of them but who had them erased, and why."""

from typing import NamedTuple
from uuid import UUID

from tracker import log
from tracker.domain.events import BodyErased


class ErasureOnRecord(NamedTuple):
    """The last event that erased a part of a claim."""

    position: int
    authority: str
    reason: str


def erasure(claim_id: UUID) -> ErasureOnRecord | None:
    """Return the erasure of a claim; None if it is not erased."""
    for recorded in reversed(log.history([claim_id], words=False)):
        if isinstance(event := recorded.decoded(), BodyErased):
            return ErasureOnRecord(recorded.position, event.authority, event.reason)
    return None


def absence(claim_id: UUID) -> str:
    """Return why there is no claim with an id."""
    if found := erasure(claim_id):
        return (
            f"the claim {claim_id} was erased at position {found.position}, by order of:"
            f" {found.authority}. Reason: {found.reason}"
        )
    return f"there is no claim {claim_id}, or it was not recorded yet at that moment"

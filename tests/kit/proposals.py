"""Claims that were entered from what a reader proposed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.kit.builders import AT, BY, Desk, an_id
from tracker.domain import proposed
from tracker.domain.attribution import SaidBy, Submission
from tracker.domain.claims import Claim
from tracker.operations import batches
from tracker.operations.batches import Attached

FIRST = 7_000


def enters_proposed(
    desk: Desk,
    claim: Claim | None = None,
    *,
    number: int = 1,
    said_by: UUID | None = None,
    at: datetime = AT,
    by: str = BY,
    was: Mapping[str, Any] | None = None,
) -> UUID:
    """Enter a claim that reading-1 proposed: as it is, but with the fields in `was`."""
    entered = claim or desk.claim()
    key = an_id(FIRST + number)
    proposal = replace(proposed.of("reading-1", entered, said_by), **(was or {}))
    speaker = SaidBy(actor=said_by) if said_by else None
    submission = Submission(claim=entered, said_by=speaker)
    batches.assert_claims(
        {key: submission}, at=at, by=by, attached=Attached(proposed={key: proposal})
    )
    return key

"""How old the newest report of some claims is."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from tracker.domain import acts
from tracker.domain import folding as f
from tracker.queries import states

# Claims that are looked up for it; of more, the caller gives those that acted last.
MOST = 25


def last_report(claim_ids: Collection[UUID], *, at: int | None) -> date | None:
    """Give the day of the latest document that supports any of the claims, as known at a position
    (None: now). None where no document has a date."""
    found = states.claims(claim_ids, at=at).values()
    cited = {citation.document for one in found for citation in one.claim.citations}
    documents = {
        key: one.document
        for key, one in states.records(cited, at=at).items()
        if isinstance(one, f.DocumentState)
    }
    return max(acts.cited_on(found, documents), default=None)

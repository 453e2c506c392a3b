"""What happens to a claim after it is recorded, other than corrections: verdicts, reviews, the
outcome of a forecast, retraction, links.
"""

from collections.abc import Iterator
from uuid import UUID

from tracker.domain import events as e

# In the claim's own stream. Corrections and citations are part of its content.
KINDS = (
    "VerdictGiven",
    "ClaimReviewed",
    "ForecastResolved",
    "ClaimRetracted",
    "ClaimReinstated",
)
LINKED = "ClaimsLinked"


def refers(event: e.Event) -> Iterator[tuple[str, UUID, str]]:
    """Yield the records that such an event refers to: pointer, id and noun."""
    match event:
        case e.VerdictGiven(source=source, document=document, parties=parties):
            if source:
                yield "/source", source, "source"
            if document:
                yield "/document", document, "document"
            yield from ((f"/parties/{n}", party, "actor") for n, party in enumerate(parties))
        case e.ForecastResolved(document=document) if document:
            yield "/document", document, "document"

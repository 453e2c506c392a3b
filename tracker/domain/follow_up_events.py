"""What happens to a claim once it is on record, but for what it says itself: verdicts, reviews, the
outcome of a forecast, its retraction, its links."""

from collections.abc import Iterator
from uuid import UUID

from tracker.domain import events as e

# Of the claim itself. Corrections and further citations become part of what it says.
KINDS = (
    "VerdictGiven",
    "ClaimReviewed",
    "ForecastResolved",
    "ClaimRetracted",
    "ClaimReinstated",
)
LINKED = "ClaimsLinked"


def refers(event: e.Event) -> Iterator[tuple[str, UUID, str]]:
    """The records that such an event names: pointer, id and noun of each."""
    match event:
        case e.VerdictGiven(source=source, document=document, parties=parties):
            if source:
                yield "/source", source, "source"
            if document:
                yield "/document", document, "document"
            yield from ((f"/parties/{n}", party, "actor") for n, party in enumerate(parties))
        case e.ForecastResolved(document=document) if document:
            yield "/document", document, "document"

"""What was recorded of an exported claim after it was asserted: verdicts, reviews, outcomes, its
retraction with the reason, and its links."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import follow_up_events
from tracker.importers.lines import BadCell

NOT_SAID = "is the claim's status, and nothing says why: export it anew"


def read(claim: Mapping[str, Any]) -> tuple[e.Event, ...]:
    """Give these events, in their order; links come last.

    :raises BadCell: if the claim's status does not follow from them.
    :raises ValueError: and others, if they are none as an export has them.
    """
    found = tuple(_events(UUID(claim["id"]), claim.get("later") or []))
    status = "standing"
    for event in found:
        if isinstance(event, e.ClaimRetracted | e.ClaimReinstated):
            status = "retracted" if isinstance(event, e.ClaimRetracted) else "standing"
    if claim.get("status", "standing") != status:
        raise BadCell("status", str(claim["status"]), NOT_SAID)
    return found


def _events(claim: UUID, later: list[Mapping[str, Any]]) -> Iterator[e.Event]:
    for one in later:
        kind, stream = one["kind"], UUID(one["stream"])
        if kind not in (*follow_up_events.KINDS, follow_up_events.LINKED):
            raise ValueError(f"{kind} is nothing that comes after a claim")
        event = e.decode(kind, one["schema"], one["body"])
        if stream != _stream(claim, event):
            raise ValueError(f"{stream} is not the stream of its {kind}")
        yield event


def _stream(claim: UUID, event: e.Event) -> UUID | None:
    """The stream that an event of a claim belongs to; None where it is of another claim."""
    if not isinstance(event, e.ClaimsLinked):
        return claim
    if claim not in (event.from_, event.to):
        return None
    return e.link_id(event.type, event.from_, event.to)

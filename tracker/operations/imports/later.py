"""What was recorded of an exported claim later, led to the records that are here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings

from tracker.domain import events as e
from tracker.domain import follow_up_events, validity
from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.importers.drafts import DraftClaim
from tracker.importers.lines import BadCell
from tracker.queries.records import states

COLUMN = "later"
_NOUNS: Mapping[type[e.Event], str] = {
    e.ActorDescribed: "actor",
    e.SourceDescribed: "source",
    e.DocumentDescribed: "document",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Under which ids the records of a draft are here, each by the draft's: its actors and its
    cited documents, what it brought along that goes by the same name here (`alike`), and the
    nouns of what is on record under the same id."""

    draft: DraftClaim
    actors: Mapping[UUID, UUID]
    documents: Mapping[UUID, UUID]
    alike: Mapping[UUID, UUID]
    on_record: Mapping[UUID, str]

    def find(self, one: UUID, noun: str) -> UUID | None:
        """Give the id of a record; None if there is none such, or it is something else."""
        held = {"actor": self.actors, "document": self.documents}.get(noun, {})
        if one in held:
            return held[one]
        if self.on_record.get(one) == noun:
            return one
        brought = self.draft.records.get(one)
        if not brought or _NOUNS.get(type(brought[0])) != noun:
            return None
        return self.alike.get(one) or _published(brought[0]) or one


def later_of(draft: DraftClaim, claim: Claim, here: Here) -> Sequence[e.Event]:
    """Give the events of a draft that come after its claim.

    :raises BadCell: if one of them can be none, or names what is not on record.
    """
    events = [_led(one, here) for one in draft.later if not _accepts_itself(one)]
    for event in events:
        for problem in validity.event_problems(event):
            raise _bad(event, problem.pointer, problem.detail)
    told = [e.ClaimAsserted(claim=claim), *(one for one in events if not is_link(one))]
    try:
        f.fold(f.Entry(e.NAMESPACE, 0, one) for one in told)
    except f.OutOfOrder as problem:
        raise BadCell(COLUMN, "", str(problem)) from problem
    return events


def is_link(event: e.Event) -> bool:
    return isinstance(event, e.ClaimsLinked)


def _accepts_itself(event: e.Event) -> bool:
    """Where four eyes are asked for, nobody accepts what they bring."""
    accepts = isinstance(event, e.ClaimReviewed) and event.outcome == "accepted"
    return accepts and bool(settings.FOUR_EYES)


def _led(event: e.Event, here: Here) -> e.Event:
    """The event with the records that it names called by the ids that they have here.

    :raises BadCell: if one of them is not on record.
    """
    ids: dict[UUID, UUID] = {}
    for pointer, one, noun in follow_up_events.refers(event):
        found = here.find(one, noun)
        if found is None:
            raise _bad(event, pointer, f"there is no {noun} {one}")
        ids[one] = found
    match event:
        case e.VerdictGiven(source=source, document=document, parties=parties):
            return replace(
                event,
                source=ids[source] if source else None,
                document=ids[document] if document else None,
                parties=tuple(ids[one] for one in parties),
            )
        case e.ForecastResolved(document=document) if document:
            return replace(event, document=ids[document])
    return event


def _published(event: e.Event) -> UUID | None:
    """The document on record at the address of another, the oldest of several."""
    url = event.document.url if isinstance(event, e.DocumentDescribed) else None
    found = states.documents(ids=(), urls=[url]) if url else []
    return found[-1].id if found else None


def _bad(event: e.Event, pointer: str, detail: str) -> BadCell:
    return BadCell(COLUMN, type(event).__name__, f"{pointer.strip('/')}: {detail}")

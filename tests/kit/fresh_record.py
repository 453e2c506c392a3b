"""A record as it would be had some things never been put on it: the same events in a fresh log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import Any
from uuid import UUID

from tests.kit.background_work import work_off
from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.absence import Absence
from tracker.domain.claims import Citation, Claim
from tracker.log import Draft, Recorded
from tracker.projections import standing

AT_ONCE = 100
type Entries = Sequence[tuple[UUID, e.Event]]
SPEECH = ("AGREE", "THREATEN", "REJECT", "REQUEST", "ACCUSE", "SUPPORT")


def replay(recorded: Sequence[Recorded], absence: Absence) -> None:
    """Append what is left of the events to a log that is empty so far, and do the work."""
    for drafts in batched(left(recorded, absence), AT_ONCE, strict=False):
        log.append(drafts, at=recorded[-1].recorded_at, by="fresh", project=standing.project)
    work_off()


def left(recorded: Sequence[Recorded], absence: Absence) -> Iterator[Draft]:
    """The events without what is absent, worked out apart from the code under test."""
    taken = _Taken(
        absence=absence, publishers=_publishers(recorded), actors=_actors(recorded), claims={}
    )
    thinned = [(one.stream, taken.applied_to(one.stream, one.decoded())) for one in recorded]
    entries = [(stream, event) for stream, event in thinned if event is not None]
    gone = taken.streams | _bare(entries)
    for stream, event in entries:
        ends = {getattr(event, "from_", stream), getattr(event, "to", stream)}
        if not gone & {stream, *ends}:
            yield Draft(stream=stream, event=event)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """`actors`: who a source is; `claims`: each as it stands so far."""

    absence: Absence
    publishers: dict[UUID, UUID]
    actors: dict[UUID, UUID | None]
    claims: dict[UUID, Claim]

    @property
    def streams(self) -> set[UUID]:
        own = self.absence.sources
        return {
            *self.absence.claims,
            *own,
            *(k for k, one in self.publishers.items() if one in own),
        }

    def applied_to(self, stream: UUID, event: Any) -> Any:
        match event:
            case e.ClaimAsserted(claim=claim) | e.ClaimCorrected(claim=claim):
                self.claims[stream] = claim
                kept = tuple(one for one in claim.citations if self.leaves(one, claim))
                return replace(event, claim=replace(claim, citations=kept))
            case e.CitationAdded(citation=citation):
                return event if self.leaves(citation, self.claims[stream]) else None
            case e.VerdictGiven(source=source, document=document):
                return None if {source, document} & self.streams else event
        return event

    def leaves(self, citation: Citation, claim: Claim) -> bool:
        publisher = self.publishers[citation.document]
        if {publisher, *citation.chain} & self.absence.sources:
            return False
        return self._root(publisher, citation, claim) not in self.absence.roots

    def _root(self, publisher: UUID, citation: Citation, claim: Claim) -> UUID:
        """The last of the chain; who says what the claim says is no link of it."""
        root = publisher
        for source in citation.chain:
            if {self.actors[root], self.actors[source]} & self._speakers(citation, claim):
                break
            root = source
        return root

    def _speakers(self, citation: Citation, claim: Claim) -> set[UUID]:
        speech = claim.code and claim.code.split("/")[1] in SPEECH
        if not speech or citation.stance != "supports":
            return set()
        return {party.actor for party in claim.parties if party.role == "initiator"}


def _publishers(recorded: Sequence[Recorded]) -> dict[UUID, UUID]:
    events = ((one.stream, one.decoded()) for one in recorded)
    return {key: one.document.source for key, one in events if isinstance(one, e.DocumentDescribed)}


def _actors(recorded: Sequence[Recorded]) -> dict[UUID, UUID | None]:
    events = ((one.stream, one.decoded()) for one in recorded)
    return {key: one.source.actor for key, one in events if isinstance(one, e.SourceDescribed)}


def _bare(entries: Entries) -> set[UUID]:
    """Nobody can enter a claim that nothing supports or denies."""
    states: dict[UUID, f.State | None] = {}
    for position, (stream, event) in enumerate(entries):
        entry = f.Entry(stream=stream, position=position, event=event)
        states[stream] = f.fold([entry], states.get(stream))
    return {
        key
        for key, one in states.items()
        if isinstance(one, f.ClaimState) and not one.claim.citations
    }

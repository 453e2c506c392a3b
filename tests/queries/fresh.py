"""A record as it would be had some things never been put on it: the same events in a fresh log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from tests.projections.readings import work_off
from tracker import log
from tracker.domain import events as e
from tracker.domain import folding as f
from tracker.domain.absence import Absence
from tracker.domain.claims import Citation
from tracker.log import Draft, Recorded
from tracker.projections import standing

type Entries = Sequence[tuple[UUID, e.Event]]


def replay(recorded: Sequence[Recorded], absence: Absence) -> None:
    """Append what is left of the events to a log that is empty so far, and do the work."""
    for draft in left(recorded, absence):
        log.append([draft], at=recorded[-1].recorded_at, by="fresh", project=standing.project)
    work_off()


def left(recorded: Sequence[Recorded], absence: Absence) -> Iterator[Draft]:
    """The events without what is absent, worked out apart from the code under test."""
    taken = _Taken(absence=absence, publishers=_publishers(recorded))
    thinned = [(one.stream, taken.left_of(one.decoded())) for one in recorded]
    entries = [(stream, event) for stream, event in thinned if event is not None]
    gone = taken.streams | _bare(entries)
    for stream, event in entries:
        ends = {getattr(event, "from_", stream), getattr(event, "to", stream)}
        if not gone & {stream, *ends}:
            yield Draft(stream=stream, event=event)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """A source is no actor here, so that the last of a chain is its root."""

    absence: Absence
    publishers: dict[UUID, UUID]

    @property
    def streams(self) -> set[UUID]:
        own = self.absence.sources
        return {
            *self.absence.claims,
            *own,
            *(k for k, one in self.publishers.items() if one in own),
        }

    def left_of(self, event: Any) -> Any:
        match event:
            case e.ClaimAsserted(claim=claim) | e.ClaimCorrected(claim=claim):
                kept = tuple(one for one in claim.citations if self.leaves(one))
                return replace(event, claim=replace(claim, citations=kept))
            case e.CitationAdded(citation=citation) if not self.leaves(citation):
                return None
            case e.VerdictGiven(source=source, document=document):
                return None if {source, document} & self.streams else event
        return event

    def leaves(self, citation: Citation) -> bool:
        chain = (self.publishers[citation.document], *citation.chain)
        return not {*chain} & self.absence.sources and chain[-1] not in self.absence.roots


def _publishers(recorded: Sequence[Recorded]) -> dict[UUID, UUID]:
    events = ((one.stream, one.decoded()) for one in recorded)
    return {key: one.document.source for key, one in events if isinstance(one, e.DocumentDescribed)}


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

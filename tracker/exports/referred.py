"""The records that a claim refers to, and what came of it does, as another log needs them to take
the claim in.

For each, what describes it as it stands, in the form of events; whom an actor speaks for and the
members of a group are among them, each before what refers to it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.exports.later import Later, written
from tracker.queries.claims.detail import Sheet
from tracker.queries.records import states


class Referred:
    """What some claims refer to, as known at a position."""

    def __init__(self, sheets: Sequence[Sheet], later: Later, *, position: int) -> None:
        self._later = later
        self._states: dict[UUID, f.State] = {}
        for sheet in sheets:
            self._states |= {state.id: state for state in _named(sheet)}
        self._judging = {one for sheet in sheets for one in later.refers(sheet)}
        while unknown := self._unknown():
            found = states.records(unknown, at=position)
            self._states |= found
            if not found:
                break
        self._grades = self._graded(position)
        self._written: dict[UUID, str] = {}

    def records(self, sheet: Sheet) -> str:
        """What one of the claims needs, as a list in JSON."""
        found: dict[UUID, str] = {}
        for one in (*(state.id for state in _named(sheet)), *self._later.refers(sheet)):
            self._gather(one, found, above=frozenset())
        return f"[{','.join(found.values())}]"

    def _unknown(self) -> set[UUID]:
        needed = {one for state in self._states.values() for one in states.refers(state)}
        return (needed | self._judging) - self._states.keys()

    def _graded(self, position: int) -> dict[UUID, list[e.Event]]:
        """The grades of sources, with the reasons for them."""
        found: dict[UUID, list[e.Event]] = defaultdict(list)
        graded = [
            state.id
            for state in self._states.values()
            if isinstance(state, f.SourceState) and state.ratings
        ]
        for recorded in log.history(graded, until=position) if graded else ():
            if recorded.kind == "SourceRated":
                found[recorded.stream].append(recorded.decoded())
        return found

    def _gather(self, stream: UUID, found: dict[UUID, str], *, above: frozenset[UUID]) -> None:
        if stream in found or stream in above or stream not in self._states:
            return
        for one in states.refers(self._states[stream]):
            self._gather(one, found, above=above | {stream})
        found[stream] = self._described(stream)

    def _described(self, stream: UUID) -> str:
        """The events of a record, written once for all claims that name it."""
        if stream not in self._written:
            events = [*_events(self._states[stream]), *self._grades.get(stream, ())]
            self._written[stream] = ",".join(written(stream, event) for event in events)
        return self._written[stream]


def _named(sheet: Sheet) -> Iterator[f.State]:
    """The records that a claim names."""
    yield sheet.collection
    yield from (one.actor for one in sheet.parties)
    for citation in sheet.citations:
        yield from (one.source for one in citation.provenance)
        yield citation.document


def _events(state: f.State) -> Iterator[e.Event]:
    match state:
        case f.ActorState(actor=actor):
            yield e.ActorDescribed(actor=actor)
        case f.SourceState(source=source):
            yield e.SourceDescribed(source=source)
        case f.DocumentState(document=document):
            yield e.DocumentDescribed(document=document)
        case f.CollectionState(collection=collection):
            yield e.CollectionDescribed(collection=collection)

"""What another log needs to import claims: the records they refer to, and later events."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from tracker import log
from tracker.domain import codec, follow_up_events
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.disclosure import Reader
from tracker.queries.claims import disclosure
from tracker.queries.claims.detail import Sheet
from tracker.queries.records import states


class FollowUps:
    """What was recorded about some claims later, as known at a position: the events that judge
    them, and the links in force. Masked events are left out.

    Corrections and added citations are part of the claims themselves.
    """

    def __init__(self, sheets: Sequence[Sheet], *, position: int, reader: Reader) -> None:
        self._events: dict[UUID, list[e.Event]] = defaultdict(list)
        streams = [sheet.filed.state.id for sheet in sheets if sheet.filed.version > 1]
        streams += {link.id for sheet in sheets for link in sheet.filed.links}
        history = log.history(streams, until=position) if streams else []
        masked = disclosure.masked_positions(history, at=position, reader=reader)
        for recorded in history:
            if recorded.position in masked:
                continue
            if recorded.kind in follow_up_events.KINDS:
                self._events[recorded.stream].append(recorded.decoded())
            elif recorded.kind == follow_up_events.LINKED:
                self._events[recorded.stream] = [recorded.decoded()]

    def refers(self, sheet: Sheet) -> Iterator[UUID]:
        """The records that the events of a claim refer to."""
        for event in self._events.get(sheet.filed.state.id, ()):
            yield from (record for _, record, _ in follow_up_events.refers(event))

    def events(self, sheet: Sheet) -> str:
        """The events of a claim and of its links, as a list in JSON."""
        streams = [sheet.filed.state.id, *(link.id for link in sheet.filed.links)]
        lines = [
            _json(stream, event) for stream in streams for event in self._events.get(stream, ())
        ]
        return f"[{','.join(lines)}]"


class References:
    """The records that some claims and their later events refer to, as known at a position.

    Each record is given as the events that describe its current state. A record comes after those
    that it refers to, such as the members of a group.
    """

    def __init__(self, sheets: Sequence[Sheet], follow_ups: FollowUps, *, position: int) -> None:
        self._follow_ups = follow_ups
        self._states: dict[UUID, f.State] = {}
        for sheet in sheets:
            self._states |= {state.id: _needed(state) for state in _records_of(sheet)}
        self._judging = {record for sheet in sheets for record in follow_ups.refers(sheet)}
        while unknown := self._unknown():
            more = states.records(unknown, at=position)
            self._states |= {key: _needed(state) for key, state in more.items()}
            if not more:
                break
        self._ratings = self._rated(position)
        self._lines: dict[UUID, str] = {}

    def records(self, sheet: Sheet) -> str:
        """The records that one of the claims needs, as a list of events in JSON."""
        lines: dict[UUID, str] = {}
        direct = (*(state.id for state in _records_of(sheet)), *self._follow_ups.refers(sheet))
        for stream in direct:
            self._gather(stream, lines, above=frozenset())
        return f"[{','.join(lines.values())}]"

    def _unknown(self) -> set[UUID]:
        needed = {record for state in self._states.values() for record in states.refers(state)}
        return (needed | self._judging) - self._states.keys()

    def _rated(self, position: int) -> dict[UUID, list[e.Event]]:
        """The grades of sources, with their reasons."""
        ratings: dict[UUID, list[e.Event]] = defaultdict(list)
        rated = [
            state.id
            for state in self._states.values()
            if isinstance(state, f.SourceState) and state.ratings
        ]
        for recorded in log.history(rated, until=position) if rated else ():
            if recorded.kind == "SourceRated":
                ratings[recorded.stream].append(recorded.decoded())
        return ratings

    def _gather(self, stream: UUID, lines: dict[UUID, str], *, above: frozenset[UUID]) -> None:
        if stream in lines or stream in above or stream not in self._states:
            return
        for record in states.refers(self._states[stream]):
            self._gather(record, lines, above=above | {stream})
        lines[stream] = self._line(stream)

    def _line(self, stream: UUID) -> str:
        """The events of a record. They are encoded once for all claims."""
        if stream not in self._lines:
            events = [*_events(self._states[stream]), *self._ratings.get(stream, ())]
            self._lines[stream] = ",".join(_json(stream, event) for event in events)
        return self._lines[stream]


def _records_of(sheet: Sheet) -> Iterator[f.State]:
    """The records that a claim refers to."""
    yield sheet.collection
    yield from (named.actor for named in sheet.parties)
    for citation in sheet.citations:
        yield from (witness.source for witness in citation.provenance)
        yield citation.document


def _needed(state: f.State) -> f.State:
    """A record as claims need it. An organisation that acts for none of its members comes without
    them: they have no effect, and there may be hundreds."""
    if isinstance(state, f.ActorState) and state.actor.memberships and not state.actor.represented:
        return replace(state, actor=replace(state.actor, memberships=()))
    return state


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


def _json(stream: UUID, event: e.Event) -> str:
    """An event of a stream in JSON, as an import reads it."""
    kind, schema, body, words = e.encode(event)
    merged = codec.merge(body, words) if words else body
    record = {"stream": str(stream), "kind": kind, "schema": schema, "body": merged}
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))

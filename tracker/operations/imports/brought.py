"""Records that the claims of an export bring along, made as they were where they are not on record.

What goes by the same code or name here is taken for the same, whatever its id.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import follow_up_events, validity
from tracker.domain.records import Actor, Document, Source
from tracker.importers.drafts import DraftClaim
from tracker.importers.lines import BadCell
from tracker.operations.imports.plans import Plans
from tracker.queries.records import states
from tracker.queries.records.names import Several

COLUMN = "records"
# Gives the id of what goes by a name, if it is on record.
type Find = Callable[[str], UUID | None]
type Here = Mapping[UUID, UUID]


class Brought:
    """Plans such records. `finders`: what finds by name what an event describes, by its class."""

    def __init__(self, plans: Plans, finders: Mapping[type[e.Event], Find]) -> None:
        self._plans = plans
        self._finders = finders
        self._on_record: Mapping[UUID, str] = {}
        self._done: set[UUID] = set()

    def look_up(self, drafts: Iterable[DraftClaim]) -> None:
        """Learn which of the records are here already, for many rows at once."""
        some = list(drafts)
        wanted = {one for draft in some for one in draft.records}
        judging = (event for draft in some for event in draft.later)
        wanted |= {one for event in judging for _, one, _ in follow_up_events.refers(event)}
        self._on_record = states.nouns(wanted) if wanted else {}

    @property
    def on_record(self) -> Mapping[UUID, str]:
        """The nouns of those that are here already, of what was looked up last."""
        return self._on_record

    def plan(self, draft: DraftClaim) -> dict[UUID, UUID]:
        """Plan what a row brings along; give the ids here of what goes by the same names.

        :raises BadCell: if something of it can be none.
        """
        here: dict[UUID, UUID] = {}
        for stream, events in draft.records.items():
            if stream in self._on_record or stream in self._done:
                continue
            alike = self._alike(events[0])
            if alike:
                here[stream] = alike
                continue
            for event in events:
                for problem in validity.event_problems(event):
                    raise BadCell(COLUMN, str(stream), f"{problem.pointer}: {problem.detail}")
            led = [_led(event, here) for event in events]
            self._plans.add(stream, *led, needs=_needs(led[0]))
            self._done.add(stream)
        return here

    def settle(self) -> None:
        """Forget what was planned: it is on record by now, or asked for again."""
        self._done.clear()

    def _alike(self, event: e.Event) -> UUID | None:
        find, name = self._finders.get(type(event)), _name(event)
        if not find or not name:
            return None
        try:
            return find(name)
        except Several as problem:
            raise BadCell(COLUMN, name, str(problem)) from problem


def _name(event: e.Event) -> str:
    """What the thing that is described goes by."""
    match event:
        case e.ActorDescribed(actor=actor):
            return actor.code or actor.name
        case e.SourceDescribed(source=source):
            return source.name
        case e.CollectionDescribed(collection=collection):
            return collection.name
    return ""


def _led(event: e.Event, here: Here) -> e.Event:
    """The event with what it refers to called by the ids that it has here."""
    match event:
        case e.ActorDescribed(actor=actor):
            return e.ActorDescribed(actor=_led_actor(actor, here))
        case e.SourceDescribed(source=source):
            return e.SourceDescribed(source=_led_source(source, here))
        case e.DocumentDescribed(document=document):
            return e.DocumentDescribed(document=_led_document(document, here))
    return event


def _led_actor(actor: Actor, here: Here) -> Actor:
    return replace(
        actor,
        affiliations=tuple(
            replace(one, country=here.get(one.country, one.country)) for one in actor.affiliations
        ),
        members=tuple(here.get(one, one) for one in actor.members),
    )


def _led_source(source: Source, here: Here) -> Source:
    def led(one: UUID | None) -> UUID | None:
        return here.get(one, one) if one else None

    return replace(source, actor=led(source.actor), country=led(source.country))


def _led_document(document: Document, here: Here) -> Document:
    return replace(document, source=here.get(document.source, document.source))


def _needs(event: Any) -> list[UUID]:
    """What must be on record before."""
    match event:
        case e.ActorDescribed(actor=actor):
            return [*(one.country for one in actor.affiliations), *actor.members]
        case e.SourceDescribed(source=source):
            return [one for one in (source.actor, source.country) if one]
        case e.DocumentDescribed(document=document):
            return [document.source]
    return []

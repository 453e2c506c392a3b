"""Records that the claims of an export bring along, made as they were where they are not on record.

What goes by the same code or name here is taken for the same, whatever its id.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings

from tracker.domain import events as e
from tracker.domain import follow_up_events, validity
from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.domain.records import Actor, Document, Source
from tracker.imports.formats.base import BadCell
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.plan import Plans
from tracker.queries.records import states
from tracker.queries.records.names import Several

RECORDS_COLUMN = "records"
# Gives the id of what goes by a name, if it is on record.
type Find = Callable[[str], UUID | None]
type Here = Mapping[UUID, UUID]


class ExportedRecords:
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
                    raise BadCell(
                        RECORDS_COLUMN, str(stream), f"{problem.pointer}: {problem.detail}"
                    )
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
            raise BadCell(RECORDS_COLUMN, name, str(problem)) from problem


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


LATER_COLUMN = "later"
_NOUNS: Mapping[type[e.Event], str] = {
    e.ActorDescribed: "actor",
    e.SourceDescribed: "source",
    e.DocumentDescribed: "document",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalIds:
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


def later_of(draft: DraftClaim, claim: Claim, here: LocalIds) -> Sequence[e.Event]:
    """Give the events of a draft that come after its claim.

    :raises BadCell: if one of them can be none, or names what is not on record.
    """
    events = [_led_event(one, here) for one in draft.later if not _accepts_itself(one)]
    for event in events:
        for problem in validity.event_problems(event):
            raise _bad(event, problem.pointer, problem.detail)
    told = [e.ClaimAsserted(claim=claim), *(one for one in events if not is_link(one))]
    try:
        f.fold(f.Entry(e.NAMESPACE, 0, one) for one in told)
    except f.OutOfOrder as problem:
        raise BadCell(LATER_COLUMN, "", str(problem)) from problem
    return events


def is_link(event: e.Event) -> bool:
    return isinstance(event, e.ClaimsLinked)


def _accepts_itself(event: e.Event) -> bool:
    """Where four eyes are asked for, nobody accepts what they bring."""
    accepts = isinstance(event, e.ClaimReviewed) and event.outcome == "accepted"
    return accepts and bool(settings.FOUR_EYES)


def _led_event(event: e.Event, here: LocalIds) -> e.Event:
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
    return BadCell(LATER_COLUMN, type(event).__name__, f"{pointer.strip('/')}: {detail}")

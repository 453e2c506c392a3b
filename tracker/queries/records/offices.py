"""The offices of persons: those on record, and those of the shipped table."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codec
from tracker.domain import state as f
from tracker.domain.offices import Holder, Office, Offices, person_key, shipped
from tracker.domain.records import Actor
from tracker.models.derived import StandingRecord


class RecordedPerson(NamedTuple):
    """A person on record after the event `version`, with the offices held."""

    id: UUID
    version: int
    actor: Actor
    offices: tuple[Office, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (*(name.text for name in self.actor.names), *self.actor.aliases)


def offices() -> Offices:
    """Return the offices of all persons. A person on record stands in place of one of the table
    that shares a name."""
    recorded = [Holder(names=one.names, offices=one.offices) for one in persons()]
    names = (name for holder in recorded for name in holder.names)
    return Offices([*recorded, *not_on_record(names)])


def not_on_record(names: Iterable[str]) -> Iterator[Holder]:
    """Yield the persons of the shipped table who have none of the names, which are on record."""
    known = set(map(person_key, names))
    return (holder for holder in shipped() if known.isdisjoint(map(person_key, holder.names)))


def persons() -> list[RecordedPerson]:
    """Return all persons on record."""
    rows = StandingRecord.objects.filter(
        noun="actor", state__actor__kind__in=("person", "state")
    ).order_by("id")
    actors = [(row, codec.build(f.ActorState, row.state).actor) for row in rows]
    codes = {row.id: actor.code for row, actor in actors if actor.kind == "state"}
    return [
        RecordedPerson(row.id, row.version, actor, tuple(held(actor, codes)))
        for row, actor in actors
        if actor.kind == "person"
    ]


def held(actor: Actor, codes: Mapping[UUID, str | None]) -> Iterator[Office]:
    """Yield the offices of a person; `codes` are those of the states on record. Only a state can be
    spoken for."""
    for link in actor.affiliations:
        if code := codes.get(link.country):
            yield Office(code, link.sector, link.since, link.until)

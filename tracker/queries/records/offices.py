"""The offices of persons: those on record, and those of the shipped table."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from tracker.domain import codec
from tracker.domain import state as f
from tracker.domain.offices import Holder, Office, Offices, person_key, shipped
from tracker.domain.records import Actor
from tracker.models.derived import StandingRecord


def offices() -> Offices:
    """Return the offices of all persons. A person on record stands in place of one of the table
    that shares a name."""
    recorded = list(_on_record())
    known = {person_key(name) for holder in recorded for name in holder.names}
    others = (holder for holder in shipped() if known.isdisjoint(map(person_key, holder.names)))
    return Offices([*recorded, *others])


def _on_record() -> Iterator[Holder]:
    """The persons on record. Only a state can be spoken for."""
    actors = {
        row.id: codec.build(f.ActorState, row.state).actor
        for row in StandingRecord.objects.filter(
            noun="actor", state__actor__kind__in=("person", "state")
        )
    }
    codes = {key: actor.code for key, actor in actors.items() if actor.kind == "state"}
    for actor in actors.values():
        if actor.kind == "person":
            yield Holder(
                names=(*(name.text for name in actor.names), *actor.aliases),
                offices=tuple(_offices_of(actor, codes)),
            )


def _offices_of(actor: Actor, codes: dict[UUID, str | None]) -> Iterable[Office]:
    for link in actor.affiliations:
        if code := codes.get(link.country):
            yield Office(code, link.sector, link.since, link.until)

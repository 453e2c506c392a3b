"""Finds the actors of parties by name.

Actors that are not on record are added if they are countries, speak for a country from a sector, or
come from an export. Other names are errors.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.records import Actor, ActorKind, Affiliation, Name
from tracker.imports.formats.base import BadCell
from tracker.imports.formats.drafts import NamedParty
from tracker.imports.plan import IdCache, Plans
from tracker.operations import seed_files
from tracker.operations.ids import content_id
from tracker.operations.seed_files import FOLDER, SeedEntry, entries, parse
from tracker.queries.records import states
from tracker.queries.records.names import AmbiguousName, directory

UNKNOWN_ACTOR = "is not a country, and no actor on record has this name"
# A limit, so that memory does not grow with the file.
_MOST_UNKNOWN = 20_000


class ImportedActors:
    """Finds and plans actors. With `hints`, errors about unknown names suggest similar ones."""

    def __init__(self, plans: Plans, *, hints: bool) -> None:
        self._plans = plans
        self._hints = hints
        self._ids: IdCache[tuple[UUID | None, str]] = IdCache()
        # Parties that are not actors, with the reason.
        self._unknown: dict[NamedParty, str] = {}
        self._kinds: dict[UUID, ActorKind] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read the directory again, with the actors that others have added or changed."""
        self._directory = directory("actor")
        self._unknown.clear()
        self._kinds.clear()

    def settle(self, on_record: set[UUID]) -> None:
        self._ids.settle(on_record)

    def of(self, party: NamedParty) -> UUID:
        """The id of a party's actor.

        :raises BadCell: if no actor, or more than one, has the name.
        """
        key = (party.id, party.name)
        if known := self._ids.get(key):
            return known
        if reason := self._unknown.get(party):
            raise BadCell(party.column, party.name, reason)
        return self._ids.remember(key, self._find(party), self._plans)

    def kinds(self, actors: Iterable[UUID]) -> dict[UUID, ActorKind]:
        """The kinds of actors that are on record or planned."""
        ids = set(actors)
        planned = {one: self.planned(one).kind for one in ids if one in self._plans}
        if unknown := ids - planned.keys() - self._kinds.keys():
            self._kinds |= states.actor_kinds(unknown)
        return {one: self._kinds[one] for one in ids if one in self._kinds} | planned

    def planned(self, actor: UUID) -> Actor:
        """A planned actor."""
        described = self._plans.drafts(actor)[0].event
        assert isinstance(described, e.ActorDescribed)  # noqa: S101 # an actor's plan begins with its description
        return described.actor

    def country(self, name: str) -> UUID:
        """The id of a country on record, by its name or code.

        :raises NoSuchName:
        """
        return self._directory.find(name).id

    def on_record(self, name: str) -> UUID | None:
        """The id of the actor on record with a name or code; None if there is none.

        :raises Several:
        """
        entry = self._directory.get(name)
        return entry.id if entry else None

    def _find(self, party: NamedParty) -> UUID:
        if party.id is not None and party.id in self._directory:
            return party.id
        try:
            entry = self._directory.get(party.name)
        except AmbiguousName as problem:
            raise BadCell(party.column, party.name, str(problem)) from problem
        if entry:
            return entry.id
        is_planned = party.id is not None and party.id in self._plans
        return party.id if is_planned and party.id else self._plan(party)

    def _plan(self, party: NamedParty) -> UUID:
        if party.sector:
            country = self.of(replace(party, name=party.country, sector=None))
            affiliation = Affiliation(country=country, sector=party.sector)
            actor = Actor(
                kind="organisation",
                names=(Name(text=party.actor_name, language="en"),),
                code=party.name,
                affiliations=(affiliation,),
            )
            return self._add(content_id("actor", party.name), actor, party, needs=(country,))
        state = _countries().get(party.name)
        if state is None and party.former:
            state = _former_states().get(party.name)
        if state is not None:
            seeded = seed_files.seed_id("actor", party.name)
            return self._add(party.id or seeded, state, party)
        if party.id is not None:
            return self._add(party.id, _exported(party), party)
        reason = self._directory.nobody(party.name) if self._hints else UNKNOWN_ACTOR
        if len(self._unknown) >= _MOST_UNKNOWN:
            self._unknown.clear()
        self._unknown[party] = reason
        raise BadCell(party.column, party.name, reason)

    def _add(
        self, stream: UUID, actor: Actor, party: NamedParty, *, needs: tuple[UUID, ...] = ()
    ) -> UUID:
        event = e.ActorDescribed(actor=actor)
        for problem in validity.event_problems(event):
            raise BadCell(party.column, party.name, f"as an actor: {problem.detail}")
        return self._plans.add(stream, event, needs=needs)


def _exported(party: NamedParty) -> Actor:
    """An actor as an export names it, which does not include its affiliations."""
    code = party.name if party.name != party.actor_name else None
    return Actor(kind=party.kind or "organisation", names=(Name(text=party.actor_name),), code=code)


@cache
def _countries() -> Mapping[str, Actor]:
    """The countries of the reference by code, as the seed describes them, so that a later seed
    finds them on record."""
    rows = entries("countries.yaml", parse("countries.yaml", folder=FOLDER))
    return _described(seed_files.countries(rows))


@cache
def _former_states() -> Mapping[str, Actor]:
    """The former states by code."""
    return _described(seed_files.former_states())


def _described(states: Mapping[str, SeedEntry]) -> Mapping[str, Actor]:
    return {
        code: seed_files.record("actor", entry, seed_files.Keys(actor=()))
        for code, entry in states.items()
    }

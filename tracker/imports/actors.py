"""Actors by the names of parties. Countries, who speaks for one from a sector, and whom an export
names are made where they are not on record; nobody else is."""

from collections.abc import Mapping
from functools import cache
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.records import Actor, Affiliation, Name
from tracker.imports.formats.base import BadCell
from tracker.imports.formats.drafts import NamedParty
from tracker.imports.plan import Ids, Plans
from tracker.operations import seed_files
from tracker.operations.ids import content_id
from tracker.operations.seed_files import FOLDER, entries, parse
from tracker.queries.records.names import Several, directory

NOBODY = "is no country, and nobody on record is called so"


class Actors:
    """Finds and plans actors. With `hints`, whoever is not found is told who comes near."""

    def __init__(self, plans: Plans, *, hints: bool) -> None:
        self._plans = plans
        self._hints = hints
        self._ids: Ids[tuple[UUID | None, str]] = Ids()
        self.look_again()

    def look_again(self) -> None:
        """Take in whom others have put on record."""
        self._directory = directory("actor")

    def settle(self, on_record: set[UUID]) -> None:
        self._ids.settle(on_record)

    def of(self, party: NamedParty) -> UUID:
        """Give the actor of a party.

        :raises BadCell: if nobody is called so, or several are.
        """
        asked = (party.id, party.name)
        return self._ids.get(asked) or self._ids.keep(asked, self._find(party), self._plans)

    def country(self, name: str) -> UUID:
        """Give a country by its name or code, one that is on record.

        :raises NoSuchName:
        """
        return self._directory.find(name).id

    def held(self, name: str) -> UUID | None:
        """Give who goes by a name or a code, if anybody on record does.

        :raises Several:
        """
        found = self._directory.get(name)
        return found.id if found else None

    def _find(self, party: NamedParty) -> UUID:
        if party.id is not None and party.id in self._directory:
            return party.id
        try:
            found = self._directory.get(party.name)
        except Several as problem:
            raise BadCell(party.column, party.name, str(problem)) from problem
        if found:
            return found.id
        brought = party.id is not None and party.id in self._plans
        return party.id if brought and party.id else self._plan(party)

    def _plan(self, party: NamedParty) -> UUID:
        if party.sector:
            country = self.of(NamedParty(role=party.role, name=party.country, column=party.column))
            speaks = Affiliation(country=country, sector=party.sector)
            actor = Actor(
                kind="organisation",
                names=(Name(text=party.called, language="en"),),
                code=party.name,
                affiliations=(speaks,),
            )
            return self._made(content_id("actor", party.name), actor, party, needs=(country,))
        state = _countries().get(party.name)
        if state is not None:
            seeded = seed_files.seed_id("actor", party.name)
            return self._made(party.id or seeded, state, party)
        if party.id is not None:
            return self._made(party.id, _exported(party), party)
        nobody = self._directory.nobody(party.name) if self._hints else NOBODY
        raise BadCell(party.column, party.name, nobody)

    def _made(
        self, stream: UUID, actor: Actor, party: NamedParty, *, needs: tuple[UUID, ...] = ()
    ) -> UUID:
        event = e.ActorDescribed(actor=actor)
        for problem in validity.event_problems(event):
            raise BadCell(party.column, party.name, f"as an actor: {problem.detail}")
        return self._plans.add(stream, event, needs=needs)


def _exported(party: NamedParty) -> Actor:
    """An actor as a claim of an export names it. Whom it speaks for is not said there."""
    code = party.name if party.name != party.called else None
    return Actor(kind=party.kind or "organisation", names=(Name(text=party.called),), code=code)


@cache
def _countries() -> Mapping[str, Actor]:
    """The countries of the reference by code, as the seed puts them on record: should it come
    later, it finds them there."""
    added = entries("countries.yaml", parse("countries.yaml", folder=FOLDER))
    found = seed_files.countries(added)
    return {
        code: seed_files.actor(entry, seed_files.Keys(actor=())) for code, entry in found.items()
    }

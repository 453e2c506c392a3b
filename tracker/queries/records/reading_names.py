"""The names that a text or a search may use: those of actors on record, and of the reference
tables."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from tracker.domain import codec
from tracker.domain import state as f
from tracker.domain.country_search import CountryName, CountryNames
from tracker.domain.facts import rows
from tracker.domain.reading import reference_names
from tracker.domain.reading.names import Meaning, NameEntry, Names
from tracker.domain.reading.people import Person
from tracker.domain.reading.reference_names import state_codes
from tracker.domain.records import Actor
from tracker.queries.records import names, offices
from tracker.queries.sql import select

# What changes with each change of an actor: a row gets the number of the transaction that wrote it,
# which no other has, also not one that is undone.
_ACTORS_NOW = (
    "SELECT count(*), bit_xor(hashtextextended(id::text || xmin::text, 0))"
    " FROM standing_record WHERE noun = 'actor'"
)
_ACTORS = "SELECT id, state::text FROM standing_record WHERE noun = 'actor' ORDER BY id"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNames:
    """The actors on record; all names, with those of the reference tables; the names of states
    only, so that no name of another actor hides one of a state; the names of the states on record
    for searches; and the codes of all actors."""

    actors: Mapping[UUID, Actor]
    names: Names
    states: Names
    searched: CountryNames
    codes: Collection[str]


_kept: tuple[tuple[int, int | None], RecordNames] | None = None


def on_record() -> RecordNames:
    """Return the names as of now. They are kept in the process until an actor changes, since they
    take a third of a second to build."""
    global _kept  # noqa: PLW0603 # one for each process
    now = select(_ACTORS_NOW)[0]
    kept = _kept
    if kept is None or kept[0] != now:
        kept = _kept = now, _build()
    return kept[1]


def _build() -> RecordNames:
    actors = {
        key: codec.build(f.ActorState, json.loads(state)).actor for key, state in select(_ACTORS)
    }
    states = {
        actor.code: key for key, actor in actors.items() if actor.kind == "state" and actor.code
    }
    others = {
        actor.code: key for key, actor in actors.items() if actor.kind != "state" and actor.code
    }
    of_states = [*reference_names.entries(states, others), *_names_of_states(actors)]
    return RecordNames(
        actors=actors,
        names=Names([*of_states, *_names_of_others(actors)], _people(actors), states),
        states=Names(of_states),
        searched=CountryNames(_searched(actors, states)),
        codes=sorted({actor.code for actor in actors.values() if actor.code}),
    )


def _searched(actors: Mapping[UUID, Actor], states: Mapping[str, UUID]) -> Iterator[CountryName]:
    """The names of the states on record, in any script, those of peoples and capitals, and codes;
    a country's own names come before those that others share."""
    codes = {row["iso2"] for row in rows("countries")}
    for code in states:
        actor = actors[states[code]]
        for name in _all_names(actor):
            yield CountryName(name, code, whole=name in codes)
        yield CountryName(code, code, whole=True)
    for entry in reference_names.entries(states, {}):
        if entry.meaning and entry.meaning.actor and entry.meaning.country:
            seat = entry.meaning.basis == "seat"
            yield CountryName(entry.text, entry.meaning.country, whole=seat)
    for row in rows("country_names"):
        if row["iso3"] in states:
            yield CountryName(row["name"], row["iso3"])


def _names_of_states(actors: Mapping[UUID, Actor]) -> Iterator[NameEntry]:
    """The names and aliases of states on record, except codes of two letters, which are words in a
    heading ("TO", "IN"), and ordinary words ("Male")."""
    codes = {row["iso2"] for row in rows("countries")} - {"US"}
    for key, actor in actors.items():
        if actor.kind != "state":
            continue
        for name in _all_names(actor):
            if name not in codes and not reference_names.no_parties().meanings(name):
                yield NameEntry(name, Meaning(key, actor.code, "name"))


def _names_of_others(actors: Mapping[UUID, Actor]) -> Iterator[NameEntry]:
    for key, actor in actors.items():
        if actor.kind in ("state", "person"):
            continue
        for name in (*_all_names(actor), actor.code or ""):
            yield NameEntry(name, Meaning(key, None, "name"))


def _all_names(actor: Actor) -> tuple[str, ...]:
    return (*(name.text for name in actor.names), *actor.aliases)


def _people(actors: Mapping[UUID, Actor]) -> Iterator[Person]:
    """The persons on record, and the holders of offices in the shipped table who are not."""
    codes = {key: actor.code for key, actor in actors.items() if actor.kind == "state"}
    persons = [
        Person(names=_all_names(actor), actor=key, offices=tuple(offices.held(actor, codes)))
        for key, actor in actors.items()
        if actor.kind == "person"
    ]
    yield from persons
    names = (name for person in persons for name in person.names)
    yield from map(Person.of, offices.not_on_record(names))


def sources() -> Names:
    """Return the names of the sources on record."""
    return Names(
        NameEntry(text, Meaning(record.id, None, "name"))
        for record in names.directory("source")
        for text in (record.name, *record.also)
    )


class Mentions:
    """The names of states, from the reference tables and from the actors on record."""

    def __init__(self, names: RecordNames) -> None:
        self._actors, self._names = names.actors, names.states

    def in_text(self, text: str) -> list[tuple[str, set[str]]]:
        """Return the names of states in a text, in order, each with the codes that it may mean.

        A name begins with a capital; of names within one another the longest counts.
        """
        found = [
            (mention.text, {meaning.country for meaning in mention.meanings if meaning.country})
            for mention in self._names.find(text)
        ]
        return [(name, codes) for name, codes in found if codes]

    def of_actor(self, actor: UUID, *, within: tuple[UUID, ...] = ()) -> set[str]:
        """Return the codes of the states that an actor on record is, speaks for, acts for or
        has as members."""
        known = self._actors.get(actor)
        if known is None:
            return set()
        if known.kind == "state":
            return {known.code} if known.code else set()
        linked = [*(link.country for link in known.affiliations), *known.members]
        linked += sorted(known.represented)
        path = (*within, actor)
        return {
            code for one in linked if one not in path for code in self.of_actor(one, within=path)
        }

    def of_name(self, name: str) -> set[str]:
        """Return the codes of the states that have a name or a code."""
        codes = {meaning.country for meaning in self._names.meanings(name) if meaning.country}
        return codes | ({name} & state_codes())


def mentioned() -> Mentions:
    """Return the names of states, with those of the actors on record."""
    return Mentions(on_record())

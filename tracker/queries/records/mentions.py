"""Which states a text names: by their names, by the names of their people, by aliases on record."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from uuid import UUID

from tracker.domain import codec
from tracker.domain import state as f
from tracker.domain.facts import rows
from tracker.domain.records import Actor
from tracker.domain.spellings import name_key
from tracker.models.derived import StandingRecord
from tracker.queries.records.names import demonyms

_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 6
# Shorter names need capitals: "us" is not a country.
_SHORT = 3
# Names of states within them mean no state.
_SEAS = (
    *("East China Sea", "South China Sea", "Sea of Japan", "Philippine Sea", "Indian Ocean"),
    *("Gulf of Mexico", "Gulf of Guinea", "Gulf of Oman"),
)


class Mentions:
    """The names of states, from the reference tables and from the actors on record."""

    def __init__(self, actors: Mapping[UUID, Actor]) -> None:
        self._actors = actors
        self._codes: dict[str, set[str]] = defaultdict(set)
        for text, code in (*_reference_names(), *self._names_on_record()):
            self._codes[_key(_WORD.findall(text))].add(code)
        for sea in _SEAS:
            self._codes[_key(_WORD.findall(sea))] = set()

    def in_text(self, text: str) -> list[tuple[str, set[str]]]:
        """Return the names of states in a text, in order, each with the codes that it may mean.

        A name begins with a capital; of names within one another the longest counts.
        """
        words = _WORD.findall(text)
        found, place = list[tuple[str, set[str]]](), 0
        while place < len(words):
            length, codes = self._longest(words[place : place + _MOST_WORDS])
            if codes:
                found.append((" ".join(words[place : place + length]), codes))
            place += max(1, length)
        return found

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
        return self._codes.get(_key(_WORD.findall(name)), set()) | ({name} & _iso_codes())

    def _longest(self, words: list[str]) -> tuple[int, set[str]]:
        """The number of words of the longest name at the start, and its codes; 0 if there is
        none."""
        if not words[0][0].isupper():
            return 0, set()
        for length in range(len(words), 0, -1):
            letters = "".join(words[:length])
            key = _key(words[:length])
            if key in self._codes and (len(letters) > _SHORT or letters.isupper()):
                return length, self._codes[key]
        return 0, set()

    def _names_on_record(self) -> Iterator[tuple[str, str]]:
        for actor in self._actors.values():
            if actor.kind == "state" and actor.code:
                for name in actor.names:
                    yield name.text, actor.code
                for alias in actor.aliases:
                    yield alias, actor.code


def on_record() -> Mentions:
    """Return the names of states, with those of the actors on record."""
    found = StandingRecord.objects.filter(noun="actor").values_list("id", "state")
    return Mentions({key: codec.build(f.ActorState, state).actor for key, state in found})


def _key(words: Iterable[str]) -> str:
    return name_key(" ".join(words))


@cache
def _reference_names() -> tuple[tuple[str, str], ...]:
    named = [(row["name"], row["iso3"]) for row in (*rows("countries"), *rows("former_states"))]
    named += [
        (row["name"], row["iso3"]) for row in rows("country_names") if row["language"] == "en"
    ]
    return (*named, *demonyms().items())


@cache
def _iso_codes() -> frozenset[str]:
    return frozenset(row["iso3"] for row in (*rows("countries"), *rows("former_states")))

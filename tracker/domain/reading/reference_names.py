"""The names that a text may use for actors on record and in the reference, and whom it has named
before a sentence, whom its pronouns and "the two countries" may mean."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from uuid import UUID

from tracker.domain.facts import rows
from tracker.domain.reading.drafts import OfferedActor
from tracker.domain.reading.names import Meaning, MeaningBasis, NameEntry, Names
from tracker.domain.reading.sides import Named
from tracker.domain.reading.word_lists import pattern

_BASES: Mapping[str, MeaningBasis] = {
    "capital": "seat",
    "seat": "seat",
    "institution": "seat",
    "name": "name",
}
_UNCLEAR = "unclear capital"
# A name of a people that ends so is the same for many of them: "the Chinese", "the Swiss".
_NO_PLURAL = ("s", "ch", "sh", "se", "men", "z", "tho")


def entries(states: Mapping[str, UUID], others: Mapping[str, UUID]) -> Iterator[NameEntry]:
    """Yield the names of all states, and those that mean no party. `states` are the ids of those on
    record by code; `others` those of other actors, for the seats that they have."""
    for name, code, basis in _names():
        if code in others:
            yield NameEntry(name, Meaning(others[code], None, basis))
        elif code in state_codes():
            yield NameEntry(name, Meaning(states.get(code), code, basis))
    for row in rows("not_parties"):
        yield NameEntry(row["name"], None)


@cache
def no_parties() -> Names:
    """Return the names that mean no party, as names."""
    nobody = Meaning(None, None, "name")
    return Names(NameEntry(row["name"], nobody) for row in rows("not_parties"))


@cache
def demonyms() -> Mapping[str, tuple[str, ...]]:
    """Return the codes of the states that a name of a people may mean, by the name."""
    codes: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for row in rows("demonyms"):
        codes[row["demonym"]] += (row["iso3"],)
    return codes


@cache
def unclear_capitals() -> Mapping[str, tuple[str, ...]]:
    """Return the capitals whose names other places have too ("Georgetown"), by the code of their
    state. They mean it only in a text that names it."""
    names: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for row in rows("press_names"):
        if row["kind"] == _UNCLEAR:
            names[row["code"]] += (row["name"],)
    return names


@cache
def state_codes() -> frozenset[str]:
    """Return the codes of all states, also former ones."""
    return frozenset(row["iso3"] for row in (*rows("countries"), *rows("former_states")))


def _names() -> Iterator[tuple[str, str, MeaningBasis]]:
    """Each name, the code of what it means, and how it means it."""
    english = (row for row in rows("country_names") if row["language"] == "en")
    for row in (*rows("countries"), *rows("former_states"), *english):
        for name in _spellings(row["name"]):
            yield name, row["iso3"], "name"
    for row in rows("press_names"):
        if row["kind"] in _BASES:
            yield row["name"], row["code"], _BASES[row["kind"]]
    for demonym, codes in demonyms().items():
        for code in codes:
            yield demonym, code, "people"
            if not demonym.endswith((*_NO_PLURAL, ".")):
                yield f"{demonym}s", code, "people"


def _spellings(name: str) -> Iterator[str]:
    """A name as the table has it, and as articles write it: "Antigua and Barbuda"."""
    yield name
    if "&" in name:
        yield name.replace("&", "and")
        yield name.replace("&", "and").replace("St. ", "Saint ")
    elif name.startswith("St. "):
        yield name.replace("St. ", "Saint ")


# The parties named most who may be meant by "the government".
_MOST_AROUND = 3
# Those named last, and those named most, that a sentence is offered besides its own.
_LAST_OFFERED, _COMMON_OFFERED = 4, 3
# Of so many the order is kept.
_MOST_COMMON = 40


class Antecedents:
    """The parties of the text so far: who was named, the last first, and how often; and the last
    who acted."""

    def __init__(self) -> None:
        self.initiators: tuple[UUID, ...] = ()
        self._recent: dict[UUID, str] = {}
        self._named: Counter[UUID] = Counter()
        # Those named most, the first of them first, and in which order all were named first.
        self._common: list[UUID] = []
        self._order: dict[UUID, int] = {}

    def add(self, names: Sequence[Named]) -> None:
        """Add the names of a sentence, in order."""
        self._named.update(one.actor for one in names)
        for one in names:
            self._recent.pop(one.actor, None)
            self._recent[one.actor] = one.text
            self._order.setdefault(one.actor, len(self._order))
        self._common = sorted(
            {*self._common, *(one.actor for one in names)},
            key=lambda actor: (-self._named[actor], self._order[actor]),
        )[:_MOST_COMMON]

    def around(self, *, but: Sequence[UUID]) -> tuple[UUID, ...]:
        """Return the actors named most, who may be meant by "the government"."""
        common = [actor for actor in self._common if actor not in but]
        return tuple(common[:_MOST_AROUND])

    def meant_by(self, words: str, names: Sequence[Named] = ()) -> tuple[UUID, ...]:
        """Return whom the words before a verb mean: "the two countries" the last two who were
        named, a pronoun the last who acted. `names` are those before the words in the sentence."""
        if pattern("both").search(words):
            recent = islice(reversed(self._recent), 2)
            last = (*(one.actor for one in reversed(names)), *recent)
            return tuple(dict.fromkeys(last))[:2]
        return self.initiators if pattern("pronoun").search(words) else ()

    def offered(self) -> tuple[OfferedActor, ...]:
        """Return the parties that a sentence may mean without naming them: those who acted last,
        those named last, and those named most, with the words of their last naming."""
        last = islice(reversed(self._recent), _LAST_OFFERED)
        common = self._common[:_COMMON_OFFERED]
        return tuple(
            OfferedActor(actor=actor, text=self._recent.get(actor, ""))
            for actor in dict.fromkeys([*self.initiators, *last, *common])
        )

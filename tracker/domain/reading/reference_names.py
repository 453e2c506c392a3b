"""The names of states in the reference tables: names, peoples, capitals and seats of government.
And the names that mean no party, such as seas."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from uuid import UUID

from tracker.domain.facts import rows
from tracker.domain.reading.names import Meaning, MeaningBasis, NameEntry, Names

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

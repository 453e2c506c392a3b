"""Countries in tables: which state a code or a name means on a date."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import NamedTuple, overload

from tracker.domain.dates.edtf import BadDate, Bounds, bounds
from tracker.domain.dates.phrases import UNKNOWN
from tracker.domain.facts import rows
from tracker.domain.likeness import name_key
from tracker.imports.formats import cldr, countries
from tracker.imports.formats.base import BadCell
from tracker.imports.formats.countries import NoCountry

SCHEMES: Mapping[str, str] = {
    "iso3": "ISO 3166 with three letters",
    "iso2": "ISO 3166 with two letters",
    "fips": "FIPS 10-4",
    "cow": "Correlates of War",
    "cow3": "the Correlates of War's three letters",
    "gw": "Gleditsch and Ward",
    "name": "the names of countries",
}
_MOST_NEAR = 3
# Of schemes with their languages.
_MOST_KEPT = 32
_FIX = "replace it with `values`"


@dataclass(frozen=True, slots=True)
class _Meaning:
    """The state that a code means from one day to another; None where there is no limit."""

    state: str
    since: date | None = None
    until: date | None = None

    def overlaps(self, when: Bounds) -> bool:
        begins_in_time = not (self.since and when.latest) or self.since <= when.latest
        ends_in_time = not (self.until and when.earliest) or self.until >= when.earliest
        return begins_in_time and ends_in_time

    def __str__(self) -> str:
        name = f"{state_names()[self.state]} ({self.state})"
        if self.since and self.until:
            return f"{name} from {self.since} to {self.until}"
        limits = (("from", self.since), ("until", self.until))
        return " ".join([name, *(f"{word} {day}" for word, day in limits if day)])


class _Code(NamedTuple):
    """A code or name as it is written, and what it means."""

    text: str
    meanings: tuple[_Meaning, ...]

    @property
    def state(self) -> str:
        """The state that it means on any date; empty if the date counts."""
        first, *others = self.meanings
        return "" if others or first.since or first.until else first.state


type _Codes = Mapping[str, _Code]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryScheme:
    """How a column names countries: by a key of `SCHEMES`. Names are in some `languages`."""

    scheme: str
    languages: tuple[str, ...] = ()

    def state(self, text: str, edtf: str | None) -> str | None:
        """The code of the state that a text means on a date, which may be empty: of ISO 3166 with
        three letters, also of former states. Without a date (None), because it cannot be read: None
        if it decides.

        :raises NoCountry: if it means no state on the date, or several, or none on any date.
        :raises BadDate: if the date counts and is not EDTF.
        """
        codes = _codes(self.scheme, self.languages)
        key = _key(self.scheme, text)
        code = codes.get(key)
        if code is None:
            raise NoCountry(_unknown(self.scheme, self.languages, key))
        if code.state:
            return code.state
        if edtf is None:
            return None
        when = bounds(edtf) if edtf else UNKNOWN.bounds
        fitting = [meaning for meaning in code.meanings if meaning.overlaps(when)]
        states = {meaning.state for meaning in fitting}
        if len(states) == 1:
            return states.pop()
        if states:
            raise NoCountry(
                f"can be {_listed(fitting, 'or')} {_shown(when)}: give the day, or {_FIX}"
            )
        raise NoCountry(
            f"means no state {_shown(when)}; it is {_listed(code.meanings, 'and')}"
            f"{self._then(code, when, codes)}: fix the code or the date, or {_FIX}"
        )

    @overload
    def in_cell(self, column: str, text: str, edtf: str) -> str: ...

    @overload
    def in_cell(self, column: str, text: str, edtf: str | None) -> str | None: ...

    def in_cell(self, column: str, text: str, edtf: str | None) -> str | None:
        """As `state`, of the text in a column.

        :raises BadCell: if it means no state, or the date counts and is not EDTF.
        """
        try:
            return self.state(text, edtf)
        except (NoCountry, BadDate) as problem:
            raise BadCell(column, text, str(problem)) from problem

    def _then(self, code: _Code, when: Bounds, codes: _Codes) -> str:
        """The codes that the same states have on a date."""
        states = {meaning.state for meaning in code.meanings}
        others = [
            f"; {meaning.state} is {other.text} then"
            for other in (codes.values() if self.scheme != "name" else ())
            for meaning in other.meanings
            if meaning.state in states and meaning.overlaps(when)
        ]
        return "".join(others)


# Names are compared with all others, and a table has the same name in many rows.
@lru_cache(maxsize=1_000)
def _unknown(scheme: str, languages: tuple[str, ...], key: str) -> str:
    """Why a code or name means no state, with similar names."""
    if what := _no_states(scheme, languages).get(key):
        return f"is {what}: it represents no country; {_FIX} if one is meant"
    if scheme != "name":
        return f"is unknown in {SCHEMES[scheme]}"
    codes = _codes(scheme, languages)
    unknown = f"is unknown among the names of countries in {', '.join(languages)}"
    near = [codes[found].text for found in get_close_matches(key, codes, n=_MOST_NEAR)]
    return f"{unknown}; nearest: {', '.join(near)}" if near else unknown


def _listed(meanings: Iterable[_Meaning], word: str) -> str:
    return f" {word} ".join(map(str, meanings))


def _shown(when: Bounds) -> str:
    if when.earliest == when.latest:
        return f"on {when.earliest}" if when.earliest else "without a date"
    return f"between {when.earliest or '..'} and {when.latest or '..'}"


def _key(scheme: str, text: str) -> str:
    """What a code or name is found by."""
    if scheme == "name":
        return name_key(text.replace("’", "'"))
    return text.lstrip("0") if scheme in ("cow", "gw") else text.upper()


@cache
def state_names() -> Mapping[str, str]:
    """The English name of each state by its code, former states included."""
    return countries.names() | {row["iso3"]: row["name"] for row in rows("former_states")}


@lru_cache(maxsize=_MOST_KEPT)
def _codes(scheme: str, languages: tuple[str, ...]) -> _Codes:
    """What each code or name means."""
    found: dict[str, dict[_Meaning, str]] = defaultdict(dict)
    for text, meaning in _names(languages) if scheme == "name" else _coded(scheme):
        found[_key(scheme, text)].setdefault(meaning, text)
    return {
        key: _Code(next(iter(texts.values())), tuple(sorted(texts, key=_first_day)))
        for key, texts in found.items()
    }


def _first_day(meaning: _Meaning) -> date:
    return meaning.since or date.min


def _coded(scheme: str) -> Iterator[tuple[str, _Meaning]]:
    own = [row for row in rows("country_codes") if row["scheme"] == scheme and row["iso3"]]
    for row in own:
        yield row["code"], _meaning(row["iso3"], row["since"], row["until"])
    dated = {row["code"] for row in own}
    for code, state in _reference_codes(scheme):
        if state and code not in dated:
            yield code, _Meaning(state)


def _reference_codes(scheme: str) -> Iterator[tuple[str, str]]:
    if scheme == "fips":
        # A country with several codes has them in one cell, and each in the table of the archives.
        yield from ((code, state) for code, state in countries.codes("fips").items() if code)
    elif scheme in ("iso2", "iso3"):
        yield from ((row[scheme], row["iso3"]) for row in rows("countries"))


def _names(languages: Iterable[str]) -> Iterator[tuple[str, _Meaning]]:
    for language in languages:
        yield from ((name, _meaning(state)) for name, state in _states_by_name(language))


def _states_by_name(language: str) -> Iterator[tuple[str, str]]:
    """The names of states in CLDR, other usual ones, and those of the tables of the reference."""
    codes = {row["iso2"]: row["iso3"] for row in rows("countries")}
    yield from ((name, codes[code]) for name, code in cldr.countries(language) if code in codes)
    own = (row for row in rows("country_names") if row["language"] == language)
    yield from ((row["name"], row["iso3"]) for row in own)
    column = "name" if language == "en" else f"name_{language}"
    states = (row for row in (*rows("countries"), *rows("former_states")) if row.get(column))
    # Some names have the mark of a footnote.
    yield from ((row[column].strip(" *"), row["iso3"]) for row in states)
    if language == "en":
        yield from ((name, state) for name, state in countries.codes("name").items() if state)


@lru_cache(maxsize=_MOST_KEPT)
def _no_states(scheme: str, languages: tuple[str, ...]) -> Mapping[str, str]:
    """What codes and names mean that are not of a state."""
    found = {
        row["code"]: row["says"]
        for row in rows("country_codes")
        if row["scheme"] == scheme and row["says"]
    }
    if scheme == "fips":
        found |= countries.descriptions("fips")
    if "en" in languages:
        found |= countries.descriptions("name")
    return {_key(scheme, code): what for code, what in found.items() if what}


def _meaning(state: str, since: str = "", until: str = "") -> _Meaning:
    """A former state is meant on its own days, if the table has no others."""
    first, last = _days_of_former_states().get(state, ("", ""))
    return _Meaning(state, _day(since or first), _day(until or last))


@cache
def _days_of_former_states() -> Mapping[str, tuple[str, str]]:
    return {row["iso3"]: (row["since"], row["until"]) for row in rows("former_states")}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

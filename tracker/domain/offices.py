"""Offices that persons held: whom a name on a day speaks for.

A person in office speaks for a country from a sector, such as the government. The office counts,
not the person: what its holder does is an act of the country.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple, cast

from tracker.domain.dates import day_before
from tracker.domain.dates.edtf import bounds
from tracker.domain.facts import rows
from tracker.domain.likeness import name_key
from tracker.domain.records import Sector

# The shipped table has its open terms as of this day: who is in office later is not in it.
TABLE_ENDS = date(2025, 7, 1)
# Letters that do not consist of a letter and an accent.
_LETTERS = str.maketrans("łøđðıə", "loddia", "'’‘ʻʼ`´")
_BREAKS = re.compile(r"[\s.\-‐‑–]+")
_PATRONYMIC = re.compile(r".{3,}(vich|vna|ichna)")
# Longer titles first, so that "vice president" is not read as "vice".
TITLES = (
    *("minister of foreign affairs", "minister for foreign affairs", "minister of defence"),
    *("minister of defense", "secretary of state", "secretary of defense", "prime minister"),
    *("foreign minister", "foreign secretary", "defence minister", "defense minister"),
    *("vice president", "supreme leader", "crown prince", "general secretary", "his excellency"),
    *("her excellency", "president", "chancellor", "premier", "minister", "secretary", "senator"),
    *("sheikh", "shaikh", "sultan", "ayatollah", "king", "queen", "emir", "prince", "general"),
    *("marshal", "lord", "sir", "dame", "mr", "mrs", "ms", "dr", "h e"),
)


class Office(NamedTuple):
    """The country (its code) and the sector that a person speaks for, from `since` until before
    `until`; None where there is no limit."""

    country: str
    sector: Sector
    since: date | None = None
    until: date | None = None

    def covers(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )

    def __str__(self) -> str:
        last = self.until and day_before(self.until)
        limits = (("from", self.since), ("to", last))
        return " ".join(
            [self.country, self.sector, *(f"{word} {day}" for word, day in limits if day)]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A person with all names and offices; one without offices speaks for nobody."""

    names: tuple[str, ...]
    offices: tuple[Office, ...]


class NoOffice(LookupError):
    """Why a person of a name speaks for nobody on a day."""


class Offices:
    """The offices of persons by name."""

    def __init__(self, holders: Iterable[Holder]) -> None:
        self._holders: dict[str, list[Holder]] = defaultdict(list)
        self._shortened: dict[str, list[Holder]] = defaultdict(list)
        for holder in holders:
            keys = {person_key(name) for name in holder.names}
            for key in keys:
                self._holders[key].append(holder)
            for key in {_shortened(key) for key in keys}:
                self._shortened[key].append(holder)
        # The holders of each name that was looked up: archives repeat them.
        self._found: dict[str, tuple[Holder, ...]] = {}

    def find(self, name: str, day: date) -> Office | NoOffice | None:
        """Return the office that a person of this name held on a day; None if the name is that of
        no holder, or if one of the persons with it never held an office.

        People of one name are told apart by the day. If several of them are in office for
        different countries or sectors, it is nobody's.
        """
        holders = self._named(name)
        if not holders or not all(holder.offices for holder in holders):
            return None
        held = [_held(holder, day) for holder in holders]
        speaking = {(office.country, office.sector): office for office in held if office}
        if len(speaking) == 1:
            return next(iter(speaking.values()))
        if speaking:
            listed = ", ".join(sorted(f"{country} {sector}" for country, sector in speaking))
            return NoOffice(f"is the name of several people in office that day: {listed}")
        known = "; ".join(str(office) for holder in holders for office in holder.offices)
        return NoOffice(f"has no office on record that day, only {known}")

    def knows(self, name: str) -> bool:
        """Whether somebody has this name."""
        return bool(self._named(name))

    def _named(self, name: str) -> tuple[Holder, ...]:
        if len(name) > _LONGEST:
            return ()
        found = self._found.get(name)
        if found is None:
            if len(self._found) >= _MOST_REMEMBERED:
                self._found.clear()
            found = self._found[name] = next(self._readings(name), ())
        return found

    def _readings(self, name: str) -> Iterator[tuple[Holder, ...]]:
        """The holders by each way to read a name, the most exact first."""
        for key in dict.fromkeys((person_key(name), _untitled(person_key(name)))):
            if key in self._holders:
                yield tuple(self._holders[key])
            if (short := _shortened(key)) in self._shortened:
                yield tuple(self._shortened[short])


# Nobody is known.
NO_OFFICES = Offices(())
# The names that are kept, and how long a name can be.
_MOST_REMEMBERED, _LONGEST = 65_536, 200


def _held(holder: Holder, day: date) -> Office | None:
    """The office of a person on a day. In government goes first."""
    offices = [office for office in holder.offices if office.covers(day)]
    return min(offices, key=lambda office: office.sector != "government", default=None)


def person_key(name: str) -> str:
    """What all spellings of a person's name have in common: case, accents, hyphens, apostrophes and
    dots are ignored, and "Last, First" is read as "First Last"."""
    last, comma, first = name.partition(",")
    if comma and first.strip() and "," not in first:
        name = f"{first} {last}"
    return _BREAKS.sub(" ", name_key(name.casefold().translate(_LETTERS))).strip()


def _shortened(key: str) -> str:
    """A name without initials and patronymics between the first and the last word."""
    first, *middle = key.split(" ")
    if not middle:
        return key
    kept = [word for word in middle[:-1] if len(word) > 1 and not _PATRONYMIC.fullmatch(word)]
    return " ".join([first, *kept, middle[-1]])


def _untitled(key: str) -> str:
    """A name without the titles before it."""
    while title := next((one for one in TITLES if key.startswith(f"{one} ")), ""):
        key = key.removeprefix(f"{title} ")
    return key


@cache
def shipped() -> tuple[Holder, ...]:
    """The persons of the shipped table. A term without an end counts up to the day of the table."""
    people: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows("office_holders"):
        people[row["name"]].append(row)
    return tuple(
        Holder(
            names=tuple(dict.fromkeys([name, *aliases(row["aliases"] for row in held)])),
            offices=tuple(map(_shipped_office, held)),
        )
        for name, held in people.items()
    )


def _shipped_office(row: Mapping[str, str]) -> Office:
    until = term_end(row["to"]) or TABLE_ENDS
    return Office(row["country"], cast("Sector", row["sector"]), term_start(row["from"]), until)


def aliases(cells: Iterable[str]) -> Iterator[str]:
    """The names in cells, which are separated by bars."""
    return (name for cell in cells for part in cell.split("|") if (name := part.strip()))


def term_start(edtf: str) -> date | None:
    """The first day of a term that begins on a day or in a month; None for an empty text."""
    return bounds(edtf).earliest if edtf else None


def term_end(edtf: str) -> date | None:
    """The day before which a term ends, which is the day of the handover, or the first day after
    the month of it; None for an empty text, and for the last month of the calendar."""
    if not edtf:
        return None
    last = bounds(edtf)
    if last.latest is None or last.earliest == last.latest:
        return last.latest
    return None if last.latest == date.max else last.latest + timedelta(days=1)

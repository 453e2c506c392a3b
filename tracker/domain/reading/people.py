"""Persons in a text: whom they stand for on a day, and their surnames.

A holder of an office who is not on record stands for the state, as in archives.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tracker.domain.dates import day_before
from tracker.domain.offices import TABLE_ENDS, TITLES, Holder, Office
from tracker.domain.reading.text import STARTERS, word_set

# Countries where the surname comes first.
_SURNAME_FIRST = frozenset({"CHN", "KOR", "PRK", "TWN", "VNM"})
_BEFORE_SURNAMES = word_set("al bin da de della der di dos el la le van von")
_NUMERAL = re.compile(r"[IVX]+|[JS]r\.?")
# Surnames of many people, ordinary words and first names: alone they say nobody.
_COMMON = word_set(
    "abbas abbott abdulaziz abdullah ahmed ashraf austin aziz barak bennett bishop borne brown bush"
    " carter castro chen chung clinton colonna conte cook dar farhan fischer gabriel gallant gates"
    " hague haley hammond harper harris hayashi howard hunt hussain ivanov jiang johnson jonathan"
    " kang katz khan kim lee linde marin martin may mohamad moon morales morrison nguyen nieto noda"
    " novak okada park pavel payne perry pham philippe powell razak rice ross salman sanchez santos"
    " sessions sharif sharon silva singh song straw sullivan tanaka tang thani tran vance wang wong"
    " yang"
)
# The last words of titles, and ranks.
TITLE_WORDS = frozenset(title.split()[-1] for title in TITLES if title != "h e") | word_set(
    "ambassador admiral brigadier captain chairman chairwoman chief col colonel commander envoy gen"
    " governor lieutenant lt maj major mayor prof professor prosecutor rep sen speaker spokesman"
    " spokesperson spokeswoman judge justice imam pope archbishop bishop mullah"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person by all names: an actor on record, or a holder of `offices` who is not."""

    names: tuple[str, ...]
    actor: UUID | None = None
    offices: tuple[Office, ...] = ()

    @classmethod
    def of(cls, holder: Holder) -> "Person":
        return cls(names=holder.names, offices=holder.offices)

    def office_on(self, day: date | None) -> Office | None:
        """The office held on a day; who held one at the end of the shipped table counts as in
        office since."""
        if day is None:
            return None
        known = min(day, day_before(TABLE_ENDS))
        return next((office for office in self.offices if office.covers(known)), None)

    def _in_all_names(self) -> frozenset[str]:
        """The words that all names have."""
        return frozenset.intersection(*(frozenset(name.split()) for name in self.names))

    def surnames(self) -> Iterator[str]:
        """Each surname, with what belongs to it: "von der Leyen"."""
        first = any(office.country in _SURNAME_FIRST for office in self.offices)
        for name in self.names:
            words = [word for word in name.split() if not _NUMERAL.fullmatch(word)]
            if len(words) < 2:
                continue
            if first:
                # Not "William" of William Lai, who is Lai Ching-te.
                yield next((word for word in words if word in self._in_all_names()), words[0])
                continue
            start = len(words) - 1
            while start > 1 and words[start - 1].casefold() in _BEFORE_SURNAMES:
                start -= 1
            yield " ".join(words[start:])
            if words[-1].startswith(("al-", "el-", "Al-", "El-")):
                yield words[-1][3:]


def is_common(surname: str) -> bool:
    """Whether a surname, by its key, does not say by itself who is meant."""
    return len(surname) < 4 or surname in _COMMON


def is_title(word: str) -> bool:
    return word.casefold() in TITLE_WORDS


def only_begins(word: str) -> bool:
    """Whether a word at the start of a sentence has its capital only for that."""
    folded = word.casefold()
    return folded in STARTERS or folded.endswith(("ing", "ed", "ly"))

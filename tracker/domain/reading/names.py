"""Whom a text names: actors on record, states, and names that no record has.

Names are found by their words, in a trie. Case, accents and the marks between words are ignored,
but a name begins with a capital. English only.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple
from uuid import UUID

from tracker.domain.likeness import name_key
from tracker.domain.reading.people import Person, is_common, is_title, only_begins
from tracker.domain.reading.text import word_set

# How a name means somebody: as a name or alias, as the name of a people ("Malians"), as a seat of
# government ("Paris"), or as the name of a person who holds an office of a state.
type MeaningBasis = Literal["name", "people", "seat", "office"]


class Meaning(NamedTuple):
    """An actor on record, or a state that is not. `country` is the code of the state, also of one
    on record; None for other actors. `basis` says how the name means it."""

    actor: UUID | None
    country: str | None
    basis: MeaningBasis


class NameEntry(NamedTuple):
    """A name and what it means; None for a name that means nobody, such as a sea."""

    text: str
    meaning: Meaning | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name in a text, `text[start:end]` of it, and all that it may mean, each once."""

    start: int
    end: int
    text: str
    meanings: tuple[Meaning, ...]


# Shorter names need capitals: "us" is not a country.
_SHORT = 3
_WORD = re.compile(r"[^\W_]+")
# What can stand between two words of a name; a full stop only after an abbreviation.
_GAP = re.compile(r"[ \n'’‘ʼ\-‐‑–&/.]{1,3}")
_SPACED_STOP = re.compile(r"\.\s")
# Names can begin with these in lower case: "al-Shabaab", "von der Leyen".
_PARTICLES = word_set("al el an ash as ad ar at az von van de der di la le")
_ATTITUDES = word_set("pro non ex post pre")
# "By 10 October Sisi": no first name.
_CALENDAR = word_set(
    "January February March April May June July August September October November December"
    " Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
)
_ARTICLE = re.compile(r"\s*the ", re.IGNORECASE)


class _Node:
    """A place in the trie: the words that can follow; what the words so far mean, None if they are
    no name; the persons who have them as a name of several words; and those who have them as a
    surname, with whether the record says that this word alone is their name."""

    __slots__ = ("after", "meanings", "people", "surnamed")

    def __init__(self) -> None:
        self.after: dict[str, _Node] = {}
        self.meanings: tuple[Meaning, ...] | None = None
        self.people: tuple[Person, ...] = ()
        self.surnamed: dict[Person, bool] = {}


class Word(NamedTuple):
    """A word of a text with its place, and its key."""

    start: int
    end: int
    text: str
    key: str


class Names:
    """The names of actors and states. `people` are persons on record and holders of offices,
    `states` the ids of states on record by code."""

    def __init__(
        self,
        entries: Iterable[NameEntry],
        people: Iterable[Person] = (),
        states: Mapping[str, UUID] | None = None,
    ) -> None:
        self._root, self._states = _Node(), states or {}
        for entry in entries:
            self._add(entry)
        for person in people:
            self._add_person(person)

    def find(self, text: str, day: date | None = None) -> tuple[Mention, ...]:
        """Return the names in a text of a day, in order. Of names within one another the longest
        counts. Without a day, holders of offices stand for nobody."""
        return tuple(_Search(self._root, self._states, text, day).mentions())

    def meanings(self, name: str) -> tuple[Meaning, ...]:
        """Return what a whole name means, apart from persons."""
        node: _Node | None = self._root
        for word in _words(name):
            node = node.after.get(word) if node else None
        return (node.meanings or ()) if node else ()

    def _add(self, entry: NameEntry) -> None:
        node = self._node(entry.text)
        if node is None:
            return
        meanings = node.meanings or ()
        same = {(meaning.actor, meaning.country) for meaning in meanings}
        if entry.meaning and (entry.meaning.actor, entry.meaning.country) not in same:
            meanings += (entry.meaning,)
        node.meanings = meanings

    def _add_person(self, person: Person) -> None:
        for name in person.names:
            node = self._node(name)
            if node and len(name.split()) > 1:
                node.people += (person,)
            elif node:
                node.surnamed[person] = person.actor is not None
        for surname in {*map(word_key, person.surnames())}:
            if node := self._node(surname):
                node.surnamed.setdefault(person, False)

    def _node(self, name: str) -> _Node | None:
        """The place of a name in the trie, which is made; None for a name without words."""
        node = self._root
        for word in _words(name):
            node = node.after.setdefault(word, _Node())
        return None if node is self._root else node


class _Search:
    """The search through one text. Persons whose name was found are known by their surname from
    there on."""

    def __init__(
        self, root: _Node, states: Mapping[str, UUID], text: str, day: date | None
    ) -> None:
        self._root, self._states, self._text, self._day = root, states, text, day
        self._words = [
            Word(match.start(), match.end(), match[0], word_key(match[0]))
            for match in _WORD.finditer(text)
        ]
        self._introduced: set[Person] = set()
        self._last_end = 0

    def mentions(self) -> Iterator[Mention]:
        place = 0
        while place < len(self._words):
            length, meanings = self._longest(place)
            if meanings:
                yield self._mention(self._words[place : place + length], meanings)
            place += max(1, length)

    def _mention(self, words: list[Word], meanings: tuple[Meaning, ...]) -> Mention:
        text, start, end = self._text, words[0].start, words[-1].end
        if text[end : end + 1] == "." and "." in text[start:end] and len(words[-1].text) == 1:
            # The last full stop of "U.S."
            end += 1
        self._last_end = end
        return Mention(start=start, end=end, text=text[start:end], meanings=meanings)

    def _longest(self, place: int) -> tuple[int, tuple[Meaning, ...]]:
        """The number of words of the longest name at a place, and its meanings; 0 if there is
        none."""
        words = self._words
        node = self._root.after.get(words[place].key)
        if node is None or not _may_begin(words[place].text) or self._is_attitude(place):
            return 0, ()
        path = []
        last = place
        while node:
            path.append(node)
            last += 1
            if last == len(words) or not _joined(self._text, words[last - 1], words[last]):
                break
            node = node.after.get(words[last].key)
        for length in range(len(path), 0, -1):
            meanings = self._meanings(path[length - 1], place, length)
            if meanings is not None:
                return length, meanings
        return 0, ()

    def _is_attitude(self, place: int) -> bool:
        """Whether a name is only what others are for, or were: "pro-Russian", "ex-Soviet"."""
        before, word = self._words[place - 1], self._words[place]
        return before.key in _ATTITUDES and self._text[before.end : word.start] in ("-", "‑", "‐")

    def _meanings(self, node: _Node, place: int, length: int) -> tuple[Meaning, ...] | None:
        """What a name means; None if it is not meant as one."""
        words = self._words[place : place + length]
        if (node.meanings is None and not node.people) or not _is_written_as_name(words):
            return self._by_surname(node, place, length) if node.surnamed else None
        self._introduced.update(node.people)
        return _distinct((*(node.meanings or ()), *self._of(node.people)))

    def _of(self, people: Iterable[Person]) -> Iterator[Meaning]:
        for person in people:
            if person.actor:
                yield Meaning(person.actor, None, "name")
            elif office := person.office_on(self._day):
                yield Meaning(self._states.get(office.country), office.country, "office")

    def _by_surname(self, node: _Node, place: int, length: int) -> tuple[Meaning, ...] | None:
        """Whom a surname means: a person named before in the text, or after a title; otherwise only
        if it is not a common one. None if it may be another person."""
        words = self._words
        if not words[place + length - 1].text[0].isupper() or self._has_first_name(place):
            return None
        known = [person for person in node.surnamed if person in self._introduced]
        known = known or [person for person, alone in node.surnamed.items() if alone]
        meanings = _distinct(self._of(known or node.surnamed))
        titled = place > 0 and is_title(words[place - 1].text)
        common = is_common(" ".join(word.key for word in words[place : place + length]))
        if common and self._has_surname(place + length):
            return None
        if len(meanings) == 1 and (known or titled or not common):
            return meanings
        return None

    def _has_surname(self, place: int) -> bool:
        """Whether a capitalised word after a name is the surname: "Ahmed Madobe"."""
        if place >= len(self._words):
            return False
        before, word = self._words[place - 1], self._words[place]
        return self._text[before.end : word.start] == " " and word.text[0].isupper()

    def _has_first_name(self, place: int) -> bool:
        """Whether a capitalised word before a surname makes it that of another person."""
        if not place:
            return False
        before, word = self._words[place - 1], self._words[place]
        if self._text[before.end : word.start] not in (" ", "\n", "-", "."):
            return False
        if not before.text[0].isupper() or is_title(before.text) or before.end <= self._last_end:
            return False
        if before.text in _CALENDAR:
            return False
        return not only_begins(before.text)


def _distinct(meanings: Iterable[Meaning]) -> tuple[Meaning, ...]:
    """Meanings, each actor or state once."""
    found: dict[tuple[UUID | None, str | None], Meaning] = {}
    for meaning in meanings:
        found.setdefault((meaning.actor, meaning.country), meaning)
    return tuple(found.values())


@lru_cache(maxsize=65_536)
def word_key(word: str) -> str:
    """Return what all spellings of a word have in common."""
    return name_key(word)


def _words(name: str) -> list[str]:
    """The keys of the words of a name, without an article before it."""
    article = _ARTICLE.match(name)
    return [word_key(word) for word in _WORD.findall(name, article.end() if article else 0)]


def _may_begin(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit() or word in _PARTICLES


def _is_written_as_name(words: list[Word]) -> bool:
    """Whether words have the capitals of a name, as short ones need."""
    letters = "".join(word.text for word in words)
    if len(letters) <= _SHORT:
        return letters.isupper()
    return any(word.text[0].isupper() for word in words)


def _joined(text: str, word: Word, after: Word) -> bool:
    """Whether two words can belong to one name."""
    gap = text[word.end : after.start]
    if not _GAP.fullmatch(gap) or "\n\n" in gap:
        return False
    return not _SPACED_STOP.search(gap) or len(word.text) <= _SHORT

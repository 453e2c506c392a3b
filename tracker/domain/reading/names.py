"""Whom a text names: actors on record, states, and names that no record has.

Names are found by their words, in a trie. Case, accents and the marks between words are ignored,
but a name begins with a capital. English only.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple
from uuid import UUID

from tracker.domain.spellings import name_key

# How a name means somebody: as a name or alias, as the name of a people ("Malians"), as a seat of
# government ("Paris"), or as the name of a person who holds an office of a state.
type Basis = Literal["name", "people", "seat", "office"]


class Meaning(NamedTuple):
    """An actor on record, or a state that is not. `country` is the code of the state, also of one
    on record; None for other actors. `basis` says how the name means it."""

    actor: UUID | None
    country: str | None
    basis: Basis


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
# Names can begin with these in lower case: "al-Shabaab".
_PARTICLES = frozenset({"al", "el", "an", "ash", "as", "ad", "ar", "at", "az"})
_ARTICLE = re.compile(r"the ", re.IGNORECASE)


class _Node:
    """A place in the trie: the words that can follow, and what the words so far mean; None if they
    are no name."""

    __slots__ = ("after", "meanings")

    def __init__(self) -> None:
        self.after: dict[str, _Node] = {}
        self.meanings: tuple[Meaning, ...] | None = None


class Word(NamedTuple):
    """A word of a text with its place, and its key."""

    start: int
    end: int
    text: str
    key: str


class Names:
    """The names of actors and states."""

    def __init__(self, entries: Iterable[NameEntry]) -> None:
        self._root = _Node()
        for entry in entries:
            self._add(entry)

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return the names in a text, in order. Of names within one another the longest counts."""
        words = [
            Word(match.start(), match.end(), match[0], word_key(match[0]))
            for match in _WORD.finditer(text)
        ]
        return tuple(self._mentions(text, words))

    def meanings(self, name: str) -> tuple[Meaning, ...]:
        """Return what a whole name means."""
        node: _Node | None = self._root
        for word in _words(name):
            node = node.after.get(word) if node else None
        return (node.meanings or ()) if node else ()

    def _add(self, entry: NameEntry) -> None:
        node = self._root
        for word in _words(entry.text):
            node = node.after.setdefault(word, _Node())
        if node is self._root:
            return
        meanings = node.meanings or ()
        same = {(meaning.actor, meaning.country) for meaning in meanings}
        if entry.meaning and (entry.meaning.actor, entry.meaning.country) not in same:
            meanings += (entry.meaning,)
        node.meanings = meanings

    def _mentions(self, text: str, words: list[Word]) -> Iterator[Mention]:
        place = 0
        while place < len(words):
            length, meanings = self._longest(text, words, place)
            if meanings:
                start, end = words[place].start, words[place + length - 1].end
                if text[end : end + 1] == "." and text[end - 2 : end - 1] == ".":
                    # The last full stop of "U.S."
                    end += 1
                yield Mention(start=start, end=end, text=text[start:end], meanings=meanings)
            place += max(1, length)

    def _longest(self, text: str, words: list[Word], place: int) -> tuple[int, tuple[Meaning, ...]]:
        """The number of words of the longest name at a place, and its meanings; 0 if there is
        none."""
        node = self._root.after.get(words[place].key)
        if node is None or not _may_begin(words, place):
            return 0, ()
        found: tuple[int, tuple[Meaning, ...]] = (0, ())
        last = place
        while node:
            if node.meanings is not None and _is_written_as_name(words[place : last + 1]):
                found = last - place + 1, node.meanings
            last += 1
            if last == len(words) or not _joined(text, words[last - 1], words[last]):
                break
            node = node.after.get(words[last].key)
        return found


@lru_cache(maxsize=65_536)
def word_key(word: str) -> str:
    """Return what all spellings of a word have in common."""
    return name_key(word)


def _words(name: str) -> list[str]:
    """The keys of the words of a name, without an article before it."""
    return [word_key(word) for word in _WORD.findall(_ARTICLE.sub("", name, count=1))]


def _may_begin(words: list[Word], place: int) -> bool:
    first = words[place].text
    if first[0].isupper() or first[0].isdigit():
        return True
    following = words[place + 1].text if place + 1 < len(words) else ""
    return first in _PARTICLES and following[:1].isupper()


def _is_written_as_name(words: list[Word]) -> bool:
    """Whether words have the capitals of a name, as short ones need."""
    letters = "".join(word.text for word in words)
    return not letters.isdigit() and (len(letters) > _SHORT or letters.isupper())


def _joined(text: str, word: Word, after: Word) -> bool:
    """Whether two words can belong to one name."""
    gap = text[word.end : after.start]
    if not _GAP.fullmatch(gap) or "\n\n" in gap:
        return False
    return not _SPACED_STOP.search(gap) or len(word.text) <= _SHORT

"""Which countries a search names: by name, alias, code, people or capital, in any script.

Unlike the reading of articles, it takes small letters, beginnings of names and cases of Slavic
languages, because people type them.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from tracker.domain.likeness import name_key, nearest
from tracker.domain.reading.text import word_set

_WORD = re.compile(r"[^\W_]+")
# Scripts that are written without spaces.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+")
_CYRILLIC = re.compile(r"[\u0400-\u052f]+")
_LATIN_CODE = re.compile(r"[A-Za-z]{2,3}")
# Codes that are also English words: in small letters they are read as words.
_WORDS_TOO = word_set(
    "am an and are arm as at be by can do est fin go guy hu hun in is it la lie ma man mar me mr ms"
    " my nor no om pa pan per pm so st to ton tt va"
)
# Words that only join names, such as "and", in several languages.
_JOINING = word_set("and or of the vs with between relations и с между та і et und y e 和 与")
# The fewest letters of the beginning of a name.
_FEWEST = 3
# The most letters by which a case of a Slavic language differs from the name.
_ENDING = 3
# The most countries that a beginning may mean.
MOST_MEANT = 6


class CountryName(NamedTuple):
    """A name of a country. `whole`: it is found only as a whole, as a capital or a code is."""

    text: str
    code: str
    whole: bool = False


class NamedPart(NamedTuple):
    """A part of a search, and the codes of the countries that it may mean, the likeliest first."""

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCountries:
    """The parts of a search that name countries, and its other words."""

    parts: tuple[NamedPart, ...]
    others: tuple[str, ...]

    @property
    def codes(self) -> list[str]:
        """All countries that it may name, each once."""
        return list(dict.fromkeys(code for part in self.parts for code in part.codes))

    def pairs(self, most: int) -> list[tuple[str, str]]:
        """The pairs of countries that different parts name, in the order of the search."""
        found: dict[frozenset[str], tuple[str, str]] = {}
        for place, part in enumerate(self.parts):
            for other in self.parts[place + 1 :]:
                for one, two in ((a, b) for a in part.codes for b in other.codes if a != b):
                    found.setdefault(frozenset((one, two)), (one, two))
        return list(found.values())[:most]


class CountryNames:
    """An index of names. Case, accents and marks between words are ignored."""

    def __init__(self, names: Iterable[CountryName]) -> None:
        exact: dict[str, dict[str, None]] = defaultdict(dict)
        begun: dict[str, dict[str, None]] = defaultdict(dict)
        for name in names:
            key = " ".join(_words(name.text))
            if not key:
                continue
            exact[key].setdefault(name.code)
            if not name.whole:
                begun[key].setdefault(name.code)
        self._exact: Mapping[str, tuple[str, ...]] = {key: tuple(of) for key, of in exact.items()}
        self._begun: Mapping[str, tuple[str, ...]] = {key: tuple(of) for key, of in begun.items()}
        self._sorted = sorted(self._begun)
        self._longest = max((key.count(" ") + 1 for key in self._exact), default=0)

    def find(self, text: str) -> NamedCountries:
        """Return the countries that a search names, in its order. If one name contains another,
        only the longest counts."""
        parts: list[NamedPart] = []
        others: list[str] = []
        words = [*_split(text)]
        place = 0
        while place < len(words):
            length, codes = self._longest_name(words, place)
            if codes:
                parts.append(NamedPart(" ".join(words[place : place + length]), codes))
            else:
                parts += self._without_spaces(words[place])
                if not _UNSPACED.fullmatch(words[place]) and name_key(words[place]) not in _JOINING:
                    others.append(words[place])
            place += max(1, length)
        return NamedCountries(parts=tuple(parts), others=tuple(others))

    def near(self, text: str) -> list[str]:
        """Return the codes of the countries with a name that resembles a text."""
        keys = nearest(" ".join(_words(text)), self._sorted)
        return list(dict.fromkeys(code for key in keys for code in self._begun[key]))

    def _longest_name(self, words: Sequence[str], place: int) -> tuple[int, tuple[str, ...]]:
        """The number of words of the longest name at a place, and what it means."""
        most = min(self._longest, len(words) - place)
        for length in range(most, 0, -1):
            own = words[place : place + length]
            key = name_key(" ".join(own))
            if length == 1 and len(words) > 1 and _is_word(own[0]):
                break
            if codes := self._exact.get(key):
                return length, codes
            if place + length == len(words) and (codes := self._beginning(key)):
                return length, codes
            if length == 1 and (codes := self._beginning(key) or self._case(key)):
                return length, codes
        return 0, ()

    def _beginning(self, key: str) -> tuple[str, ...]:
        """The countries with a name that has this beginning, the shortest names first."""
        if len(key) < _FEWEST:
            return ()
        codes = (
            code for name in sorted(self._begun_by(key), key=len) for code in self._begun[name]
        )
        return tuple(dict.fromkeys(codes))[:MOST_MEANT]

    def _case(self, key: str) -> tuple[str, ...]:
        """The country of a name in another case: "Россией", "Китаем"."""
        if not _CYRILLIC.fullmatch(key):
            return ()
        for cut in range(1, _ENDING + 1):
            stem = key[:-cut]
            if len(stem) < _FEWEST:
                break
            for name in self._begun_by(stem):
                if len(name) - len(stem) <= _ENDING and " " not in name:
                    return self._begun[name]
        return ()

    def _begun_by(self, key: str) -> Iterator[str]:
        """The names with this beginning."""
        start = bisect_left(self._sorted, key)
        return takewhile(lambda name: name.startswith(key), self._sorted[start:])

    def _without_spaces(self, word: str) -> Iterator[NamedPart]:
        """The names inside a word of a script without spaces: "中国和俄罗斯"."""
        if not _UNSPACED.fullmatch(word):
            return
        key, place = name_key(word), 0
        while place < len(key):
            ends = range(len(key), place, -1)
            end = next((end for end in ends if key[place:end] in self._exact), place + 1)
            if codes := self._exact.get(key[place:end]):
                yield NamedPart(key[place:end], codes)
            place = end


def _split(text: str) -> Iterator[str]:
    """The words of a text, where scripts without spaces are split from the others."""
    for word in _WORD.findall(text):
        place = 0
        for match in _UNSPACED.finditer(word):
            yield from filter(None, (word[place : match.start()], match[0]))
            place = match.end()
        if place < len(word):
            yield word[place:]


def _words(name: str) -> list[str]:
    """The keys of the words of a name, without an article before it."""
    words = [name_key(word) for word in _split(name)]
    return words[1:] if len(words) > 1 and words[0] == "the" else words


def _is_word(word: str) -> bool:
    """Whether a possible code is an ordinary word, because it is in small letters."""
    is_code = _LATIN_CODE.fullmatch(word) is not None
    return is_code and not word.isupper() and word.casefold() in _WORDS_TOO

"""Similarity of two sentences, by the words that they have in common; the words that resemble an
unknown one; and what all spellings of a name have in common."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice

# A message about an unknown word is repeated for each row that has it.
MOST_NEAR = 3
# The time to compare grows with the square of the length.
_LONGEST_COMPARED = 100
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Of `all` different words in the two sentences, `common` are in both."""

    common: int
    all: int

    @property
    def share(self) -> float:
        return self.common / self.all if self.all else 0.0


def likeness(first: str, second: str) -> Likeness:
    """Compare two sentences, ignoring order, case and repetition of words."""
    first_words, second_words = _words(first), _words(second)
    return Likeness(common=len(first_words & second_words), all=len(first_words | second_words))


@lru_cache(maxsize=1_024)
def _words(text: str) -> frozenset[str]:
    """Cached, since one sentence is compared with many."""
    return frozenset(_WORD.findall(text.casefold()))


def nearest(word: str, known: Collection[str]) -> list[str]:
    """The known words that resemble a word most, at most `MOST_NEAR`; none if none does."""
    return get_close_matches(word[:_LONGEST_COMPARED], known, n=MOST_NEAR)


def suggestion(word: str, known: Collection[str]) -> str:
    """The end of a message about an unknown word: the nearest known ones, or some examples."""
    if near := nearest(word, known):
        return f"nearest: {', '.join(near)}"
    return f"for example: {', '.join(islice(sorted(known), MOST_NEAR))}"


def name_key(text: str) -> str:
    """Return what all spellings of a name have in common: case, accents and spaces are ignored."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        "".join(letter for letter in plain if not unicodedata.combining(letter)).split()
    )

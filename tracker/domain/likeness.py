"""Similarity of two sentences: the share of their words that they have in common."""

import re
from dataclasses import dataclass
from functools import lru_cache

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

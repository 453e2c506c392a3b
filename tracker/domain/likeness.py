"""How alike two sentences are: the share of their words that both have."""

import re
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Of `all` different words in either sentence, `common` stand in both."""

    common: int
    all: int

    @property
    def share(self) -> float:
        return self.common / self.all if self.all else 0.0


def likeness(one: str, other: str) -> Likeness:
    """Compare two sentences, whatever the order, case and number of their words."""
    ours, theirs = _words(one), _words(other)
    return Likeness(common=len(ours & theirs), all=len(ours | theirs))


@lru_cache(maxsize=1_024)
def _words(text: str) -> frozenset[str]:
    """Kept for a while: one sentence is compared with many."""
    return frozenset(_WORD.findall(text.casefold()))

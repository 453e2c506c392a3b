"""Where a text says that somebody says something, and who. English only: the words are those of
`fixtures/reference/speaking.csv`. What is found is proposed to a person, and never decided.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tracker.domain import facts

_WORDS = {row["word"]: row["means"] for row in facts.rows("speaking")}
ACCORDING = "according to"
# Behind these, somebody else speaks: "is said to", "was told".
_PASSIVE = frozenset({"am", "are", "be", "been", "being", "is", "was", "were"})
_MOST_WORDS = 6
_TOKENS = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W_]+(?:['’.-][^\W_]+)*['’]?|[^\w\s]")
_WORD = re.compile(r"[^\W_]")


class Speech(NamedTuple):
    """The words that name the speaker, the verb, and whether it denies."""

    speaker: tuple[str, ...]
    verb: str
    denies: bool


def speeches(text: str) -> Iterator[Speech]:
    """Find who says something in a text, in its order."""
    tokens = _TOKENS.findall(text)
    folded = [token.casefold() for token in tokens]
    for place, word in enumerate(folded):
        means = _WORDS.get(word)
        if means in ("says", "denies"):
            speaker = _speaker(tokens, folded, place)
        elif " ".join(folded[place : place + 2]) == ACCORDING:
            speaker = _after(tokens, place + 2)
        else:
            continue
        if speaker:
            yield Speech(speaker, word, means == "denies")


def names_organ(speaker: tuple[str, ...]) -> bool:
    """Whether the words name somebody who speaks for a state, as "the junta"."""
    return any(_WORDS.get(_bare(word)) == "organ" for word in speaker)


def name_parts(speaker: tuple[str, ...]) -> Iterator[str]:
    """The texts in the words of a speaker that may be a name: longer ones first, and of those of
    one length the last, which stands nearest to the verb."""
    bare = [re.sub(r"['’]s?$", "", word) for word in speaker]
    for length in range(len(bare), 0, -1):
        for start in range(len(bare) - length, -1, -1):
            yield " ".join(bare[start : start + length])


def _speaker(tokens: list[str], folded: list[str], place: int) -> tuple[str, ...]:
    """Who stands before the verb in its clause; where nobody does, who follows it."""
    if place and folded[place - 1] in _PASSIVE:
        return ()
    before: list[str] = []
    for token in reversed(tokens[max(0, place - _MOST_WORDS) : place]):
        if not _WORD.search(token):
            break
        before.insert(0, token)
    return tuple(before) or _after(tokens, place + 1)


def _after(tokens: list[str], start: int) -> tuple[str, ...]:
    found = []
    for token in tokens[start : start + _MOST_WORDS]:
        if not _WORD.search(token):
            break
        found.append(token)
    return tuple(found)


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word.casefold())

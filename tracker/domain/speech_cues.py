"""Find statements in a text and their speakers. English only, by the words in
`fixtures/reference/speaking.csv`. The results are suggestions to a person.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tracker.domain import facts

_WORDS = {row["word"]: row["means"] for row in facts.rows("speaking")}
ACCORDING = "according to"
# After these words the subject is not the speaker: "is said to", "was told".
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
    """Yield the statements in a text, in order."""
    tokens = _TOKENS.findall(text)
    folded = [token.casefold() for token in tokens]
    for place, word in enumerate(folded):
        if is_saying(word):
            speaker = _speaker(tokens, folded, place)
        elif " ".join(folded[place : place + 2]) == ACCORDING:
            speaker = _after(tokens, place + 2)
        else:
            continue
        if speaker:
            yield Speech(speaker, word, _WORDS.get(word) == "denies")


def is_saying(word: str) -> bool:
    """Return whether a word is a verb of saying or denying, such as "said"."""
    return _WORDS.get(word.casefold()) in ("says", "denies")


def names_organ(speaker: tuple[str, ...]) -> bool:
    """Return whether the words name a body that speaks for a state, such as "the junta"."""
    return any(_WORDS.get(_bare(word)) == "organ" for word in speaker)


def name_parts(speaker: tuple[str, ...]) -> Iterator[str]:
    """Yield the parts of the words of a speaker that may be a name: longer ones first, and among
    those of one length the last, which is nearest to the verb.
    """
    bare = [re.sub(r"['’]s?$", "", word) for word in speaker]
    for length in range(len(bare), 0, -1):
        for start in range(len(bare) - length, -1, -1):
            yield " ".join(bare[start : start + length])


def _speaker(tokens: list[str], folded: list[str], place: int) -> tuple[str, ...]:
    """The words before the verb in its clause; if there are none, those after it."""
    if place and folded[place - 1] in _PASSIVE:
        return ()
    words: list[str] = []
    for token in reversed(tokens[max(0, place - _MOST_WORDS) : place]):
        if not _WORD.search(token):
            break
        words.insert(0, token)
    return tuple(words) or _after(tokens, place + 1)


def _after(tokens: list[str], start: int) -> tuple[str, ...]:
    words = []
    for token in tokens[start : start + _MOST_WORDS]:
        if not _WORD.search(token):
            break
        words.append(token)
    return tuple(words)


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word.casefold())

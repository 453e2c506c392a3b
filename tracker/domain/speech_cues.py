"""Find statements in a text and their speakers. English only, by the words in
`fixtures/reference/speaking.csv`. The results are suggestions to a person.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from tracker.domain import facts

_WORDS = {row["word"]: row["means"] for row in facts.rows("speaking")}
# After these words the subject is not the speaker: "is said to", "was told".
_PASSIVE = frozenset({"am", "are", "be", "been", "being", "is", "was", "were"})
# The object of these follows them: who is accused does not speak.
_WITH_OBJECT = frozenset(
    word for word in _WORDS if word.startswith(("accus", "blam", "denounc", "tell", "told", "den"))
)
# With one of these, what follows a verb of saying is what is said.
_FINITE_WORDS = "are can could had has have is may might must shall should that was were will would"
_FINITE = frozenset(_FINITE_WORDS.split())
_NEGATIONS = frozenset(
    ["cannot", "neither", "never", "no", "nobody", "none", "nor", "not", "nothing"]
)
_ARTICLES = frozenset({"her", "his", "its", "my", "our", "the", "their"})
_CONJUNCTIONS = frozenset({"and", "but", "or", "then"})
_GOVERNING_WORDS = "about and at but by for from in into of on or over to with within"
_GOVERNING = frozenset(_GOVERNING_WORDS.split())
# What an answer begins with that denies.
_REFUSING = (["nonsense"], ["rubbish"], ["untrue"], ["false"], ["baseless"], ["absurd"])
_REFUSALS = ("not so", "not true", "not at", "nothing of", "no such")
_ANSWER = 8
_MOST_WORDS = 6
_TOKENS = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W_]+(?:['’.-][^\W_]+)*['’]?|[^\w\s]")
_WORD = re.compile(r"[^\W_]")


class Speech(NamedTuple):
    """The words that name the speaker, the verb, and whether it denies. `start` and `end` are where
    the words of the speaker are in the text, `verb_start` is where the verb is."""

    speaker: tuple[str, ...]
    verb: str
    denies: bool
    start: int = 0
    end: int = 0
    verb_start: int = 0


class _Token(NamedTuple):
    """A word or a mark, and where it is."""

    text: str
    start: int
    end: int

    @property
    def folded(self) -> str:
        return self.text.casefold()

    @property
    def is_word(self) -> bool:
        return bool(_WORD.search(self.text))


def speeches(text: str) -> Iterator[Speech]:
    """Yield the statements in a text, in order."""
    tokens = [_Token(match[0], match.start(), match.end()) for match in _TOKENS.finditer(text)]
    refuses = _begins_refusing(tokens)
    for place, token in enumerate(tokens):
        word = token.folded
        if is_saying(word):
            speaker = _speaker(tokens, place)
        elif word == "according" and [one.folded for one in tokens[place + 1 : place + 2]] == [
            "to"
        ]:
            speaker = _run_after(tokens, place + 2)
        else:
            continue
        if speaker:
            words = tuple(one.text for one in speaker)
            denies = refuses or _denies(tokens, place)
            yield Speech(words, word, denies, speaker[0].start, speaker[-1].end, token.start)


def _denies(tokens: Sequence[_Token], place: int) -> bool:
    """Whether a verb denies, or is that of an answer with "no" in it."""
    means = _WORDS.get(tokens[place].folded)
    if means == "denies":
        return True
    after = {one.folded for one in tokens[place + 1 : place + 1 + _ANSWER]}
    is_negated = bool(after & _NEGATIONS) or any(one.endswith(("n't", "n’t")) for one in after)
    return means == "replies" and is_negated


def _begins_refusing(tokens: Sequence[_Token]) -> bool:
    """Whether a text begins with "Nonsense" or "Not true"."""
    first = [one.folded for one in islice((one for one in tokens if one.is_word), 2)]
    return " ".join(first) in _REFUSALS or first[:1] in _REFUSING


def is_saying(word: str) -> bool:
    """Return whether a word is a verb of saying or denying, such as "said"."""
    return _WORDS.get(word.casefold()) in ("says", "replies", "denies")


def saying_verbs() -> tuple[str, ...]:
    """Return the verbs of saying and denying, in all their forms."""
    return tuple(filter(is_saying, _WORDS))


def denying_verbs() -> tuple[str, ...]:
    """Return the verbs of denying, in all their forms."""
    return tuple(word for word, means in _WORDS.items() if means == "denies")


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


def _speaker(tokens: Sequence[_Token], place: int) -> Sequence[_Token]:
    """The words before the verb in its clause, also before "for its part" or "the minister" between
    commas; if there are none, those after it."""
    if place and tokens[place - 1].folded in _PASSIVE:
        return ()
    words = _run_before(tokens, place)
    if words:
        return _last_phrase(words)
    after = _run_after(tokens, place + 1) if tokens[place].folded not in _WITH_OBJECT else ()
    if after and not _FINITE.intersection(one.folded for one in after):
        return after
    return _before_commas(tokens, place)


def _last_phrase(words: Sequence[_Token]) -> Sequence[_Token]:
    """Words from their last article on, if no name follows it: "in May the minister"."""
    for first in range(len(words) - 1, 0, -1):
        if words[first].folded in _ARTICLES:
            is_name = any(word.text[0].isupper() for word in words[first:])
            governed = words[first - 1].folded in _GOVERNING
            return words if is_name or governed else words[first:]
    return words


def _before_commas(tokens: Sequence[_Token], place: int) -> Sequence[_Token]:
    """The words before an insertion between commas: "Paris, for its part, …"."""
    if not place or tokens[place - 1].text != ",":
        return ()
    inserted = _run_before(tokens, place - 1)
    first = place - 1 - len(inserted)
    if not inserted or not first or tokens[first - 1].text != ",":
        return ()
    return _run_before(tokens, first - 1)


def _run_before(tokens: Sequence[_Token], place: int) -> Sequence[_Token]:
    """The words before a place, up to a mark. None before "and": who speaks is further away."""
    first = place
    if place and tokens[place - 1].folded in _CONJUNCTIONS:
        return ()
    while first > max(0, place - _MOST_WORDS) and tokens[first - 1].is_word:
        first -= 1
    return tokens[first:place]


def _run_after(tokens: Sequence[_Token], start: int) -> Sequence[_Token]:
    """The words from a place on, up to a mark."""
    end = start
    while end < min(len(tokens), start + _MOST_WORDS) and tokens[end].is_word:
        end += 1
    return tokens[start:end]


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word.casefold())

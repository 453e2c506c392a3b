"""Persons whom a text itself introduces: "the Somali president, Hassan Sheikh Mohamud".

Their names, whole and in part, then mean their state in the rest of the text. English only.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from tracker.domain.dates.description import MONTHS
from tracker.domain.reading.names import Mention
from tracker.domain.reading.reference_names import unclear_capitals
from tracker.domain.reading.relative_days import WEEKDAYS
from tracker.domain.reading.unknown_names import names_no_person
from tracker.domain.reading.word_lists import listed

# A name of two to four words with capitals, also with particles such as "al-" and "de".
_PERSON = (
    r"[^\W\d_a-z][\w’'-]+(?: (?:(?:de|da|al|el|bin|ibn|van|von|ould|ag) )?[^\W\d_a-z][\w’'-]+){1,3}"
)
_AFTER = re.compile(rf"(?:['’]s?)?(?P<title>(?: [\w’'-]+){{1,4}}?),? (?P<name>{_PERSON})")
_BEFORE = re.compile(rf"(?P<name>{_PERSON}), (?:then |now |the |its )*$")
_OF = re.compile(rf"(?P<name>{_PERSON}) of (?:the )?$")
_TITLE_AFTER = re.compile(r"(?:['’]s?)? (?P<title>[a-z’'-]+(?: [a-z’'-]+)?)")
_SHORTEST = 4


class Introduced(NamedTuple):
    """A name, whole or in part, and the mention of the state that it stands for."""

    name: str
    state: Mention


def introduced(text: str, mentions: Iterable[Mention]) -> dict[str, Mention]:
    """Return the mention of the state that each name stands for, by name. `mentions` are the names
    on record in the text.

    A part of a name that persons of two states share is left out.
    """
    found: dict[str, Mention] = {}
    shared: set[str] = set()
    alone = _alone(text)
    for one in _introductions(text, mentions):
        for part in _parts(one, alone):
            known = found.setdefault(part, one.state)
            if known.meanings != one.state.meanings:
                shared.add(part)
    return {name: state for name, state in found.items() if name not in shared}


def _introductions(text: str, mentions: Iterable[Mention]) -> Iterator[Introduced]:
    for state in mentions:
        yield from _short_names(state)
        codes = [meaning.country for meaning in state.meanings if meaning.country]
        if not codes:
            continue
        if any(meaning.basis == "office" for meaning in state.meanings):
            # "President Sisi", and then "Sisi"; "Abiy Ahmed", and then "Abiy".
            yield Introduced(state.text, state)
            continue
        for capital in unclear_capitals().get(codes[0], ()):
            yield Introduced(capital, state)
        yield from _beside(text, state)


def _short_names(body: Mention) -> Iterator[Introduced]:
    """ "The European Union", and then "the Union"."""
    last = body.text.split()[-1]
    if last != body.text and last.casefold() in listed("body"):
        yield from (Introduced(f"{article} {last}", body) for article in ("the", "The"))


def _beside(text: str, state: Mention) -> Iterator[Introduced]:
    """The persons before and after the name of a state."""
    after = _AFTER.match(text, state.end)
    if after and _is_title(after["title"]):
        yield Introduced(after["name"], state)
    near = text[max(0, state.start - 80) : state.start]
    before = _BEFORE.search(near)
    title = _TITLE_AFTER.match(text, state.end)
    if before and title and _is_title(title["title"]):
        yield Introduced(before["name"], state)
    of = _OF.search(near)
    if of and not any(names_no_person(word) for word in of["name"].split()):
        yield Introduced(of["name"], state)


def _is_title(words: str) -> bool:
    """Whether words end with the title of an office, such as "foreign minister"."""
    last = words.casefold().split()[-1:]
    return bool(last) and last[0] in listed("office")


def _parts(one: Introduced, alone: Set[str]) -> Iterator[str]:
    """The name, its last word, its first two, and its first if the text uses that alone. Of a
    person in the table of offices, the last word is known without."""
    words = one.name.split()
    yield one.name
    yield " ".join(words[:2])
    in_table = any(meaning.basis == "office" for meaning in one.state.meanings)
    if len(words[-1]) >= _SHORTEST and not in_table:
        yield words[-1]
    if words[0] in alone:
        yield words[0]


_PIECE = re.compile(r"\w+")
_JOINED = re.compile(r"\w+(?:[’'-]\w+)*")
_CAPITAL_FOLLOWS = re.compile(r" [^\W\d_a-z]")
_NAME_GOES_ON = re.compile(r" [^\W\d_a-z][a-z]")
# More parts between spaces and hyphens are no name.
_MOST_PIECES = 12


def _alone(text: str) -> set[str]:
    """The words of a text after which no word with a capital follows."""
    return {
        match[0]
        for match in _JOINED.finditer(text)
        if match[0][0].isupper() and not _CAPITAL_FOLLOWS.match(text, match.end())
    }


class KnownNames:
    """Names to be looked for in many sentences, each with what it means."""

    def __init__(self, known: Mapping[str, Mention]) -> None:
        self._known = known
        self._most = max((len(_PIECE.findall(name)) for name in known), default=0)
        self._most = min(self._most, _MOST_PIECES)

    def occurrences(self, sentence: str) -> Iterator[tuple[int, int, Mention]]:
        """Yield the places of the names in a sentence, the longest at each place."""
        spans = [match.span() for match in _PIECE.finditer(sentence)]
        after = 0
        for place, (start, _) in enumerate(spans):
            ends = [end for _, end in spans[place : place + self._most]] if start >= after else []
            for end in reversed(ends):
                state = self._known.get(sentence[start:end])
                if state and not _NAME_GOES_ON.match(sentence, end):
                    yield start, end, state
                    after = end
                    break


# A word with a capital between words without one.
_ALONE = re.compile(
    r"(?<![\w’'-])[a-zà-ÿ][\w’'-]*[,;]? (?=([^\W\d_a-z][a-zà-ÿ]{3,})\b(?! [^\W\d_a-z]))"
)
_OFTEN = 2


def recurrent(text: str) -> dict[str, int]:
    """Return the words that stand with a capital within sentences at least twice, and how often,
    such as the name of a region that no table has. Months and weekdays are left out."""
    counts = Counter(match[1] for match in _ALONE.finditer(text))
    calendar = {*MONTHS, *WEEKDAYS}
    return {
        word: number
        for word, number in counts.items()
        if number >= _OFTEN and not {word, word.casefold()} & calendar
    }

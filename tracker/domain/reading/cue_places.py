"""Where in a clause the cues of the table are, and how much each place says.

A cue used as a verb says more than one used as a noun, and a noun after "the", "of" or "after" says
least, unless a verb such as "hold" or "impose" carries it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from tracker.domain.codebooks import cues
from tracker.domain.codebooks.cues import Cue, CueRow

_WORD = re.compile(r"n['’]t\b|[^\W_]+?(?=n['’]t\b)|[^\W_]+")
_FURTHEST_OBJECT = 8
_NEAREST_BEFORE = 4
_GAP = 2

_FORMS_OF_BE = "am are be been being is was were get gets got"
_AUXILIARIES = "can could did do does had has have may might must to"
_BEFORE_NOUNS = (
    "a an the this that these those its their his her our my some any no all of in on at by for"
    " from with into over under against amid during after before despite since about between other"
    " more new recent further continued possible alleged s"
)
_BACKGROUNDS = "after amid during despite since before following over about"
_CARRIERS = (
    "announced announces begin began begun begins carried carries carry conduct conducted conducts"
    " conclude concluded declare declared declares express expressed expresses gave give given"
    " gives giving grant granted grants held hold holding holds hosted impose imposed imposes"
    " imposing issue issued issues launch launched launches launching lodge lodged made make makes"
    " making mount mounted open opened opens order ordered orders place placed put puts putting"
    " reach reached reaches reaching send sends sent sign signed signing signs slap slapped stage"
    " staged stages start started starts sustain take taken takes took wage waged"
)
_BE = frozenset(_FORMS_OF_BE.split())
_AUXILIARY = _BE.union(_AUXILIARIES.split())
_BEFORE_NOUN = frozenset(_BEFORE_NOUNS.split())
_BACKGROUND = frozenset(_BACKGROUNDS.split())
_CARRYING = frozenset(_CARRIERS.split())

_OBJECTLESS = 0.8
_BESIDE_OBJECT = 0.35
_FINITE, _INFINITIVE, _BARE, _GERUND, _NOUN, _SHADED = 1.0, 0.85, 0.8, 0.7, 0.5, 0.3


class Word(NamedTuple):
    """A word in small letters, its stem, and where it is in the clause."""

    text: str
    stem: str
    start: int
    end: int


class Place(NamedTuple):
    """A cue in a clause: the words from `first` to `last`, and how much it says, from 0 to 1.

    `object`: the object of the row, else the nearest noun after the cue that is an object of some
    row, else empty. `passive`: "was sanctioned".
    """

    cue: Cue
    first: int
    last: int
    object: str
    weight: float
    passive: bool


def split(clause: str) -> tuple[Word, ...]:
    """Return the words of a clause; "didn't" is two."""
    return tuple(
        Word(text, cues.stem(text), found.start(), found.end())
        for found in _WORD.finditer(clause)
        for text in (_plain(found.group()),)
    )


def places(words: Sequence[Word], extra: tuple[CueRow, ...] = ()) -> list[Place]:
    """Return the cues in a clause, in order; at one place every row that matches."""
    tables = (_by_first_stem(()), _by_first_stem(extra)) if extra else (_by_first_stem(()),)
    found: list[Place] = []
    for first, word in enumerate(words):
        here = [
            place
            for table in tables
            for cue in table.get(word.stem, ())
            if (place := _place(words, first, cue))
        ]
        found += _most_specific(here)
    return found


def use(words: Sequence[Word], at: int) -> float:
    """Return how much a word at a place says by its use, from 0 to 1."""
    word = words[at].text
    before = _before(words, at)
    if before in _AUXILIARY:
        return _INFINITIVE if before == "to" else _FINITE
    if before in _BEFORE_NOUN:
        return _noun_use(words, at)
    if word.endswith("ing"):
        return _GERUND
    if word.endswith("ed") or cues.is_irregular(word):
        return _FINITE
    return max(_BARE, _noun_use(words, at)) if at else _NOUN


def is_passive(words: Sequence[Word], first: int, last: int) -> bool:
    """Return whether the word is a participle after a form of "be", or before "by"."""
    word = words[first].text
    if not word.endswith(("ed", "en", "n", "t")) and not cues.is_irregular(word):
        return False
    if _before(words, first) in _BE:
        return True
    follows = words[last + 1].text if last + 1 < len(words) else ""
    return follows == "by" and word.endswith(("ed", "en"))


def _plain(text: str) -> str:
    return "not" if text in ("n't", "n’t") else text.casefold()


def _before(words: Sequence[Word], at: int) -> str:
    """The word before, without adverbs and without "not"."""
    while at and (words[at - 1].text.endswith("ly") or words[at - 1].text in ("not", "also")):
        at -= 1
    return words[at - 1].text if at else ""


def _noun_use(words: Sequence[Word], at: int) -> float:
    near = [word.text for word in words[max(0, at - 5) : at]]
    if _CARRYING.intersection(near):
        return _FINITE
    return _SHADED if _BACKGROUND.intersection(near[-2:]) else _NOUN


def _place(words: Sequence[Word], first: int, cue: Cue) -> Place | None:
    last = _last(words, first, cue.phrase)
    if last is None or not _has_object(words, first, last, cue):
        return None
    weight = use(words, first) * (1.0 if cue.object else _OBJECTLESS)
    said = cue.row.object or _nearest_object(words, last)
    return Place(cue, first, last, said, weight, is_passive(words, first, last))


def _last(words: Sequence[Word], first: int, phrase: tuple[str, ...]) -> int | None:
    """Where a cue ends: its words in order, with at most two others in between."""
    at = first
    for stem in phrase[1:]:
        near = range(at + 1, min(at + 2 + _GAP, len(words)))
        found = next((place for place in near if words[place].stem == stem), None)
        if found is None:
            return None
        at = found
    return at


def _has_object(words: Sequence[Word], first: int, last: int, cue: Cue) -> bool:
    if not cue.object:
        return True
    around = [
        *words[max(0, first - _NEAREST_BEFORE) : first],
        *words[last + 1 : last + 1 + _FURTHEST_OBJECT],
    ]
    return set(cue.object) <= {word.stem for word in around}


def _nearest_object(words: Sequence[Word], last: int) -> str:
    known = _objects()
    after = words[last + 1 : last + 1 + _FURTHEST_OBJECT]
    return next((known[word.stem] for word in after if word.stem in known), "")


def _most_specific(here: list[Place]) -> list[Place]:
    """Rows whose object was found weaken the rows of the same cue without one, and a longer cue
    those that are part of it."""
    longest = max((len(place.cue.phrase) for place in here), default=0)
    with_object = any(place.cue.object for place in here)
    return [
        place._replace(weight=place.weight * _BESIDE_OBJECT)
        if with_object and not place.cue.object
        else place
        for place in here
        if len(place.cue.phrase) == longest
    ]


@lru_cache(maxsize=8)
def _by_first_stem(extra: tuple[CueRow, ...]) -> Mapping[str, Sequence[Cue]]:
    table: Iterable[Cue] = map(cues.read, extra) if extra else cues.table()
    by_stem: dict[str, list[Cue]] = {}
    for cue in table:
        by_stem.setdefault(cue.phrase[0], []).append(cue)
    return by_stem


@cache
def _objects() -> Mapping[str, str]:
    """The objects of one word that some row has, by stem."""
    return {cue.object[0]: cue.row.object for cue in cues.table() if len(cue.object) == 1}

"""The words of a clause, and how each is used: as a verb, as a noun, in the passive.

A word used as a verb says more than one used as a noun, and a noun after "the", "of" or "after"
says least, unless a verb such as "hold" or "impose" carries it. The use is guessed from the words
around it, without a parse.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from tracker.domain.codebooks import cues

_WORD = re.compile(r"n['’]t\b|[^\W_]+?(?=n['’]t\b)|[^\W_]+")
_SHORTENED = {"n't": "not", "n’t": "not", "wo": "will", "ca": "can"}

_FORMS_OF_BE = "am are be been being is was were get gets got"
_AUXILIARIES = "can could did do does had has have may might must shall should to will would"
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
_FINITE_AUXILIARY = frozenset({"are", "had", "has", "have", "is", "was", "were"})
_BEFORE_NOUN = frozenset(_BEFORE_NOUNS.split())
_BACKGROUND = frozenset(_BACKGROUNDS.split())
_CARRYING = frozenset(_CARRIERS.split())
_CARRIED = 5
_MONTHS = ("March", "May")

_FINITE, _INFINITIVE, _BARE, _GERUND, _NOUN, _SHADED = 1.0, 0.85, 0.8, 0.7, 0.5, 0.3


class Word(NamedTuple):
    """A word in small letters, its stem, and where it is in the clause."""

    text: str
    stem: str
    start: int
    end: int


class Evidence(NamedTuple):
    """What the words from `first` to `last` of a clause say for a code, from 0 to 1.

    `cue` and `object` are those of a table; `object` may be empty. `because`: the words besides the
    cue on which the code rests. `turned`: the code is that of another cue which this one governs.
    """

    code: str
    weight: float
    cue: str
    object: str
    first: int
    last: int
    because: str = ""
    turned: bool = False


def split(clause: str) -> tuple[Word, ...]:
    """Return the words of a clause; "didn't" is two. The months of March and May
    keep their capitals: they are no verbs."""
    return tuple(
        Word(text, cues.stem(text), found.start(), found.end())
        for found in _WORD.finditer(clause)
        for text in (_plain(found.group()),)
    )


def use(words: Sequence[Word], at: int) -> float:
    """Return how much a word at a place says by its use, from 0 to 1."""
    word = words[at].text
    before = _before(words, at)
    if before in _AUXILIARY and not (before in _BE and _is_bare(word)):
        return _INFINITIVE if before == "to" else _FINITE
    if before in _BEFORE_NOUN or before in _BE:
        return _noun_use(words, at)
    if word.endswith("ing"):
        return _GERUND
    if not _is_bare(word):
        return _FINITE
    return max(_BARE, _noun_use(words, at)) if at else _NOUN


def is_past(words: Sequence[Word], at: int) -> bool:
    """Return whether a word is a past form without an auxiliary: "expelled", not "was expelled"."""
    word = words[at].text
    past = not word.endswith("ing") and not _is_bare(word)
    return past and _before(words, at) not in _AUXILIARY


def begins_act(words: Sequence[Word], at: int) -> bool:
    """Return whether a word is a verb with a subject of its own: "expelled", "has expelled"."""
    return is_past(words, at) or _before(words, at) in _FINITE_AUXILIARY


def is_finite(words: Sequence[Word], at: int) -> bool:
    """Return whether a word may be the verb of a clause: "expelled", "will expel", "Paris expels".
    Present forms need a word before them that may be their subject."""
    if at >= len(words):
        return False
    text, before = words[at].text, _before(words, at)
    if before in _AUXILIARY:
        return before != "to"
    if before in _BEFORE_NOUN:
        return False
    if text in _AUXILIARY - {"to"} or is_past(words, at):
        return True
    return text.endswith("s") and before not in ("", "and", "or", "but", "not")


def is_passive(words: Sequence[Word], first: int, last: int) -> bool:
    """Return whether the word is a participle after a form of "be", or before "by"."""
    word = words[first].text
    if not word.endswith(("ed", "en", "n", "t")) and not cues.is_irregular(word):
        return False
    if _before(words, first) in _BE:
        return True
    follows = words[last + 1].text if last + 1 < len(words) else ""
    return follows == "by" and word.endswith(("ed", "en"))


def _is_bare(word: str) -> bool:
    """Whether a word is neither a past form nor one in "-ing"."""
    return not word.endswith(("ed", "ing")) and not cues.is_irregular(word)


def _plain(text: str) -> str:
    """A word in small letters; one that is shortened before "n't" is written out."""
    small = text.casefold()
    return text if text in _MONTHS else _SHORTENED.get(small, small)


def _before(words: Sequence[Word], at: int) -> str:
    """The word before, without adverbs and without "not"."""
    while at and (words[at - 1].text.endswith("ly") or words[at - 1].text in ("not", "also")):
        at -= 1
    return words[at - 1].text if at else ""


def _noun_use(words: Sequence[Word], at: int) -> float:
    near = [word.text for word in words[max(0, at - _CARRIED) : at]]
    if _CARRYING.intersection(near):
        return _FINITE
    return _SHADED if _BACKGROUND.intersection(near[-2:]) else _NOUN

"""Which codes a few words may mean: by the table of cues first, then by names and glosses.

A code whose name says the word under another one that turns it around ("ease … embargo", "refuse
to …") is an opposite: it is never found first, and never alone.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from tracker.domain.codebooks import CODEBOOKS
from tracker.domain.codes import PLOVER, SPEECH, Code
from tracker.domain.facts import rows


class Rank(IntEnum):
    """How near a code is to what was typed; the smallest is the nearest."""

    EXACT = 0  # a cue, with its object if it has one
    SHORTENED = 1  # the beginnings of an event and its mode: "sanc disc"
    WITHIN = 2  # a cue and its object, among other words
    NARROWER = 3  # a cue, of an object that is not said
    BEGUN = 4  # the beginning of a cue
    AMONG = 5  # a cue among other words
    NAMED = 6  # the words of the code's name
    OBJECT = 7  # the object of a cue that is not said
    GLOSSED = 8  # the words of its gloss
    OPPOSITE = 9  # the words of its name, turned around


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A code that may be meant."""

    code: Code
    rank: Rank
    gloss: str
    example: str


@dataclass(frozen=True, slots=True)
class _Cue:
    """A row of the table, as words and as their stems."""

    text: str
    cue: tuple[str, ...]
    object: tuple[str, ...]
    code: Code
    example: str


@dataclass(frozen=True, slots=True)
class _Text:
    """Words in their order, and the stem of each."""

    words: tuple[str, ...]
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    code: Code
    name: _Text
    gloss: _Text


_EMPTY_WORDS = frozenset({"a", "an", "the", "of", "for", "to", "on", "in", "by", "or", "and", "as"})
_TURNING = (
    "accede appeal ask call cancel cut de decline demand deny ease end express halt"
    " intent lift oppose reduce refuse reject relax remove request stop suspend threaten violate"
    " yield"
)
_SHORTEST_STEM = 3
_IRREGULAR = {
    "broke": "break",
    "broken": "break",
    "fought": "fight",
    "froze": "freeze",
    "frozen": "freeze",
    "left": "leave",
    "met": "meet",
    "shot": "shoot",
    "sold": "sell",
    "struck": "strike",
    "withdrawal": "withdraw",
    "withdrawn": "withdraw",
    "withdrew": "withdraw",
}


def search(said: str) -> list[Hit]:
    """Give the codes that a few words may mean, each once: those of PLOVER, then those of other
    codebooks, each list with the likeliest first."""
    text = said.casefold().strip()
    if exact := _by_code(text):
        return exact
    words = _text(text)
    if not words.words:
        return []
    plover = _of_plover(words)
    others = _of_others(words, like=plover[0].code if plover else None)
    found = plover + others
    return found if found and found[0].rank < Rank.OPPOSITE else []


def gloss_of(code: Code) -> tuple[str, str]:
    """What a code means in plain words, and an example, where we have them."""
    row = _glosses().get(code.code)
    return (row["gloss"], row["example"]) if row else ("", "")


def stem(word: str) -> str:
    """A word without its ending, so that "expelled" and "expels" are "expel"."""
    word = _without(_IRREGULAR.get(word, word), ("ing", "ed", "es", "s", "e"))
    word = _without(word, ("ion",))
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2]:
        word = word[:-1]
    return f"{word[:-1]}i" if word.endswith("y") else word


def _without(word: str, endings: Iterable[str]) -> str:
    shorter = (word.removesuffix(ending) for ending in endings if word.endswith(ending))
    return next((stem_ for stem_ in shorter if len(stem_) >= _SHORTEST_STEM), word)


def _by_code(text: str) -> list[Hit]:
    """What begins with a code that is typed as such, with or without its codebook."""
    if "/" not in text and not text.isdecimal():
        return []
    found = [code for code in _codes() if _begins(code, text)]
    exact = [code for code in found if text in (code.code.casefold(), _short(code))]
    return [_hit(code, Rank.EXACT) for code in exact or found]


def _begins(code: Code, text: str) -> bool:
    return code.code.casefold().startswith(text) or _short(code).startswith(text)


def _short(code: Code) -> str:
    return "/".join(code.parts).casefold()


def _of_plover(words: _Text) -> list[Hit]:
    found = [*_by_cue(words), *_by_name(words, PLOVER)]
    return _each_once(sorted(found, key=lambda one: one.rank))


def _of_others(words: _Text, *, like: Code | None) -> list[Hit]:
    """By name, then those that are mapped to the likeliest code of PLOVER, then the opposites."""
    named = [hit for scheme in CODEBOOKS if scheme != PLOVER for hit in _by_name(words, scheme)]
    mapped = [
        _hit(code, Rank.GLOSSED)
        for code in _codes()
        if like and code.scheme != PLOVER and code.plover == like.code
    ]
    return _each_once(sorted([*named, *mapped], key=lambda one: one.rank))


def _each_once(hits: Iterable[Hit]) -> list[Hit]:
    found: dict[str, Hit] = {}
    for hit in hits:
        found.setdefault(hit.code.code, hit)
    return list(found.values())


def _by_cue(words: _Text) -> list[Hit]:
    """Those that fit alike stand as in the table."""
    ranked = [(_rank(cue, words), cue) for cue in _cues()]
    found = [(_order(rank, cue), rank, cue) for rank, cue in ranked if rank is not None]
    return [
        Hit(code=cue.code, rank=rank, gloss=gloss_of(cue.code)[0], example=cue.example)
        for _, rank, cue in sorted(found, key=lambda each: each[0])
    ]


def _order(rank: Rank, cue: _Cue) -> tuple[int, ...]:
    """Of several cues among other words the longest counts, then what is said of an act: "condemn
    the attack" condemns."""
    among = rank is Rank.AMONG
    return (rank, -len(cue.cue) * among, among and cue.code.event not in SPEECH)


def _rank(cue: _Cue, said: _Text) -> Rank | None:
    stems = said.stems
    if stems == cue.cue:
        return Rank.NARROWER if cue.object else Rank.EXACT
    if sorted(stems) == sorted(cue.cue + cue.object):
        return Rank.EXACT
    rest = set(stems).difference(cue.cue, cue.object)
    if len(rest) + len({*cue.cue, *cue.object}) == len(set(stems)):
        if rest & _turning() and not _turning().intersection(cue.cue):
            return Rank.OPPOSITE
        return Rank.WITHIN if cue.object else Rank.AMONG
    if stems == cue.object:
        return Rank.OBJECT
    return Rank.BEGUN if cue.text.startswith(" ".join(said.words)) else None


def _by_name(said: _Text, scheme: str) -> list[Hit]:
    """Those that are called so, whole words before beginnings of words; then by gloss."""
    ranked = [
        (_named(entry, said), entry.code) for entry in _names() if entry.code.scheme == scheme
    ]
    found = [(key, code) for key, code in ranked if key is not None]
    return [_hit(code, rank) for (rank, _), code in sorted(found, key=lambda pair: pair[0])]


def _named(one: _Named, said: _Text) -> tuple[Rank, bool] | None:
    """How near a code is by its name or its gloss, and whether a word of it is only begun."""
    if one.code.scheme == PLOVER and _shortens(said.words, one.name.words):
        return Rank.SHORTENED, False
    if place := _first_place(said.words, one.name.words, str.startswith):
        if _turned(said, one.name.stems[: place - 1]):
            return Rank.OPPOSITE, False
        return Rank.NAMED, not _first_place(said.stems, one.name.stems, str.__eq__)
    place = _first_place(said.stems, one.gloss.stems, str.__eq__)
    return (
        None if not place or _turned(said, one.gloss.stems[: place - 1]) else (Rank.GLOSSED, False)
    )


def _first_place(said: Iterable[str], text: Sequence[str], same: Callable[[str, str], bool]) -> int:
    """The place of the first of some words in a text, from 1 on; 0 unless all are in it."""
    first = 0
    for word in said:
        place = next((place for place, it in enumerate(text, start=1) if same(it, word)), 0)
        if not place:
            return 0
        first = min(first or place, place)
    return first


def _shortens(words: Sequence[str], name: Sequence[str]) -> bool:
    """Whether each of several words begins one of the name, in its order, from its first on."""
    if len(words) == 1 or not name[0].startswith(words[0]):
        return False
    rest = iter(name[1:])
    return all(any(part.startswith(word) for part in rest) for word in words[1:])


def _turned(said: _Text, before: Iterable[str]) -> bool:
    """Whether a word that nobody typed turns around what follows it."""
    return bool(_turning().intersection(before).difference(said.stems))


def _hit(code: Code, rank: Rank) -> Hit:
    gloss, example = gloss_of(code)
    return Hit(code=code, rank=rank, gloss=gloss, example=example)


def _words(text: str) -> tuple[str, ...]:
    found = re.findall(r"[^\W_]+", text.casefold())
    return tuple(word for word in found if word not in _EMPTY_WORDS) or tuple(found)


def _text(text: str) -> _Text:
    words = _words(text)
    return _Text(words, tuple(map(stem, words)))


@cache
def _turning() -> frozenset[str]:
    return frozenset(map(stem, _TURNING.split()))


@cache
def _codes() -> tuple[Code, ...]:
    return tuple(code for book in CODEBOOKS.values() for code in book.codes.values())


@cache
def _names() -> tuple[_Named, ...]:
    return tuple(_Named(code, _text(code.label), _text(gloss_of(code)[0])) for code in _codes())


@cache
def _cues() -> tuple[_Cue, ...]:
    by_code = {code.code: code for code in _codes()}
    return tuple(
        _Cue(
            text=" ".join(_words(f"{row['cue']} {row['object']}")),
            cue=tuple(map(stem, _words(row["cue"]))),
            object=tuple(map(stem, _words(row["object"]))),
            code=by_code[row["code"]],
            example=row["example"],
        )
        for row in rows("cues")
    )


@cache
def _glosses() -> dict[str, dict[str, str]]:
    return {
        "/".join(filter(None, (PLOVER, row["event"], row["mode"]))): row
        for row in rows("plover_glosses")
    }

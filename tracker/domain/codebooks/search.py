"""Code search: which codes a few words may mean. The table of cues comes first, then names and
glosses.

A code is an opposite if its name contains the word after one that reverses it ("ease … embargo",
"refuse to …"). An opposite is never the first result, and never the only one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from tracker.domain.codebooks import CODEBOOKS, cues
from tracker.domain.codes import PLOVER, SPEECH, Code
from tracker.domain.facts import rows


class Rank(IntEnum):
    """How well a code matches the query; the smallest is the best."""

    EXACT = 0  # a cue, with its object if it has one
    ABBREVIATED = 1  # the beginnings of an event and its mode: "sanc disc"
    WITHIN = 2  # a cue and its object, among other words
    NARROWER = 3  # a cue without its object
    PREFIX = 4  # the beginning of a cue
    AMONG = 5  # a cue among other words
    NAME = 6  # the words of the code's name
    OBJECT = 7  # the object of a cue without the cue
    GLOSS = 8  # the words of its gloss
    OPPOSITE = 9  # the words of its name, reversed


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A code that the query may mean."""

    code: Code
    rank: Rank
    gloss: str
    example: str


@dataclass(frozen=True, slots=True)
class _Text:
    """Words in order, and the stem of each."""

    words: tuple[str, ...]
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _CodeText:
    """The name and the gloss of a code."""

    code: Code
    name: _Text
    gloss: _Text


_REVERSING = (
    "accede appeal ask call cancel cut de decline demand deny ease end express halt"
    " intent lift oppose reduce refuse reject relax remove request stop suspend threaten violate"
    " yield"
)


def search(query: str, extra: tuple[cues.CueRow, ...] = ()) -> list[Hit]:
    """Return the codes that a few words may mean, each once: those of PLOVER, then those of other
    codebooks, each list with the best match first. `extra` are rows that the desk adds to the table
    of cues.

    :raises UnknownCode: if a row of `extra` has a code that does not exist.
    """
    text = query.casefold().strip()
    if exact := _by_code(text):
        return exact
    words = _text(text)
    if not words.words:
        return []
    plover = _in_plover(words, extra)
    others = _in_other_codebooks(words, like=plover[0].code if plover else None)
    hits = plover + others
    return hits if hits and hits[0].rank < Rank.OPPOSITE else []


def names_act(text: str) -> bool:
    """Return whether an English text has a word of the table of cues, or one that begins with it,
    such as "agreement"."""
    stems = _text(text).stems
    begin, among = _beginnings()
    return any(stem.startswith(begin) for stem in stems) or any(
        cue.issubset(stems) for cue in among
    )


def gloss_of(code: Code) -> tuple[str, str]:
    """Return the meaning of a code in plain words, and an example; empty if there is none."""
    row = _glosses().get(code.code)
    return (row["gloss"], row["example"]) if row else ("", "")


def _by_code(text: str) -> list[Hit]:
    """Codes that begin with the query, with or without their codebook."""
    if "/" not in text and not text.isdecimal():
        return []
    codes = [code for code in _codes() if _begins(code, text)]
    exact = [code for code in codes if text in (code.code.casefold(), _short(code))]
    return [_hit(code, Rank.EXACT) for code in exact or codes]


def _begins(code: Code, text: str) -> bool:
    return code.code.casefold().startswith(text) or _short(code).startswith(text)


def _short(code: Code) -> str:
    return "/".join(code.parts).casefold()


def _in_plover(words: _Text, extra: tuple[cues.CueRow, ...]) -> list[Hit]:
    hits = [*_by_cue(words, extra), *_by_name(words, PLOVER)]
    return _unique(sorted(hits, key=lambda hit: hit.rank))


def _in_other_codebooks(words: _Text, *, like: Code | None) -> list[Hit]:
    """By name, then codes mapped to the best PLOVER code, then opposites."""
    named = [hit for scheme in CODEBOOKS if scheme != PLOVER for hit in _by_name(words, scheme)]
    mapped = [
        _hit(code, Rank.GLOSS)
        for code in _codes()
        if like and code.scheme != PLOVER and code.plover == like.code
    ]
    return _unique(sorted([*named, *mapped], key=lambda hit: hit.rank))


def _unique(hits: Iterable[Hit]) -> list[Hit]:
    by_code: dict[str, Hit] = {}
    for hit in hits:
        by_code.setdefault(hit.code.code, hit)
    return list(by_code.values())


def _by_cue(words: _Text, extra: tuple[cues.CueRow, ...]) -> list[Hit]:
    """Equal matches keep the order of the table."""
    ranked = [(_rank(cue, words), cue) for cue in cues.table(extra)]
    ordered = [(_order(rank, cue), rank, cue) for rank, cue in ranked if rank is not None]
    return [
        _hit(cue.code, rank, cue.example)
        for _, rank, cue in sorted(ordered, key=lambda each: each[0])
    ]


def _order(rank: Rank, cue: cues.Cue) -> tuple[int, ...]:
    """Among cues with other words around, the longest is first, then codes of speech: "condemn the
    attack" is a condemnation.
    """
    among = rank is Rank.AMONG
    return (rank, -len(cue.cue) * among, among and cue.code.event not in SPEECH)


def _rank(cue: cues.Cue, query: _Text) -> Rank | None:
    stems = query.stems
    if stems == cue.cue:
        return Rank.NARROWER if cue.object else Rank.EXACT
    if sorted(stems) == sorted(cue.cue + cue.object):
        return Rank.EXACT
    rest = set(stems).difference(cue.cue, cue.object)
    if len(rest) + len({*cue.cue, *cue.object}) == len(set(stems)):
        if rest & _reversing_stems() and not _reversing_stems().intersection(cue.cue):
            return Rank.OPPOSITE
        return Rank.WITHIN if cue.object else Rank.AMONG
    if stems == cue.object:
        return Rank.OPPOSITE if _reversing_stems().intersection(cue.cue) else Rank.OBJECT
    return Rank.PREFIX if cue.text.startswith(" ".join(query.words)) else None


def _by_name(query: _Text, scheme: str) -> list[Hit]:
    """Codes with the query in their name, whole words before beginnings of words, then by gloss."""
    ranked = [
        (_rank_by_text(entry, query), entry.code)
        for entry in _names()
        if entry.code.scheme == scheme
    ]
    matches = [(key, code) for key, code in ranked if key is not None]
    return [_hit(code, rank) for (rank, _), code in sorted(matches, key=lambda pair: pair[0])]


def _rank_by_text(entry: _CodeText, query: _Text) -> tuple[Rank, bool] | None:
    """The rank of a code by its name or gloss, and whether some word matches only as a prefix."""
    if entry.code.scheme == PLOVER and _abbreviates(query.words, entry.name.words):
        return Rank.ABBREVIATED, False
    if place := _first_place(query.words, entry.name.words, str.startswith):
        if _is_reversed(query, entry.name.stems[: place - 1]):
            return Rank.OPPOSITE, False
        return Rank.NAME, not _first_place(query.stems, entry.name.stems, str.__eq__)
    place = _first_place(query.stems, entry.gloss.stems, str.__eq__)
    return (
        None
        if not place or _is_reversed(query, entry.gloss.stems[: place - 1])
        else (Rank.GLOSS, False)
    )


def _first_place(
    query: Iterable[str], text: Sequence[str], same: Callable[[str, str], bool]
) -> int:
    """The position of the first query word in a text, from 1; 0 unless all words are in it."""
    first = 0
    for word in query:
        place = next(
            (place for place, text_word in enumerate(text, start=1) if same(text_word, word)), 0
        )
        if not place:
            return 0
        first = min(first or place, place)
    return first


def _abbreviates(words: Sequence[str], name: Sequence[str]) -> bool:
    """Whether the words begin words of the name, in order, starting at the first."""
    if len(words) == 1 or not name[0].startswith(words[0]):
        return False
    rest = iter(name[1:])
    return all(any(part.startswith(word) for part in rest) for word in words[1:])


def _is_reversed(query: _Text, before: Iterable[str]) -> bool:
    """Whether a word that is not in the query reverses what follows it."""
    return bool(_reversing_stems().intersection(before).difference(query.stems))


def _hit(code: Code, rank: Rank, example: str = "") -> Hit:
    gloss, usual = gloss_of(code)
    return Hit(code=code, rank=rank, gloss=gloss, example=example or usual)


def _text(text: str) -> _Text:
    words = cues.words(text)
    return _Text(words, tuple(map(cues.stem, words)))


@cache
def _reversing_stems() -> frozenset[str]:
    return frozenset(map(cues.stem, _REVERSING.split()))


@cache
def _codes() -> tuple[Code, ...]:
    return tuple(code for book in CODEBOOKS.values() for code in book.codes.values())


@cache
def _names() -> tuple[_CodeText, ...]:
    return tuple(_CodeText(code, _text(code.label), _text(gloss_of(code)[0])) for code in _codes())


@cache
def _beginnings() -> tuple[tuple[str, ...], tuple[frozenset[str], ...]]:
    """The cues of one word that is long enough to begin others, and the words of all other rows:
    "give" names no act without its object."""
    table = cues.table()
    plain = {cue.cue for cue in table if not cue.object}
    long = {cue for cue in plain if len(cue) == 1 and len(cue[0]) > cues.SHORTEST_STEM}
    others = {frozenset({*cue.cue, *cue.object}) for cue in table if cue.cue not in long}
    return tuple(stem for (stem,) in long), tuple(others)


@cache
def _glosses() -> dict[str, dict[str, str]]:
    return {
        "/".join(filter(None, (PLOVER, row["event"], row["mode"]))): row
        for row in rows("plover_glosses")
    }

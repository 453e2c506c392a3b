"""Where in a clause the cues of the table are, and how much each place says."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from tracker.domain.codebooks import cues
from tracker.domain.codebooks.cues import Cue, CueRow
from tracker.domain.facts import rows
from tracker.domain.reading.clause_words import Word, use

_FURTHEST_OBJECT = 8
_NEAREST_BEFORE = 4
_GAP = 2

_PARTICLE_GAP = 5
_PARTICLE_WORDS = "aside away back down home off out over up"
_PARTICLES = frozenset(map(cues.stem, _PARTICLE_WORDS.split()))

_AFTER_PARTICLES = frozenset(
    {"again", "and", "at", "by", "from", "home", "in", "into", "next", "on", "then", "to", "when"}
)

_OBJECTLESS = 0.8
_SIMILAR = 0.9
_BESIDE_OBJECT = 0.35


class Place(NamedTuple):
    """A cue in a clause: the words from `first` to `last`, and how much it says, from 0 to 1.

    `object`: the object of the row, else the nearest noun after the cue that is an object of some
    row, else empty.
    """

    cue: Cue
    first: int
    last: int
    object: str
    weight: float


def places(words: Sequence[Word], extra: tuple[CueRow, ...] = ()) -> list[Place]:
    """Return the cues in a clause, in order; at one place every row that matches. An extra row
    replaces those of the table with its cue and object."""
    table = _by_first_stem(extra)
    found: list[Place] = []
    for first, word in enumerate(words):
        if word.stem in table and not _is_particle(words, first):
            here = _Here(words, first)
            found += _most_specific(list(filter(None, map(here.place, table[word.stem]))))
    return found


def _is_particle(words: Sequence[Word], at: int) -> bool:
    """Whether a word is the "back" of "sent it back", which supports nobody."""
    if words[at].text != "back":
        return False
    after = words[at + 1].text if at + 1 < len(words) else ""
    return not after or after in _AFTER_PARTICLES


class _Here:
    """A word of a clause that begins some cues, and the words around it."""

    def __init__(self, words: Sequence[Word], first: int):
        self._words, self._first = words, first
        self._use = use(words, first)
        self._around: dict[int, frozenset[str]] = {}

    def place(self, cue: Cue) -> Place | None:
        """The place of a cue that begins here, if its words and its object are there."""
        words, first = self._words, self._first
        last = _last(words, first, cue.phrase)
        fit = 0.0 if last is None else self._fit(last, cue)
        if last is None or not fit:
            return None
        noun = cue.row.object or _nearest_object(words, last)
        return Place(cue, first, last, noun, self._use * fit)

    def _fit(self, last: int, cue: Cue) -> float:
        """How well a row fits: with its object, with a word of the same family, or without an
        object; 0 if its object is missing."""
        if not cue.object:
            return _OBJECTLESS
        around = self._stems(last)
        if around.issuperset(cue.object):
            return 1.0
        families = _families()
        similar = all(not around.isdisjoint(families.get(stem, ())) for stem in cue.object)
        return _SIMILAR if similar else 0.0

    def _stems(self, last: int) -> frozenset[str]:
        if last not in self._around:
            words, first = self._words, self._first
            before = words[max(0, first - _NEAREST_BEFORE) : first]
            after = words[first + 1 : last + 1 + _FURTHEST_OBJECT]
            self._around[last] = frozenset(word.stem for word in (*before, *after))
        return self._around[last]


def _last(words: Sequence[Word], first: int, phrase: tuple[str, ...]) -> int | None:
    """Where a cue ends: its words in order, with a few others in between; more of them before
    "out", "home" and the like."""
    at = first
    for stem in phrase[1:]:
        gap = _PARTICLE_GAP if stem in _PARTICLES else _GAP
        near = range(at + 1, min(at + 2 + gap, len(words)))
        found = next((place for place in near if words[place].stem == stem), None)
        if found is None:
            return None
        at = found
    return at


def _nearest_object(words: Sequence[Word], last: int) -> str:
    known = _objects()
    after = words[last + 1 : last + 1 + _FURTHEST_OBJECT]
    return next((known[word.stem] for word in after if word.stem in known), "")


def _most_specific(here: list[Place]) -> list[Place]:
    """The best row for each code. Rows whose object was found weaken the rows of the same cue
    without one, and a longer cue replaces those that are part of it."""
    longest = max((len(place.cue.phrase) for place in here), default=0)
    with_object = any(place.cue.object for place in here)
    best: dict[str, Place] = {}
    for place in here:
        code, weight = place.cue.row.code, place.weight
        if not place.cue.object:
            if len(place.cue.phrase) < longest:
                continue
            weight *= _BESIDE_OBJECT if with_object else 1
        if code not in best or best[code].weight < weight:
            best[code] = place._replace(weight=weight)
    return list(best.values())


@lru_cache(maxsize=8)
def _by_first_stem(extra: tuple[CueRow, ...]) -> Mapping[str, Sequence[Cue]]:
    by_stem: dict[str, list[Cue]] = {}
    for cue in cues.table(extra):
        by_stem.setdefault(cue.phrase[0], []).append(cue)
    return by_stem


@cache
def _objects() -> Mapping[str, str]:
    """The objects of one word that some row has, by stem."""
    return {cue.object[0]: cue.row.object for cue in cues.table() if len(cue.object) == 1}


@cache
def _families() -> Mapping[str, frozenset[str]]:
    """The stems that stand for one another as objects, by stem."""
    members: dict[str, set[str]] = {}
    for row in rows("cue_objects"):
        members.setdefault(row["family"], set()).add(cues.stem(row["word"]))
    by_stem: dict[str, set[str]] = {}
    for family in members.values():
        for stem in family:
            by_stem.setdefault(stem, set()).update(family)
    return {stem: frozenset(family) for stem, family in by_stem.items()}

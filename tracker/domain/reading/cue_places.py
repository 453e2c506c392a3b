"""Where in a clause the cues of the table are, and how much each place says."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from tracker.domain.codebooks import cues
from tracker.domain.codebooks.cues import Cue, CueRow
from tracker.domain.reading.clause_words import Word, use

_FURTHEST_OBJECT = 8
_NEAREST_BEFORE = 4
_GAP = 2

_OBJECTLESS = 0.8
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
        here = [_place(words, first, cue) for cue in table.get(word.stem, ())]
        found += _most_specific([place for place in here if place])
    return found


def _place(words: Sequence[Word], first: int, cue: Cue) -> Place | None:
    last = _last(words, first, cue.phrase)
    if last is None or not _has_object(words, first, last, cue):
        return None
    weight = use(words, first) * (1.0 if cue.object else _OBJECTLESS)
    said = cue.row.object or _nearest_object(words, last)
    return Place(cue, first, last, said, weight)


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
        if place.cue.object or len(place.cue.phrase) == longest
    ]


@lru_cache(maxsize=8)
def _by_first_stem(extra: tuple[CueRow, ...]) -> Mapping[str, Sequence[Cue]]:
    own = [cues.read(row) for row in extra]
    replaced = {(cue.phrase, cue.object) for cue in own}
    rest = (cue for cue in cues.table() if (cue.phrase, cue.object) not in replaced)
    by_stem: dict[str, list[Cue]] = {}
    for cue in (*own, *rest):
        by_stem.setdefault(cue.phrase[0], []).append(cue)
    return by_stem


@cache
def _objects() -> Mapping[str, str]:
    """The objects of one word that some row has, by stem."""
    return {cue.object[0]: cue.row.object for cue in cues.table() if len(cue.object) == 1}

"""Words that change what a cue in their reach means: "lifted sanctions", "refused to attack".

The words are in `fixtures/reference/cue_frames.csv`, what they make of a cue in `cue_turns.csv`. A
cue for speech (agree, request, reject, threaten, accuse) has such a reach too.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from tracker.domain.codebooks import cues
from tracker.domain.codes import PLOVER, SPEECH
from tracker.domain.facts import rows
from tracker.domain.reading.cue_places import Place, Word

_REACH = 12
# Where the reach of a word ends.
_BORDERS = frozenset(
    [
        "after",
        "although",
        "as",
        "because",
        "before",
        "but",
        "despite",
        "following",
        "if",
        "since",
        "though",
        "unless",
        "until",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whose",
    ]
)
_GOVERNED = 0.3
_DIRECT = 3


class Frame(NamedTuple):
    """What governs a cue: `absent`, `future`, `end`, or the PLOVER event of a cue for speech.

    `at`: the place of its last word.
    """

    kind: str
    at: int


class Turned(NamedTuple):
    """What a cue is evidence for, after the words around it. `code` may be empty: for nothing."""

    place: Place
    code: str
    weight: float
    frame: str


def turned(words: Sequence[Word], found: Sequence[Place]) -> list[Turned]:
    """Return what each cue means after its frame: the cue weakened, and the code that both give."""
    frames = _frames(words, found)
    return [one for place in found for one in _turn(words, place, frames)]


def _turn(words: Sequence[Word], place: Place, frames: Sequence[Frame]) -> list[Turned]:
    code = place.cue.row.code
    frame = _governing(words, place, frames)
    if frame is None:
        return [Turned(place, code, place.weight, "")]
    if frame.kind == "absent":
        return []
    event = place.cue.code.event
    weak = Turned(place, code, place.weight * _GOVERNED, frame.kind)
    if other := _turns().get((frame.kind, event)):
        return [weak, Turned(place, other, max(place.weight, 0.8), frame.kind)]
    return [weak if event != frame.kind else Turned(place, code, place.weight, "")]


def _governing(words: Sequence[Word], place: Place, frames: Sequence[Frame]) -> Frame | None:
    """The first frame in whose reach a cue is; "absent" goes before all."""
    reaching = [
        frame
        for frame in frames
        if 0 < place.first - frame.at <= _REACH
        and not _BORDERS.intersection(word.text for word in words[frame.at + 1 : place.first])
        and not (frame.kind == "end" and place.cue.object)
    ]
    absent = [one for one in reaching if one.kind == "absent" and place.first - one.at <= _DIRECT]
    others = [one for one in reaching if one.kind != "absent"]
    return next(iter([*absent, *others]), None)


def _frames(words: Sequence[Word], found: Sequence[Place]) -> list[Frame]:
    listed = [frame for at in range(len(words)) for frame in _listed(words, at)]
    spoken = [
        Frame(place.cue.code.event, place.last)
        for place in found
        if place.cue.code.event in SPEECH and place.weight > 0
    ]
    return sorted({*listed, *spoken}, key=lambda frame: frame.at)


def _listed(words: Sequence[Word], at: int) -> list[Frame]:
    return [
        Frame(kind, at + len(phrase) - 1)
        for phrase, kind in _phrases().get(words[at].stem, ())
        if tuple(word.stem for word in words[at : at + len(phrase)]) == phrase
    ]


@cache
def _phrases() -> Mapping[str, Sequence[tuple[tuple[str, ...], str]]]:
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for row in rows("cue_frames"):
        phrase = tuple(map(cues.stem, row["words"].split()))
        by_first.setdefault(phrase[0], []).append((phrase, row["frame"]))
    return by_first


@cache
def _turns() -> Mapping[tuple[str, str], str]:
    return {(row["frame"], row["event"]): row["code"] for row in rows("cue_turns")}


def short(code: str) -> str:
    """Return a code of PLOVER without its scheme: "SANCTION/discontinue"."""
    return code.removeprefix(f"{PLOVER}/")

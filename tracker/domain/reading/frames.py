"""Words that change what a cue in their reach means: "lifted sanctions", "refused to attack".

`fixtures/reference/cue_frames.csv` lists such words, `cue_turns.csv` what they make of the cues of
an event. A cue for speech (agree, request, reject, threaten, accuse, support) is such a word too. A
cue in the reach of "not" or "stopped short of" is no evidence.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from tracker.domain.codebooks import cues
from tracker.domain.codes import SPEECH
from tracker.domain.facts import rows
from tracker.domain.reading.clause_words import Evidence, Word, begins_act
from tracker.domain.reading.cue_places import Place

ABSENT, _END, _REFUSED = "absent", "end", "REJECT"
_REACH = 12
_REACH_OF_ABSENT = 3
# Where the reach of a word ends.
_BORDER_WORDS = (
    "after although as because before but despite following if since though unless until when where"
    " which while who whose"
)
_BORDERS = frozenset(_BORDER_WORDS.split())
# What is left of a cue in the reach of another word, and of a word that turned a cue.
_GOVERNED, _SPENT = 0.3, 0.6
_LEAST_TURNED = 0.8


class Frame(NamedTuple):
    """A word that governs cues: `absent`, `future`, `end`, or the PLOVER event of a cue for speech.

    `text` is as in its table; `first` and `last` are the places of its words.
    """

    kind: str
    text: str
    first: int
    last: int


def turned(words: Sequence[Word], found: Sequence[Place]) -> list[Evidence]:
    """Return what each cue says after the words that govern it: itself, weaker, and the code that
    both give. The first word that reaches a cue governs it; "not" goes before all. A word turns the
    first cue that it reaches, unless a row of the table has both as cue and object."""
    spoken = {
        Frame(place.cue.code.event, place.cue.row.cue, place.first, place.last)
        for place in found
        if place.cue.code.event in SPEECH
    }
    frames = sorted({*_listed(words), *spoken}, key=lambda frame: frame.last)
    governed = [(place, _governing(words, place, frames)) for place in found]
    settled = {(at.last, stem) for at in found for stem in at.cue.object}
    nearest: dict[Frame, int] = {}
    for place, frame in governed:
        if frame and (frame.last, words[place.first].stem) not in settled:
            nearest.setdefault(frame, place.first)
    evidence = [
        one
        for place, frame in governed
        for one in _evidence(place, frame, turns=frame and nearest.get(frame) == place.first)
    ]
    spent = {one.last for one in evidence if one.turned}
    return [
        one._replace(weight=one.weight * _SPENT) if one.last in spent and not one.turned else one
        for one in evidence
    ]


def without_absent(words: Sequence[Word], evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return evidence without what is in the reach of "not" or "will not", unless its own words
    contain it."""
    frames = [frame for frame in _listed(words) if frame.kind in (ABSENT, _REFUSED)]
    return [
        one
        for one in evidence
        if "not" in one.because.split()
        or not any(_reaches(words, frame, one.first) for frame in frames)
    ]


def _evidence(place: Place, frame: Frame | None, *, turns: bool | None) -> list[Evidence]:
    """`turns`: whether the cue is the first one that the frame reaches."""
    row, event = place.cue.row, place.cue.code.event
    plain = Evidence(
        row.code, place.weight, row.cue, place.object, place.first, place.last, row.object
    )
    if frame is None or frame.kind == event:
        return [plain]
    code = _turns().get((frame.kind, event), "")
    if frame.kind == ABSENT or (frame.kind == _REFUSED and not code):
        return []
    weak = plain._replace(weight=place.weight * _GOVERNED)
    if not (code and turns):
        return [weak]
    weight = max(place.weight, _LEAST_TURNED)
    return [
        weak,
        Evidence(code, weight, frame.text, row.cue, frame.first, frame.last, row.cue, turned=True),
    ]


def _governing(words: Sequence[Word], place: Place, frames: Sequence[Frame]) -> Frame | None:
    if begins_act(words, place.first):
        frames = [frame for frame in frames if frame.kind == ABSENT]
    reaching = [frame for frame in frames if _reaches(words, frame, place.first)]
    absent = (frame for frame in reaching if frame.kind == ABSENT)
    return next(absent, next(iter(reaching), None))


def _reaches(words: Sequence[Word], frame: Frame, at: int) -> bool:
    """Whether a word reaches a cue. "Short of" reaches the "stop" that is part of it."""
    if frame.kind == ABSENT and frame.first <= at <= frame.last:
        return True
    reach = _REACH_OF_ABSENT if frame.kind == ABSENT else _REACH
    borders = _BORDERS | {"and"} if frame.kind == _END else _BORDERS
    between = words[frame.last + 1 : at]
    return 0 < at - frame.last <= reach and not any(word.text in borders for word in between)


def _listed(words: Sequence[Word]) -> list[Frame]:
    """The words of the table; "will not" is neither "will" nor "not"."""
    result: list[Frame] = []
    at = 0
    while at < len(words):
        length, kind, text = _longest(words, at)
        if kind:
            result.append(Frame(kind, text, at, at + length - 1))
        at += length
    return result


def _longest(words: Sequence[Word], at: int) -> tuple[int, str, str]:
    here = tuple(word.stem for word in words[at : at + 3])
    fitting = [
        (len(phrase), kind, text)
        for phrase, kind, text in _phrases().get(here[0], ())
        if here[: len(phrase)] == phrase
    ]
    return max(fitting, default=(1, "", ""))


@cache
def _phrases() -> Mapping[str, Sequence[tuple[tuple[str, ...], str, str]]]:
    by_first: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for row in rows("cue_frames"):
        phrase = tuple(map(cues.stem, row["words"].split()))
        by_first.setdefault(phrase[0], []).append((phrase, row["frame"], row["words"]))
    return by_first


@cache
def _turns() -> Mapping[tuple[str, str], str]:
    return {(row["frame"], row["event"]): row["code"] for row in rows("cue_turns")}

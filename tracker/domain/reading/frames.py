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
from tracker.domain.reading.clause_words import Evidence, Word
from tracker.domain.reading.cue_places import Place

ABSENT, _END = "absent", "end"
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

    `last`: the place of its last word.
    """

    kind: str
    last: int


def turned(words: Sequence[Word], found: Sequence[Place]) -> list[Evidence]:
    """Return what each cue says after the words that govern it: itself, weaker, and the code that
    both give."""
    frames = _frames(words, found)
    governed = [(place, _governing(words, place, frames)) for place in found]
    spent = {frame.last for place, frame in governed if frame and _code(frame, place)}
    return [
        one._replace(weight=one.weight * _SPENT) if one.last in spent and one.code == own else one
        for place, frame in governed
        for own in (place.cue.row.code,)
        for one in _evidence(place, frame)
    ]


def _evidence(place: Place, frame: Frame | None) -> list[Evidence]:
    row = place.cue.row
    plain = Evidence(row.code, place.weight, row.cue, place.object, place.first, place.last)
    if frame is None or frame.kind == place.cue.code.event:
        return [plain]
    if frame.kind == ABSENT:
        return []
    weak = plain._replace(weight=place.weight * _GOVERNED)
    code = _code(frame, place)
    strong = plain._replace(code=code, weight=max(place.weight, _LEAST_TURNED))
    return [weak, strong] if code else [weak]


def _code(frame: Frame, place: Place) -> str:
    return _turns().get((frame.kind, place.cue.code.event), "")


def _governing(words: Sequence[Word], place: Place, frames: Sequence[Frame]) -> Frame | None:
    """The first word in whose reach a cue is; "not" goes before all."""
    reaching = [frame for frame in frames if _reaches(words, frame, place)]
    absent = (frame for frame in reaching if frame.kind == ABSENT)
    return next(absent, next(iter(reaching), None))


def _reaches(words: Sequence[Word], frame: Frame, place: Place) -> bool:
    """A row of the table with "end" and its object has its own code."""
    reach = _REACH_OF_ABSENT if frame.kind == ABSENT else _REACH
    if not 0 < place.first - frame.last <= reach or (frame.kind == _END and place.cue.object):
        return False
    between = words[frame.last + 1 : place.first]
    return not any(word.text in _BORDERS for word in between)


def _frames(words: Sequence[Word], found: Sequence[Place]) -> list[Frame]:
    spoken = {
        Frame(place.cue.code.event, place.last) for place in found if place.cue.code.event in SPEECH
    }
    return sorted({*_listed(words), *spoken}, key=lambda frame: frame.last)


def _listed(words: Sequence[Word]) -> list[Frame]:
    """The words of the table; "will not" is neither "will" nor "not"."""
    result: list[Frame] = []
    at = 0
    while at < len(words):
        length, kind = _longest(words, at)
        if kind:
            result.append(Frame(kind, at + length - 1))
        at += length
    return result


def _longest(words: Sequence[Word], at: int) -> tuple[int, str]:
    here = tuple(word.stem for word in words[at : at + 3])
    fitting = [
        (len(phrase), kind)
        for phrase, kind in _phrases().get(here[0], ())
        if here[: len(phrase)] == phrase
    ]
    return max(fitting, default=(1, ""))


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

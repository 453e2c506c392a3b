"""Which codes a clause may have, best first, each with its reason.

Evidence, in this order: the table of cues with the words that turn a cue, then the desk's own
accepted claims. The result is a proposal to a person.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import islice
from math import prod
from typing import NamedTuple

from tracker.domain import codebooks
from tracker.domain.claims import Magnitude
from tracker.domain.codebooks import cues
from tracker.domain.codebooks.cues import CueRow
from tracker.domain.codes import PLOVER, SPEECH
from tracker.domain.facts import rows
from tracker.domain.reading import clause_words, cue_places
from tracker.domain.reading.clause_words import Evidence, Word, begins_act, is_passive
from tracker.domain.reading.cue_places import Place
from tracker.domain.reading.word_lists import pattern

# How often claims with a cue and an object had a code: (cue, object) -> code -> number.
Counts = Mapping[tuple[str, str], Mapping[str, int]]

_MOST, _FIRST = 9, 3
# A code without evidence, of an event that is like the best.
_NEIGHBOUR = 0.1
# A wrong code that one key accepts costs more than a choice that nobody needed.
_CLOSE = 0.85
_FAINT = 0.5
# The second cue of a clause says less than the first, the third less again.
_LATER = 0.85
# No single piece of evidence is certain.
_MOST_SURE = 0.95
# The table's code has as much weight as this many claims of the desk.
_TABLE_WEIGHT = 4


class CodeFound(NamedTuple):
    """A code that a clause may have.

    `score`: from 0 to 1. `cue` and `object` are as in the table of cues; `object` may be empty.
    `start` and `end` are where the cue's words are in the clause. `passive`: the initiator is after
    "by", and who is named first is the recipient. `why`: "sanctioned → SANCTION".
    """

    code: str
    score: float
    cue: str
    object: str
    start: int
    end: int
    passive: bool
    why: str


def ranked(
    clause: str, counts: Counts | None = None, cues: Sequence[CueRow] = ()
) -> tuple[CodeFound, ...]:
    """Return the codes that a clause may have, at most nine, each once: the best of each of the
    first three events, then the others, the best first.

    `cues` are rows that the desk adds to the table. With n claims on record for a cue and its
    object, of which m have a code, the code's share of the cue's weight is m/(n + 4), and that of
    the table's code (m + 4)/(n + 4).

    :raises UnknownCode: if a row of `cues` has a code that does not exist.
    """
    words = clause_words.split(clause)
    table = turned(words, cue_places.places(words, tuple(cues)))
    weighed = _by_position(_with_counts(table, counts or {}))
    best = sorted(_joined(clause, words, weighed), key=lambda found: -found.score)
    return tuple(_by_event(best)[:_MOST])


def with_neighbours(found: Sequence[CodeFound]) -> tuple[CodeFound, ...]:
    """Return codes that begin with three events: where there are fewer, those of the events that
    are most like the first follow."""
    events = {codebooks.find(one.code).event for one in found}
    if not found or len(events) >= _FIRST:
        return tuple(found)
    best = found[0]
    others = (
        best._replace(
            code=f"{PLOVER}/{event}",
            score=best.score * _NEIGHBOUR,
            cue="",
            object="",
            why=f"like {codebooks.find(best.code).event} → {event}",
        )
        for event in _neighbours()[codebooks.find(best.code).event]
        if event not in events
    )
    first, rest = found[: len(events)], found[len(events) :]
    return (*first, *islice(others, _FIRST - len(events)), *rest)[:_MOST]


@cache
def _neighbours() -> Mapping[str, Sequence[str]]:
    """The events that are most like an event, by event."""
    by_event: dict[str, list[str]] = {}
    for row in rows("event_neighbours"):
        by_event.setdefault(row["event"], []).append(row["neighbour"])
    return by_event


def _by_event(best: Sequence[CodeFound]) -> list[CodeFound]:
    """The best code of each of the first three events, then the others: the first keys are for what
    differs most."""
    first: dict[str, CodeFound] = {}
    for one in best:
        if len(first) < _FIRST:
            first.setdefault(codebooks.find(one.code).event, one)
    return [*first.values(), *(one for one in best if one not in first.values())]


def is_close(found: Sequence[CodeFound]) -> bool:
    """Return whether no code may be preselected, since the first says little or the second nearly
    as much."""
    faint = bool(found) and found[0].score < _FAINT
    return faint or any(one.score >= found[0].score * _CLOSE for one in found[1:])


def _with_counts(evidence: Sequence[Evidence], counts: Counts) -> list[Evidence]:
    """Add the codes that the desk gave to claims with the same cue and object."""
    result = []
    for one in evidence:
        by_code = counts.get((one.cue, one.object), {})
        total = sum(by_code.values()) + _TABLE_WEIGHT
        shares = {code: number / total for code, number in by_code.items()}
        shares[one.code] = shares.get(one.code, 0.0) + _TABLE_WEIGHT / total
        result += [one._replace(code=code, weight=one.weight * shares[code]) for code in shares]
    return result


def _by_position(evidence: Sequence[Evidence]) -> list[Evidence]:
    order = {first: rank for rank, first in enumerate(sorted({one.first for one in evidence}))}
    return [
        one._replace(weight=min(one.weight, _MOST_SURE) * _LATER ** order[one.first])
        for one in evidence
    ]


def _joined(
    clause: str, words: Sequence[Word], evidence: Sequence[Evidence]
) -> Iterator[CodeFound]:
    """Evidence for one code adds up as independent chances; the best is its reason."""
    by_code: dict[str, list[Evidence]] = {}
    for one in evidence:
        by_code.setdefault(one.code, []).append(one)
    for code, all_of_it in by_code.items():
        best = max(all_of_it, key=lambda one: one.weight)
        start, end = words[best.first].start, words[best.last].end
        yield CodeFound(
            code=code,
            score=1 - prod(1 - one.weight for one in all_of_it),
            cue=best.cue,
            object=best.object,
            start=start,
            end=end,
            passive=is_passive(words, best.first, best.last),
            why=f"{_words(clause[start:end], best.because)} → {code.removeprefix(f'{PLOVER}/')}",
        )


def _words(cue: str, because: str) -> str:
    return f"{cue} … {because}" if because else cue


_ACCUSATION = "plover-2.0/ACCUSE/allege"
_HARM = frozenset({"ASSAULT", "COERCE", "MOBILIZE", "REJECT", "SANCTION", "THREATEN"})


def with_accusation(codes: Sequence[CodeFound], said: str) -> Sequence[CodeFound]:
    """Return codes of what somebody says with that of an accusation in the third place, since to
    say that another has done harm is one. `said`: "the junta said"."""
    events = [codebooks.find(one.code).event for one in codes[:3]]
    if events[0] not in _HARM or "ACCUSE" in events:
        return codes
    why = f"{said} … → ACCUSE/allege"
    accusation = codes[0]._replace(code=_ACCUSATION, score=0.0, why=why, cue="", object="")
    others = [one for one in codes if one.code != _ACCUSATION]
    return (*others[:2], accusation, *others[2:8])


_PER_CENT = re.compile(r"(?P<number>\d{1,3}(?:,\d{3})*(?:\.\d+)?) ?(?:%|per ?cent\b)")
# So near are the verb and its number.
_REACH = 40


def measured(clause: str) -> Magnitude | None:
    """Return the first change in per cent that a clause states; None if there is none."""
    for found in _PER_CENT.finditer(clause):
        before = clause[max(0, found.start() - _REACH) : found.start()]
        verbs = list(_changes().finditer(before))
        if verbs:
            sign = -1 if pattern("fall").fullmatch(verbs[-1][0]) else 1
            value = sign * Decimal(found["number"].replace(",", ""))
            return Magnitude(value=value, unit="%", change=True)
    return None


@cache
def _changes() -> re.Pattern[str]:
    return pattern("fall", "rise")


ABSENT, _END, _REFUSED = "absent", "end", "REJECT"
_FRAME_REACH = 12
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
    reach = _REACH_OF_ABSENT if frame.kind == ABSENT else _FRAME_REACH
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

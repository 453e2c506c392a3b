"""Which codes a clause may have, best first, each with its reason.

Evidence, in this order: the table of cues with the words that turn a cue, then the desk's own
accepted claims. The result is a proposal to a person.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from math import prod
from typing import NamedTuple

from tracker.domain import codebooks
from tracker.domain.codebooks.cues import CueRow
from tracker.domain.codes import PLOVER
from tracker.domain.facts import rows
from tracker.domain.reading import clause_words, cue_places, frames
from tracker.domain.reading.clause_words import Evidence, Word, is_passive

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
    table = frames.turned(words, cue_places.places(words, tuple(cues)))
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

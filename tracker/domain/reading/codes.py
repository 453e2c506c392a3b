"""Which codes a clause may have, best first, each with its reason.

Evidence, in this order: the table of cues with the words that turn a cue, then the desk's own
accepted claims. The result is a proposal to a person.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tracker.domain.codebooks.cues import CueRow
from tracker.domain.reading import cue_places, frames
from tracker.domain.reading.frames import Turned

# How often claims with a cue and an object had a code: (cue, object) -> code -> number.
Counts = Mapping[tuple[str, str], Mapping[str, int]]

_MOST = 9
_CLOSE = 0.9
# The second cue of a clause says less than the first, the third less again.
_LATER = 0.85
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
    """Return the codes that a clause may have, best first, at most nine, each once.

    `cues` are rows that the desk adds to the table. With n claims on record for a cue and its
    object, of which m have a code, the code's share of the cue's weight is m/(n + 4), and that of
    the table's code (m + 4)/(n + 4).

    :raises UnknownCode: if a row of `cues` has a code that does not exist.
    """
    words = cue_places.split(clause)
    places = cue_places.places(words, tuple(cues))
    evidence = _with_counts(frames.turned(words, places), counts or {})
    order = {first: rank for rank, first in enumerate(sorted({one.first for one in places}))}
    found: dict[str, CodeFound] = {}
    for one in evidence:
        score = one.weight * _LATER ** order[one.place.first]
        _add(found, clause, words, one, score)
    best = sorted(found.values(), key=lambda code: -code.score)
    return tuple(best[:_MOST])


def is_close(found: Sequence[CodeFound]) -> bool:
    """Return whether the first two codes are so near that none may be preselected."""
    return len(found) > 1 and found[1].score >= found[0].score * _CLOSE


def _with_counts(evidence: Sequence[Turned], counts: Counts) -> list[Turned]:
    """Add the codes that the desk gave to claims with the same cue and object."""
    result = []
    for one in evidence:
        by_code = counts.get((one.place.cue.row.cue, one.place.object), {})
        total = sum(by_code.values()) + _TABLE_WEIGHT
        shares = {code: number / total for code, number in by_code.items()}
        shares[one.code] = shares.get(one.code, 0.0) + _TABLE_WEIGHT / total
        result += [one._replace(code=code, weight=one.weight * shares[code]) for code in shares]
    return result


def _add(
    found: dict[str, CodeFound],
    clause: str,
    words: Sequence[cue_places.Word],
    one: Turned,
    score: float,
) -> None:
    """Evidence for one code adds up as independent chances; its best place is its reason."""
    before = found.get(one.code)
    total = 1 - (1 - score) * (1 - before.score) if before else score
    place = one.place
    start, end = words[place.first].start, words[place.last].end
    text = clause[start:end]
    if before and before.score >= score:
        found[one.code] = before._replace(score=total)
        return
    found[one.code] = CodeFound(
        code=one.code,
        score=total,
        cue=place.cue.row.cue,
        object=place.object,
        start=start,
        end=end,
        passive=place.passive,
        why=f"{text} → {frames.short(one.code)}",
    )

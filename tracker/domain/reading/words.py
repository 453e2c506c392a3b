"""Words of a clause that qualify what it says: hedges, strength, and what is still to come."""

import re
from typing import NamedTuple

from tracker.domain.claims import Grade, Likelihood, Modality
from tracker.domain.likelihood import BANDS, HEDGES
from tracker.domain.reading.word_lists import listed, pattern

_HEDGE = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, HEDGES), key=len, reverse=True))})\b")
# Hedges that the tables of likelihood do not have: each makes the sentence an assessment.
_OPINION = pattern("opinion")
_STRENGTH = pattern("partial", "weak")
_ANNOUNCED = pattern("announced")


class Qualified(NamedTuple):
    """What the words say: the hedge as written, with its `likelihood` or as an `assessment`; the
    word that makes the act weaker, with the strength; and whether the act is announced, or happens
    on a condition."""

    hedge: str = ""
    likelihood: Likelihood | None = None
    assessment: bool = False
    qualifier: str = ""
    strength: Grade | None = None
    modality: Modality = "actual"
    condition: str = ""


def qualified(clause: str) -> Qualified:
    """Return what qualifies a clause. Only lower-case words count: "May" is a month."""
    hedge, band, assessment = _hedge(clause)
    strength = _STRENGTH.search(clause)
    return Qualified(
        hedge=hedge,
        likelihood=band,
        assessment=assessment,
        qualifier=strength[0] if strength else "",
        strength=_grade(strength[0]) if strength else None,
        modality="announced" if _ANNOUNCED.search(clause) and not assessment else "actual",
    )


def on_condition(words: Qualified, condition: str) -> Qualified:
    """Return the qualification of an act that happens if a condition is met."""
    if words.assessment or not condition:
        return words
    return words._replace(modality="conditional", condition=condition)


def _grade(word: str) -> Grade:
    return "weak" if word in listed("weak") else "partial"


def _hedge(clause: str) -> tuple[str, Likelihood | None, bool]:
    """The first hedge that means something: a band, an assessment, or a link of the chain."""
    for found in _HEDGE.finditer(clause):
        rule = HEDGES[found[0]]
        if rule.means == "band":
            return found[0], next(band for band in _BANDS if band == rule.band), False
        if rule.means == "assessment":
            return found[0], None, True
    if opinion := _OPINION.search(clause):
        return opinion[0], None, True
    return "", None, False


_BANDS: tuple[Likelihood, ...] = tuple(BANDS)  # type: ignore[arg-type] # the same words


_LASTING = pattern("lasting")
_PROGRESSIVE = re.compile(r"\w+ing\b")
_REACH = 24


def is_lasting(clause: str, cue_start: int, cue_end: int) -> bool:
    """Return whether the verb at a place says that the act goes on: "is blocking"."""
    before = clause[max(0, cue_start - _REACH) : cue_start]
    return bool(_LASTING.search(before)) and bool(
        _PROGRESSIVE.match(clause, cue_start, cue_end) or "continue" in before or "keep" in before
    )

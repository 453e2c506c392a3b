"""A second coding of claims: which claims are coded twice, and what is compared.

A tenth of the acts and situations is coded by a second person, who does not see the first coding.
Which ones follows from their ids, so that nobody chooses them.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple, get_args
from uuid import UUID

from tracker.domain import codebooks
from tracker.domain.agreement import Agreement, agreement
from tracker.domain.claims import Claim, Grade
from tracker.domain.problems import Problem, required

# So many of 256 first bytes of the digest of an id: a tenth.
SAMPLED = 26
FORMS = ("act", "situation")
# The code of a claim in which the coder finds no act of a state.
NO_ACT = "none"
STRENGTHS: tuple[Grade, ...] = get_args(Grade)


class Coding(NamedTuple):
    """What a coder decides about a claim. Form and strength are empty where nobody acts."""

    code: str
    form: str = ""
    strength: str = ""


def is_sampled(claim: UUID) -> bool:
    """Whether a claim is among those that are coded twice."""
    return sha256(claim.bytes).digest()[0] < SAMPLED


def coding_of(claim: Claim) -> Coding:
    """The coding of a claim as it was entered; a claim without strength has the full one."""
    if not claim.code:
        return Coding(NO_ACT)
    strength = claim.strength.grade if claim.strength else "full"
    return Coding(claim.code, claim.kind, strength)


def problems(coding: Coding) -> Iterable[Problem]:
    """What is wrong with a coding as it was typed."""
    if not coding.code:
        yield required("/code", f"choose a code, or {NO_ACT!r} if no state acts")
    elif coding.code != NO_ACT:
        yield from _code_problems(coding)
    elif coding.form or coding.strength:
        yield Problem(
            pointer="/form", code="invalid", detail=f"with {NO_ACT!r} leave form and strength open"
        )


def _code_problems(coding: Coding) -> Iterable[Problem]:
    try:
        codebooks.find(coding.code)
    except codebooks.UnknownCode as problem:
        yield Problem(pointer="/code", code="unknown", detail=str(problem))
    if coding.form not in FORMS:
        yield required("/form", f"choose one of: {', '.join(FORMS)}")
    if coding.strength not in STRENGTHS:
        yield required("/strength", f"choose one of: {', '.join(STRENGTHS)}")


def agreements(codings: Iterable[tuple[Coding, Coding]]) -> dict[str, Agreement]:
    """The agreement on each field, of claims with a first and a second coding."""
    pairs = list(codings)
    return {
        field: agreement((first[place], second[place]) for first, second in pairs)
        for place, field in enumerate(Coding._fields)
    }

"""A claim that was judged, with the p before its verdict and the grade that gave this p."""

from dataclasses import dataclass
from typing import Literal, NamedTuple
from uuid import UUID

from tracker.domain.certainty import (
    CREDIBILITY,
    RELIABILITY,
    UNGRADED,
    Certainty,
    Link,
    Prior,
    Testimony,
    link_p,
    loses_prior,
    testimony_p,
)
from tracker.domain.claims import Likelihood
from tracker.domain.events import VerdictGiven

Outcome = Literal["confirmed", "false", "unverifiable"]
# Forecasts have a record of their own; assessments and levels are judgements themselves.
KINDS = ("act", "situation", "measure")
# In place of a grade, where something else decides the p of a citation.
NO_GRADE = "no grade"
NO_RELIABILITY = "no reliability"
SELF_SERVING = "self-serving"
NO_SUPPORT = "no support"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedClaim:
    """A judged claim: the position of the verdict, the p before it, and what gave that p.

    `grade` is the grade that decides the p of its best citation, `chain` the number of sources from
    publisher to root of that citation, `roots` the number of supporting roots. `alone`: p follows
    from that grade only, without other roots, a denial or a likelihood. `weight`: how many
    claims it stands for, if it was drawn. `prior`: the prior odds in p.
    """

    claim: UUID
    position: int
    p: float
    outcome: Outcome
    grade: str
    chain: int
    roots: int
    alone: bool
    prior: Prior
    weight: float = 1.0


class Judgement(NamedTuple):
    """A verdict on a claim, at its position."""

    claim: UUID
    position: int
    verdict: VerdictGiven


def outcome_of(verdict: VerdictGiven) -> Outcome | None:
    """Return what a verdict says of the whole claim; None if it is only disputed, or is about some
    parties."""
    if verdict.parties or verdict.verdict == "disputed":
        return None
    return verdict.verdict


def is_independent(verdict: VerdictGiven, certainty: Certainty) -> bool:
    """Return whether a verdict is by none of the roots of the claim's citations."""
    return verdict.source not in {testimony.root for testimony in certainty.testimonies}


def judged_claim(
    given: Judgement,
    outcome: Outcome,
    certainty: Certainty,
    *,
    likelihood: Likelihood | None,
    prior: Prior,
    weight: float = 1.0,
) -> JudgedClaim:
    """Return a judged claim; `certainty` is the claim's as known before the verdict."""
    counting = [testimony for testimony in certainty.testimonies if testimony.counts]
    supporting = [testimony for testimony in counting if testimony.stance == "supports"]
    best = max(supporting, key=testimony_p, default=None)
    denied = len(supporting) < len(counting) or loses_prior(certainty.testimonies, prior)
    return JudgedClaim(
        claim=given.claim,
        position=given.position,
        p=certainty.p,
        outcome=outcome,
        grade=deciding_grade(best) if best else NO_SUPPORT,
        chain=len(best.links) if best else 0,
        roots=len(certainty.roots),
        alone=len(certainty.roots) == 1 and not denied and likelihood is None,
        prior=prior,
        weight=weight,
    )


def deciding_grade(witness: Testimony) -> str:
    """Return the grade that decides the p of a citation, such as "reliability C" or "credibility
    4", or in words why it is none. Of equals it is the reliability, and the first link.
    """
    p, grade = min(
        (_graded(link, witness.credibility) for link in witness.links), key=lambda graded: graded[0]
    )
    return grade if testimony_p(witness) == p else SELF_SERVING


def _graded(link: Link, credibility: int | None) -> tuple[float, str]:
    """The p of a link, and the grade that it is the value of."""
    p = link_p(link.reliability, credibility)
    if RELIABILITY.get(link.reliability or "F") == p:
        return p, f"reliability {link.reliability}"
    if CREDIBILITY.get(credibility or 6) == p:
        return p, f"credibility {credibility}"
    return p, NO_GRADE if p == UNGRADED else NO_RELIABILITY

"""Method `certainty-2`: certainty with prior odds by the kind of act.

A visit is announced by its host, so a report of one is seldom wrong; who hacked a ministry is
disputed even where the report is careful. Reports are weighed as in `certainty-1`, and the prior
odds of the kind of act are added. `docs/method.md` argues for each number.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from tracker.domain import certainty, evidence
from tracker.domain.certainty import CORROBORATED_CAP, Certainty, Step, Testimony
from tracker.domain.claims import Claim
from tracker.domain.evidence import Surroundings
from tracker.domain.likelihood import midpoint
from tracker.domain.records import Coding


class Prior(NamedTuple):
    """How often a kind of act took place where it is reported, as odds to 1, in words too."""

    odds: float
    says: str

    @property
    def p(self) -> float:
        return self.odds / (self.odds + 1)


CHECKABLE = Prior(9, "an act that can be checked in public: prior odds 9 to 1")
ATTRIBUTED = Prior(1, "an act that is attributed or covert: prior odds 1 to 1")
LEVEL = Prior(1, "an assessed level: prior odds 1 to 1")
UNCODED = Prior(1, "no act with a code: no prior odds")
# Of method 1, which has none.
NO_PRIOR = Prior(1, "")
MACHINE = Prior(1, "coded by a program, whose errors are of coding: prior odds 1 to 1")


def certainty_of(claim: Claim, testimonies: Iterable[Testimony], around: Surroundings) -> Certainty:
    """Combine the citations of a claim into its p, by the method of the view.

    :raises UnknownCode: if there is no such code. :raises UnknownBand: for an unknown likelihood.
    """
    likelihood = midpoint(claim.likelihood)
    if around.view.method == "1":
        return certainty.weigh(testimonies, likelihood=likelihood)
    return weigh(testimonies, likelihood=likelihood, prior=prior_in(claim, around))


def prior_in(claim: Claim, around: Surroundings) -> Prior:
    """Return the prior odds of what a claim says, by the method of the view.

    :raises UnknownCode: if there is no such code.
    """
    if around.view.method == "1":
        return NO_PRIOR
    return prior_of(claim, around.collections[claim.collection].coding)


def prior_of(claim: Claim, coding: Coding) -> Prior:
    """Return the prior odds of what a claim says, in a collection of this coding.

    Measures, forecasts and assessments (of motives, for example) have none, which is the same as
    1 to 1; nor has the claim that something did not happen. What is doubtful in a machine-coded
    archive is the coding, not whether the reported act took place.

    :raises UnknownCode: if there is no such code.
    """
    if coding == "machine":
        return MACHINE
    if claim.kind == "level":
        return LEVEL
    code = evidence.code_of(claim)
    if code is None or claim.kind not in ("act", "situation") or claim.polarity == "denied":
        return UNCODED
    return CHECKABLE if code.checkable else ATTRIBUTED


def weigh(testimonies: Iterable[Testimony], *, likelihood: float | None, prior: Prior) -> Certainty:
    """Combine citations into a claim's p: what its roots report, the prior odds, the likelihood
    that the source gives, and denials, in this order.

    Neither a likelihood nor a denial raises p. Without a root that supports it, p is 0.
    """
    cited = tuple(testimonies)
    supporting = certainty.witnesses(cited, "supports")
    denying = certainty.witnesses(cited, "denies")
    ungraded = certainty.is_ungraded(cited)
    stages = [(certainty.roots_text(supporting), 0.0)]
    if supporting:
        stages = list(_stages(supporting, denying, prior=prior, likelihood=likelihood))
    if ungraded:
        stages.insert(1, (certainty.UNGRADED_TEXT, stages[0][1]))
    steps = [certainty.citation_step(testimony) for testimony in cited]
    steps += [Step(says=says, p=certainty.rounded(p)) for says, p in stages]
    return Certainty(
        p=steps[-1].p,
        roots=tuple(sorted(supporting)),
        steps=tuple(steps),
        ungraded=ungraded,
        testimonies=cited,
    )


def _stages(
    supporting: Mapping[UUID, float],
    denying: Mapping[UUID, float],
    *,
    prior: Prior,
    likelihood: float | None,
) -> Iterator[tuple[str, float]]:
    """What p follows from, one stage after another, each with the p so far."""
    best = max(supporting.values())
    odds = certainty.log_odds(supporting) if best > 0.5 else _logit(best)
    yield certainty.roots_text(supporting), _p(odds)
    odds += math.log(prior.odds)
    yield prior.says, _p(odds)
    if likelihood is not None:
        p = _mixed(_p(odds), likelihood, prior)
        yield f"mixed with {likelihood:g}, the likelihood that the source gives", p
        odds = _logit(p)
    if denying:
        odds -= certainty.log_odds(denying)
        yield f"{certainty.roots_text(denying)} against", _p(odds)


def _mixed(p: float, likelihood: float, prior: Prior) -> float:
    """The source's own judgement where its report is right, the prior where it is not.

    A source that is less sure of itself does not make a claim more certain.
    """
    return min(p, p * likelihood + (1 - p) * prior.p)


def _p(odds: float) -> float:
    """The p of log odds, at most that of any number of reports."""
    if odds < 0:
        return math.exp(odds) / (1 + math.exp(odds))
    return min(CORROBORATED_CAP, 1 / (1 + math.exp(-odds)))


def _logit(p: float) -> float:
    return math.log(p / (1 - p))

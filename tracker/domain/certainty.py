"""The certainty of a claim: grades become probabilities, reports and prior odds become its p.

Reliability of a source, credibility of the information and likelihood by the source's own judgement
are separate inputs that are combined only here, with prior odds of the kind of act: a visit is
announced by its host, so a report of one is seldom wrong; who hacked a ministry is disputed even
where the report is careful. `docs/method.md` argues for each number. After Admiralty grading
(STANAG 2511) and ICD 203; corroboration adds log odds, as for independent witnesses under Bayes.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple
from uuid import UUID

from tracker.domain import evidence
from tracker.domain.claims import Claim, Interest, Stance
from tracker.domain.events import VerdictGiven
from tracker.domain.evidence import Surroundings
from tracker.domain.likelihood import midpoint
from tracker.domain.records import Coding, Reliability

RELIABILITY: dict[str, float] = {"A": 0.95, "B": 0.85, "C": 0.65, "D": 0.40, "E": 0.15}
CREDIBILITY: dict[int, float] = {2: 0.80, 3: 0.60, 4: 0.35, 5: 0.10}
UNGRADED = 0.50
UNKNOWN_RELIABILITY_CAP = 0.65
SELF_SERVING_CAP = 0.40
CORROBORATED_CAP = 0.97
CONFIRMED = 0.99
DISPUTED_CAP = 0.50
UNGRADED_TEXT = "ungraded: neither reliability nor credibility is known"
_EFFECTS: dict[str, str] = {
    "confirmed": f"at least {CONFIRMED:g}",
    "disputed": f"at most {DISPUTED_CAP:g}",
    "false": "0",
    "unverifiable": "no change",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the calculation of a claim's p: a description, and the p after it.

    `sources`: for a citation, from the publisher to the root.
    """

    says: str
    p: float
    sources: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A source in a chain, with its grade on the date of the document."""

    source: UUID
    reliability: Reliability | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """A citation resolved for one claim, with its links from the publisher to the root.

    `spoken`: the claim is a speech act, so that self-interest does not matter. `set_aside`: the
    reason why the citation does not count for this claim; empty if it does.
    """

    links: tuple[Link, ...]
    credibility: int | None
    stance: Stance
    interest: Interest
    spoken: bool
    set_aside: str = ""

    @property
    def root(self) -> UUID:
        return self.links[-1].source

    @property
    def ungraded(self) -> bool:
        """Whether some link has neither a reliability nor a credibility."""
        graded = all(link.reliability in RELIABILITY for link in self.links)
        return not graded and self.credibility not in CREDIBILITY

    @property
    def counts(self) -> bool:
        return not self.set_aside and not self.bare_denial

    @property
    def bare_denial(self) -> bool:
        """Whether a party that would know denies it: no witness, but no silence either."""
        return self.stance == "denies" and self.interest == "self-serving"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certainty:
    """A claim's p before verdicts, the roots that support it, the steps of the calculation, and the
    testimonies that it rests on.

    `ungraded`: every supporting citation has a link without any grade.
    """

    p: float
    roots: tuple[UUID, ...]
    steps: tuple[Step, ...]
    ungraded: bool = False
    testimonies: tuple[Testimony, ...] = ()


def link_p(reliability: str | None, credibility: int | None) -> float:
    """Return the lower of reliability and credibility. F and 6 count as missing, not as 50 %."""
    source = RELIABILITY.get(reliability or "F")
    information = CREDIBILITY.get(credibility or 6)
    if source is None:
        return UNGRADED if information is None else min(UNKNOWN_RELIABILITY_CAP, information)
    return source if information is None else min(source, information)


def testimony_p(testimony: Testimony) -> float:
    """Return the p of a citation: that of its weakest link. Self-serving content is capped, except
    for speech acts.
    """
    p = min(link_p(link.reliability, testimony.credibility) for link in testimony.links)
    if testimony.interest == "self-serving" and not testimony.spoken:
        p = min(p, SELF_SERVING_CAP)
    return p


def apply_verdict(p: float, verdict: VerdictGiven | None) -> float:
    """Apply a verdict to p."""
    match verdict.verdict if verdict else "unverifiable":
        case "confirmed":
            p = max(p, CONFIRMED)
        case "disputed":
            p = min(p, DISPUTED_CAP)
        case "false":
            p = 0.0
    return rounded(p)


def p_after_verdict(certainty: Certainty, verdict: VerdictGiven | None) -> float:
    """Return a claim's p after a verdict. A verdict does not raise p if no citation that counts
    supports the claim.
    """
    return apply_verdict(certainty.p, verdict) if certainty.roots else 0.0


def verdict_step(certainty: Certainty, verdict: VerdictGiven) -> Step:
    """Return the last step of the calculation, for a claim with a verdict."""
    effect = _EFFECTS[verdict.verdict] if certainty.roots else "nothing that counts supports it"
    return Step(
        says=f"judged {verdict.verdict}: {effect}",
        p=p_after_verdict(certainty, verdict),
        sources=(verdict.source,) if verdict.source else (),
    )


def rounded(p: float) -> float:
    """Round to four places, half even. Rounding to twelve places first removes the noise of binary
    fractions, in which .85 · .675 is below .57375.
    """
    exact = Decimal(f"{p:.12f}")
    return float(exact.quantize(Decimal("0.0001"), rounding=ROUND_HALF_EVEN))


def is_ungraded(testimonies: Iterable[Testimony]) -> bool:
    """Return whether citations support the claim, and each has a link without any grade."""
    supports = [each for each in testimonies if each.counts and each.stance == "supports"]
    return bool(supports) and all(testimony.ungraded for testimony in supports)


def witnesses(testimonies: Iterable[Testimony], stance: Stance) -> dict[UUID, float]:
    """Return the p of each root on one side: that of its best citation."""
    best: dict[UUID, float] = {}
    for testimony in testimonies:
        if testimony.counts and testimony.stance == stance:
            best[testimony.root] = max(testimony_p(testimony), best.get(testimony.root, 0.0))
    return best


def log_odds(witnesses: Mapping[UUID, float]) -> float:
    """Sum max(0, ln(p/(1−p))) in the order of root ids, so that the last bit is reproducible."""
    return math.fsum(max(0.0, math.log(p / (1 - p))) for _, p in sorted(witnesses.items()))


def citation_step(testimony: Testimony) -> Step:
    """Return the step of a citation: its chain of grades, and its p."""
    chain = " ← ".join(link.reliability or "no grade" for link in testimony.links)
    credibility = testimony.credibility or "not given"
    text = f"a citation {testimony.stance}: {chain}, credibility {credibility}"
    if testimony.interest != "none":
        text += f", {testimony.interest}"
    if testimony.set_aside:
        text += f"; set aside: {testimony.set_aside}"
    elif testimony.bare_denial:
        text += "; an interested party's bare denial is no witness"
    return Step(
        says=text, p=testimony_p(testimony), sources=tuple(link.source for link in testimony.links)
    )


def roots_text(roots: Collection[UUID]) -> str:
    """Return how many roots there are: "2 independent roots"."""
    return f"{len(roots)} independent root{'s'[: len(roots) != 1]}"


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
DENIED = Prior(1, "a party that would know denies it: prior odds 1 to 1 instead of 9 to 1")
MACHINE = Prior(1, "coded by a program, whose errors are of coding: prior odds 1 to 1")


def certainty_of(claim: Claim, testimonies: Iterable[Testimony], around: Surroundings) -> Certainty:
    """Combine the citations of a claim into its p.

    :raises UnknownCode: if there is no such code. :raises UnknownBand: for an unknown likelihood.
    """
    prior = prior_of(claim, around.collections[claim.collection].coding)
    return weigh(testimonies, likelihood=midpoint(claim.likelihood), prior=prior)


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

    A checkable act that a party denies has no prior odds left: they rest on its silence. Neither a
    likelihood nor a denial raises p. Without a root that supports it, p is 0.
    """
    cited = tuple(testimonies)
    supporting = witnesses(cited, "supports")
    denying = witnesses(cited, "denies")
    ungraded = is_ungraded(cited)
    stages = [(roots_text(supporting), 0.0)]
    if supporting:
        priors = [prior, DENIED] if loses_prior(cited, prior) else [prior]
        ways = (_stages(supporting, denying, prior=one, likelihood=likelihood) for one in priors)
        stages = min(map(list, ways), key=lambda way: way[-1][1])
    if ungraded:
        stages.insert(1, (UNGRADED_TEXT, stages[0][1]))
    steps = [citation_step(testimony) for testimony in cited]
    steps += [Step(says=says, p=rounded(p)) for says, p in stages]
    return Certainty(
        p=steps[-1].p,
        # The one that supports it most is first.
        roots=tuple(sorted(supporting, key=lambda root: (-supporting[root], root))),
        steps=tuple(steps),
        ungraded=ungraded,
        testimonies=cited,
    )


def loses_prior(testimonies: Iterable[Testimony], prior: Prior) -> bool:
    """Return whether a party denies a checkable act, whose prior odds rest on its silence."""
    return prior is CHECKABLE and any(one.bare_denial and not one.set_aside for one in testimonies)


def _stages(
    supporting: Mapping[UUID, float],
    denying: Mapping[UUID, float],
    *,
    prior: Prior,
    likelihood: float | None,
) -> Iterator[tuple[str, float]]:
    """What p follows from, one stage after another, each with the p so far."""
    best = max(supporting.values())
    odds = log_odds(supporting) if best > 0.5 else _logit(best)
    yield roots_text(supporting), _p(odds)
    odds += math.log(prior.odds)
    yield prior.says, _p(odds)
    if likelihood is not None:
        p = _mixed(_p(odds), likelihood, prior)
        yield f"mixed with {likelihood:g}, the likelihood that the source gives", p
        odds = _logit(p)
    if denying:
        odds -= log_odds(denying)
        yield f"{roots_text(denying)} against", _p(odds)


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

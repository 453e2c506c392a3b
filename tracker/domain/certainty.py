"""How sure a claim is, from its citations: grades to probabilities, chains, independent roots.

Method `certainty-1`. The three quantities (reliability of a source, credibility of the
information, likelihood as the source judges it) come in apart and are fused only here. Every
number of this page is argued for in `docs/method.md`. After Admiralty grading (STANAG 2511)
and ICD 203; corroboration sums log odds, as independent witnesses do under Bayes.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from uuid import UUID

from tracker.domain.claims import Interest, Stance
from tracker.domain.events import VerdictGiven
from tracker.domain.publications import Rating, Reliability

RELIABILITY: dict[str, float] = {"A": 0.95, "B": 0.85, "C": 0.65, "D": 0.40, "E": 0.15}
CREDIBILITY: dict[int, float] = {2: 0.80, 3: 0.60, 4: 0.35, 5: 0.10}
UNGRADED = 0.50
UNKNOWN_RELIABILITY_CAP = 0.65
SELF_SERVING_CAP = 0.40
CORROBORATED_CAP = 0.97
CONFIRMED = 0.99
DISPUTED_CAP = 0.50


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step on the way to a claim's p: what was done, to what, and the p after it."""

    says: str
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A source in a chain, with the grade that was in force on the document's date."""

    source: UUID
    reliability: Reliability | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """A citation resolved for one claim: its links, from the publisher to the root.

    `spoken`: the claim is that somebody spoke, so that self-interest does not matter.
    """

    links: tuple[Link, ...]
    credibility: int | None
    stance: Stance
    interest: Interest
    spoken: bool

    @property
    def root(self) -> UUID:
        return self.links[-1].source

    @property
    def ungraded(self) -> bool:
        graded = any(link.reliability in RELIABILITY for link in self.links)
        return not graded and self.credibility not in CREDIBILITY


@dataclass(frozen=True, slots=True, kw_only=True)
class Certainty:
    """A claim's p before verdicts, the roots that carry it, and the working."""

    p: float
    roots: tuple[UUID, ...]
    steps: tuple[Step, ...]


def grade_in_force(ratings: Sequence[Rating], *, on: date | None) -> Reliability | None:
    """The grade on a day: the one that began last; of those that began together, the newest.

    A document without a date gets the last grade there is.
    """
    begun = [rating for rating in ratings if on is None or rating.since <= on]
    latest = max((rating.since for rating in begun), default=None)
    grades = [rating.grade for rating in begun if rating.since == latest]
    return grades[-1] if grades else None


def link_p(reliability: str | None, credibility: int | None) -> float:
    """The lower of reliability and credibility. F and 6 are missing, not 50 %."""
    source = RELIABILITY.get(reliability or "F")
    information = CREDIBILITY.get(credibility or 6)
    if source is None:
        return UNGRADED if information is None else min(UNKNOWN_RELIABILITY_CAP, information)
    return source if information is None else min(source, information)


def testimony_p(testimony: Testimony) -> float:
    """A citation's p is its weakest link. Self-serving content is capped, unless spoken."""
    p = min(link_p(link.reliability, testimony.credibility) for link in testimony.links)
    if testimony.interest == "self-serving" and not testimony.spoken:
        p = min(p, SELF_SERVING_CAP)
    return p


def weigh(testimonies: Iterable[Testimony], *, likelihood: float | None) -> Certainty:
    """Combine citations into a claim's p: one witness a root, supporting minus denying.

    An interested party's bare denial counts nothing. A denial never raises p.
    """
    steps: list[Step] = []
    supporting: dict[UUID, float] = {}
    denying: dict[UUID, float] = {}
    for testimony in testimonies:
        p = testimony_p(testimony)
        if testimony.stance == "supports":
            _keep_best(supporting, testimony.root, p)
        elif testimony.interest != "self-serving":
            _keep_best(denying, testimony.root, p)
        steps.append(Step(says=_citation_says(testimony), p=p))
    p = _combine(supporting, denying)
    steps.append(Step(says=_roots_say(supporting, denying), p=p))
    if likelihood is not None:
        p *= likelihood
        steps.append(Step(says=f"times {likelihood:g}, as likely as the source judges it", p=p))
    return Certainty(p=rounded(p), roots=tuple(sorted(supporting)), steps=tuple(steps))


def judge(p: float, verdict: VerdictGiven | None) -> float:
    """What a verdict leaves of p."""
    match verdict.verdict if verdict else "unverifiable":
        case "confirmed":
            p = max(p, CONFIRMED)
        case "disputed":
            p = min(p, DISPUTED_CAP)
        case "false":
            p = 0.0
    return rounded(p)


def rounded(p: float) -> float:
    """Four places, half even."""
    return float(Decimal(p).quantize(Decimal("0.0001"), rounding=ROUND_HALF_EVEN))


def _keep_best(best: dict[UUID, float], root: UUID, p: float) -> None:
    best[root] = max(p, best.get(root, 0.0))


def _combine(supporting: dict[UUID, float], denying: dict[UUID, float]) -> float:
    if not supporting:
        return 0.0
    odds = _odds(supporting) - _odds(denying)
    together = 1 / (1 + math.exp(-odds))
    best = max(supporting.values())
    if best > 0.5:
        return min(CORROBORATED_CAP, together)
    return min(best, together)


def _odds(witnesses: dict[UUID, float]) -> float:
    """The sum of max(0, ln(p/(1−p))), in the order of the root's id, so that bits repeat."""
    return math.fsum(max(0.0, math.log(p / (1 - p))) for _, p in sorted(witnesses.items()))


def _citation_says(testimony: Testimony) -> str:
    chain = " ← ".join(link.reliability or "ungraded" for link in testimony.links)
    credibility = testimony.credibility or "not given"
    extra = "" if testimony.interest == "none" else f", {testimony.interest}"
    return f"a citation {testimony.stance}: {chain}, credibility {credibility}{extra}"


def _roots_say(supporting: dict[UUID, float], denying: dict[UUID, float]) -> str:
    against = f", {len(denying)} against" if denying else ""
    return f"{len(supporting)} independent root{'s'[: len(supporting) != 1]}{against}"

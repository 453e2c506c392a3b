"""How sure a claim is, from its citations: grades to probabilities, chains, independent roots.

Method `certainty-1`. The three quantities (reliability of a source, credibility of the
information, likelihood as the source judges it) come in apart and are fused only here. Every
number of this page is argued for in `docs/method.md`. After Admiralty grading (STANAG 2511)
and ICD 203; corroboration sums log odds, as independent witnesses do under Bayes.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import takewhile
from uuid import UUID

from tracker.domain.claims import Citation, Interest, Stance
from tracker.domain.events import VerdictGiven
from tracker.domain.evidence import Period, Surroundings
from tracker.domain.records import Document, Rating, Reliability, Source, dated
from tracker.domain.state import ClaimState, SourceState

RELIABILITY: dict[str, float] = {"A": 0.95, "B": 0.85, "C": 0.65, "D": 0.40, "E": 0.15}
CREDIBILITY: dict[int, float] = {2: 0.80, 3: 0.60, 4: 0.35, 5: 0.10}
UNGRADED = 0.50
UNKNOWN_RELIABILITY_CAP = 0.65
SELF_SERVING_CAP = 0.40
CORROBORATED_CAP = 0.97
CONFIRMED = 0.99
DISPUTED_CAP = 0.50
_EFFECTS: dict[str, str] = {
    "confirmed": f"at least {CONFIRMED:g}",
    "disputed": f"at most {DISPUTED_CAP:g}",
    "false": "0",
    "unverifiable": "as before",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step on the way to a claim's p: what was done, and the p after it.

    `sources`: for a citation, from the publisher to the root.
    """

    says: str
    p: float
    sources: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A source in a chain, with the grade that was in force on the document's date."""

    source: UUID
    reliability: Reliability | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """A citation resolved for one claim: its links, from the publisher to the root.

    `spoken`: the claim is that somebody spoke, so that self-interest does not matter.
    `set_aside`: why the citation does not count for this claim, if it does not.
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
        """Whether of some link neither reliability nor credibility is known."""
        graded = all(link.reliability in RELIABILITY for link in self.links)
        return not graded and self.credibility not in CREDIBILITY

    @property
    def counts(self) -> bool:
        return not self.set_aside and not self.bare_denial

    @property
    def bare_denial(self) -> bool:
        return self.stance == "denies" and self.interest == "self-serving"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certainty:
    """A claim's p before verdicts, the roots that carry it, and the working.

    `ungraded`: each citation that carries it has a link of which nothing is known.
    """

    p: float
    roots: tuple[UUID, ...]
    steps: tuple[Step, ...]
    ungraded: bool = False


def grade_in_force(ratings: Sequence[Rating], *, on: date | None) -> Reliability | None:
    """The grade on a day: the one that began last; of those that began together, the newest.

    A document without a date gets the last grade there is.
    """
    begun = [rating for rating in ratings if on is None or rating.since <= on]
    latest = max((rating.since for rating in begun), default=None)
    grades = [rating.reliability for rating in begun if rating.since == latest]
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
    given = tuple(testimonies)
    supporting, denying = _witnesses(given, "supports"), _witnesses(given, "denies")
    p = _combine(supporting, denying)
    steps = [_citation_step(one) for one in given]
    steps.append(Step(says=_roots_say(supporting, denying), p=rounded(p)))
    carrying = [one for one in given if one.counts and one.stance == "supports"]
    ungraded = bool(carrying) and all(one.ungraded for one in carrying)
    if ungraded:
        steps.append(
            Step(says="ungraded: neither reliability nor credibility is known", p=rounded(p))
        )
    if likelihood is not None:
        p *= likelihood
        says = f"times {likelihood:g}, as likely as the source judges it"
        steps.append(Step(says=says, p=rounded(p)))
    return Certainty(
        p=rounded(p), roots=tuple(sorted(supporting)), steps=tuple(steps), ungraded=ungraded
    )


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


def judged(sure: Certainty, verdict: VerdictGiven | None) -> float:
    """A claim's p after a verdict. Where nothing that counts supports it, no verdict raises it."""
    return judge(sure.p, verdict) if sure.roots else 0.0


def verdict_step(sure: Certainty, verdict: VerdictGiven) -> Step:
    """The last step of the working, where the claim was judged."""
    effect = _EFFECTS[verdict.verdict] if sure.roots else "nothing that counts supports it"
    return Step(
        says=f"judged {verdict.verdict}: {effect}",
        p=judged(sure, verdict),
        sources=(verdict.source,) if verdict.source else (),
    )


def rounded(p: float) -> float:
    """Four places, half even, of what the formulas give: twelve places are free of the noise of
    binary fractions, in which .85 · .675 lies below .57375."""
    exact = Decimal(f"{p:.12f}")
    return float(exact.quantize(Decimal("0.0001"), rounding=ROUND_HALF_EVEN))


def _witnesses(testimonies: Iterable[Testimony], stance: Stance) -> dict[UUID, float]:
    """The p of each root on one side, that of its best citation."""
    best: dict[UUID, float] = {}
    for one in testimonies:
        if one.counts and one.stance == stance:
            best[one.root] = max(testimony_p(one), best.get(one.root, 0.0))
    return best


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


def _citation_step(testimony: Testimony) -> Step:
    chain = " ← ".join(link.reliability or "no grade" for link in testimony.links)
    credibility = testimony.credibility or "not given"
    says = f"a citation {testimony.stance}: {chain}, credibility {credibility}"
    if testimony.interest != "none":
        says += f", {testimony.interest}"
    if testimony.set_aside:
        says += f"; set aside: {testimony.set_aside}"
    elif testimony.bare_denial:
        says += "; an interested party's bare denial counts nothing"
    return Step(
        says=says, p=testimony_p(testimony), sources=tuple(link.source for link in testimony.links)
    )


def _roots_say(supporting: dict[UUID, float], denying: dict[UUID, float]) -> str:
    against = f", {len(denying)} against" if denying else ""
    return f"{len(supporting)} independent root{'s'[: len(supporting) != 1]}{against}"


# What is said from these sectors, the state says.
OFFICIAL = frozenset(
    {
        "government",
        "military",
        "intelligence",
        "legislature",
        "judiciary",
        "ruling party",
        "armed proxy",
        "state media",
        "state business",
    }
)
_OTHER: dict[Stance, Stance] = {"supports": "denies", "denies": "supports"}


def testimonies(around: Surroundings, *, speech: bool, period: Period) -> tuple[Testimony, ...]:
    """Resolve the citations of the whole cluster, in its order.

    Those that do not count say why: the view's bloc, or that an embedded claim (one that another
    claim says) rests on its speaker, on a party to it or on a source that their state owns.
    """
    return tuple(
        _resolve(citation, state, around, speech=speech, period=period)
        for state in around.cluster
        for citation in state.claim.citations
    )


def _resolve(
    citation: Citation, state: ClaimState, around: Surroundings, *, speech: bool, period: Period
) -> Testimony:
    collection = around.collections[state.claim.collection]
    stance = _stance(citation, state, around)
    speakers = _initiators(around.cluster) if speech and stance == "supports" else set()
    links = tuple(
        Link(source=link.source, reliability=link.reliability or collection.default_reliability)
        for link in _links(citation, around, speakers=speakers)
    )
    return Testimony(
        links=links,
        credibility=citation.credibility or collection.default_credibility,
        stance=stance,
        interest=citation.interest,
        spoken=speech,
        set_aside=_set_aside(around.sources[links[-1].source].source, around, period),
    )


def _stance(citation: Citation, state: ClaimState, around: Surroundings) -> Stance:
    """What supports that it did not happen denies that it did."""
    same = state.claim.polarity == around.cluster[0].claim.polarity
    return citation.stance if same else _OTHER[citation.stance]


def _initiators(states: tuple[ClaimState, ...]) -> set[UUID]:
    return {actor for state in states for actor in state.claim.actors("initiator")}


def _links(citation: Citation, around: Surroundings, *, speakers: set[UUID]) -> tuple[Link, ...]:
    """The chain with its grades. The speaker's own publication is A for the fact of speaking."""
    document = around.documents[citation.document]
    if around.sources[document.source].source.actor in speakers:
        return (Link(source=document.source, reliability="A"),)
    chain = chain_of(
        citation, documents=around.documents, sources=around.sources, speakers=speakers
    )
    return tuple(_link(source, document, around) for source in chain)


def chain_of(
    citation: Citation,
    *,
    documents: Mapping[UUID, Document],
    sources: Mapping[UUID, SourceState],
    speakers: set[UUID],
) -> tuple[UUID, ...]:
    """The sources from the publisher to the root.

    A speaker is no link: the chain ends at whoever heard or published it.
    """

    def speaks(source: UUID) -> bool:
        return sources[source].source.actor in speakers

    publisher = documents[citation.document].source
    if speaks(publisher):
        return (publisher,)
    return (publisher, *takewhile(lambda source: not speaks(source), citation.chain))


def _link(source: UUID, document: Document, around: Surroundings) -> Link:
    grade = grade_in_force(around.sources[source].ratings, on=dated(document))
    return Link(source=source, reliability=grade)


def _set_aside(root: Source, around: Surroundings, period: Period) -> str:
    """Why a citation with this root does not count, if it does not."""
    bloc = around.view.bloc
    if bloc is not None and not bloc.admits(root):
        return "this view does not listen to its root"
    if not around.speakers:
        return ""
    speakers = _initiators(around.speakers)
    parties = {party.actor for state in around.cluster for party in state.claim.parties}
    if root.actor in speakers:
        return "its root is the speaker"
    if root.actor in parties:
        return "its root is a party to it"
    states = {one.country for one in around.voices(tuple(speakers | parties), period)}
    if states & _states_behind(root, around, period):
        return "its root speaks for the state of the speaker or of a party"
    return ""


def _states_behind(root: Source, around: Surroundings, period: Period) -> set[UUID]:
    """The states that own a source, or in whose name the actor that it is speaks."""
    owner = {root.country} if root.state_owned and root.country else set()
    if root.actor is None or root.actor not in around.actors:
        return owner
    voices = around.voices((root.actor,), period)
    return owner | {one.country for one in voices if one.sector in OFFICIAL}

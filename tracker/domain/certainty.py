"""The certainty of a claim, from its citations: grades become probabilities, chains lead to roots.

Method `certainty-1`, to which `certainty2` adds prior odds. Reliability of a source, credibility of
the information and likelihood by the source's own judgement are separate inputs that are combined
only here. `docs/method.md` argues for each number. After Admiralty grading (STANAG 2511) and ICD
203; corroboration adds log odds, as for independent witnesses under Bayes.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import takewhile
from uuid import UUID

from tracker.domain.claims import Citation, Interest, Stance
from tracker.domain.events import VerdictGiven
from tracker.domain.evidence import Surroundings
from tracker.domain.memberships import Period
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


def grade_in_force(ratings: Sequence[Rating], *, on: date | None) -> Reliability | None:
    """Return the grade on a day: the one with the latest start; among equals the newest.

    For a document without a date it is the last grade of all.
    """
    started = [rating for rating in ratings if on is None or rating.since <= on]
    latest = max((rating.since for rating in started), default=None)
    grades = [rating.reliability for rating in started if rating.since == latest]
    return grades[-1] if grades else None


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


def weigh(testimonies: Iterable[Testimony], *, likelihood: float | None) -> Certainty:
    """Combine citations into a claim's p: one witness per root, supporting minus denying.

    A self-serving bare denial has no weight. A denial never raises p.
    """
    all_testimonies = tuple(testimonies)
    supporting, denying = (
        witnesses(all_testimonies, "supports"),
        witnesses(all_testimonies, "denies"),
    )
    p = _combine(supporting, denying)
    steps = [citation_step(testimony) for testimony in all_testimonies]
    steps.append(Step(says=_roots_text(supporting, denying), p=rounded(p)))
    ungraded = is_ungraded(all_testimonies)
    if ungraded:
        steps.append(Step(says=UNGRADED_TEXT, p=rounded(p)))
    if likelihood is not None:
        p *= likelihood
        description = f"times {likelihood:g}, the likelihood that the source gives"
        steps.append(Step(says=description, p=rounded(p)))
    return Certainty(
        p=rounded(p),
        roots=tuple(sorted(supporting)),
        steps=tuple(steps),
        ungraded=ungraded,
        testimonies=all_testimonies,
    )


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


def _combine(supporting: dict[UUID, float], denying: dict[UUID, float]) -> float:
    if not supporting:
        return 0.0
    odds = log_odds(supporting) - log_odds(denying)
    together = 1 / (1 + math.exp(-odds))
    best = max(supporting.values())
    if best > 0.5:
        return min(CORROBORATED_CAP, together)
    return min(best, together)


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
        text += "; an interested party's bare denial does not count"
    return Step(
        says=text, p=testimony_p(testimony), sources=tuple(link.source for link in testimony.links)
    )


def _roots_text(supporting: dict[UUID, float], denying: dict[UUID, float]) -> str:
    against = f", {len(denying)} against" if denying else ""
    return f"{roots_text(supporting)}{against}"


def roots_text(roots: Collection[UUID]) -> str:
    """Return how many roots there are: "2 independent roots"."""
    return f"{len(roots)} independent root{'s'[: len(roots) != 1]}"


# Actors from these sectors speak for their state.
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
_OPPOSITE: dict[Stance, Stance] = {"supports": "denies", "denies": "supports"}


def testimonies(around: Surroundings, *, speech: bool, period: Period) -> tuple[Testimony, ...]:
    """Resolve the citations of the whole cluster, in its order.

    A citation that does not count states why: the view's bloc excludes its root; or the claim is
    embedded (another claim says it) and its root is the speaker, a party, or speaks for their
    state.
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
    """Reverse the stance where the polarity differs: support for "it did not happen" denies it."""
    same = state.claim.polarity == around.cluster[0].claim.polarity
    return citation.stance if same else _OPPOSITE[citation.stance]


def _initiators(states: tuple[ClaimState, ...]) -> set[UUID]:
    return {actor for state in states for actor in state.claim.actors("initiator")}


def _links(citation: Citation, around: Surroundings, *, speakers: set[UUID]) -> tuple[Link, ...]:
    """Return the chain with its grades. For a speech act the speaker's own publication is A."""
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
    """Return the sources from the publisher to the root.

    A speaker is not a link: the chain ends at the source that heard or published the statement.
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
    """Return why a citation with this root does not count; empty if it does."""
    bloc = around.view.bloc
    if bloc is not None and not bloc.admits(root):
        return "this view excludes its root"
    if not around.speakers:
        return ""
    speakers = _initiators(around.speakers)
    parties = {party.actor for state in around.cluster for party in state.claim.parties}
    if root.actor in speakers:
        return "its root is the speaker"
    if root.actor in parties:
        return "its root is a party to it"
    voices = around.representatives(tuple(speakers | parties), period)
    voices += around.members(tuple(speakers), period)
    states = {voice.country for voice in voices}
    if states & _states_behind(root, around, period):
        return "its root speaks for the state of the speaker or of a party"
    return ""


def _states_behind(root: Source, around: Surroundings, period: Period) -> set[UUID]:
    """Return the states that own a source, or for which its actor speaks."""
    owner = {root.country} if root.state_owned and root.country else set()
    if root.actor is None or root.actor not in around.actors:
        return owner
    representatives = around.representatives((root.actor,), period)
    return owner | {voice.country for voice in representatives if voice.sector in OFFICIAL}

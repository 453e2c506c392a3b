"""The citations of a claim, resolved: chains lead to roots, with the grades on the day of the
document, and whether each counts."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import takewhile
from uuid import UUID

from tracker.domain.certainty import Link, Testimony
from tracker.domain.claims import Citation, Stance
from tracker.domain.evidence import Surroundings
from tracker.domain.memberships import Period
from tracker.domain.records import Document, Rating, Reliability, Source, dated
from tracker.domain.state import ClaimState, SourceState

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


def grade_in_force(ratings: Sequence[Rating], *, on: date | None) -> Reliability | None:
    """Return the grade on a day: the one with the latest start; among equals the newest.

    For a document without a date it is the last grade of all.
    """
    started = [rating for rating in ratings if on is None or rating.since <= on]
    latest = max((rating.since for rating in started), default=None)
    grades = [rating.reliability for rating in started if rating.since == latest]
    return grades[-1] if grades else None


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

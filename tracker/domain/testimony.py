"""A claim's citations resolved into testimonies: links with their grades, up to the root."""

from collections.abc import Mapping
from itertools import takewhile
from uuid import UUID

from tracker.domain import certainty
from tracker.domain.certainty import Link, Testimony
from tracker.domain.claims import Citation, Stance
from tracker.domain.folding import ClaimState, SourceState
from tracker.domain.publications import Document, Source, dated
from tracker.domain.surroundings import Period, Surroundings

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
    grade = certainty.grade_in_force(around.sources[source].ratings, on=dated(document))
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

"""A claim's citations resolved into testimonies: links with their grades, up to the root."""

from datetime import date
from uuid import UUID

from tracker.domain import certainty, dates
from tracker.domain.claims import Citation
from tracker.domain.folding import ClaimState
from tracker.domain.publications import Document
from tracker.domain.surroundings import Surroundings


def testimonies(
    around: Surroundings, *, speech: bool, day: date
) -> tuple[certainty.Testimony, ...]:
    """Resolve the citations of the whole cluster that the view admits, in cluster order."""
    resolved = (
        _resolve(citation, state, around, speech=speech)
        for state in around.cluster
        for citation in state.claim.citations
    )
    return tuple(one for one in resolved if _admitted(one, around, day=day))


def dated(document: Document) -> date | None:
    """The last day on which the document can have been published."""
    return dates.bounds(document.date).latest if document.date else None


def _resolve(
    citation: Citation, state: ClaimState, around: Surroundings, *, speech: bool
) -> certainty.Testimony:
    document = around.documents[citation.document]
    collection = around.collections[state.claim.collection]
    speakers = set(state.claim.actors("initiator")) if speech else set()
    links = tuple(
        _link(source, first=index == 0, document=document, around=around, speakers=speakers)
        for index, source in enumerate((document.source, *citation.chain))
        if index == 0 or around.sources[source].source.actor not in speakers
    )
    return certainty.Testimony(
        links=tuple(
            certainty.Link(
                source=link.source, reliability=link.reliability or collection.reliability
            )
            for link in links
        ),
        credibility=citation.credibility or collection.credibility,
        stance=citation.stance,
        interest=citation.interest,
        spoken=speech,
    )


def _link(
    source: UUID, *, first: bool, document: Document, around: Surroundings, speakers: set[UUID]
) -> certainty.Link:
    """A speaker's own publication is A for the fact of speaking; else the grade in force."""
    state = around.sources[source]
    if first and state.source.actor in speakers:
        return certainty.Link(source=source, reliability="A")
    grade = certainty.grade_in_force(state.ratings, on=dated(document))
    return certainty.Link(source=source, reliability=grade)


def _admitted(testimony: certainty.Testimony, around: Surroundings, *, day: date) -> bool:
    root = around.sources[testimony.root].source
    bloc = around.view.bloc
    if bloc is not None and not bloc.admits(root):
        return False
    if not around.speakers:
        return True
    speakers = {one for state in around.speakers for one in state.claim.actors("initiator")}
    parties = tuple(party.actor for party in around.cluster[0].claim.parties)
    if root.actor is not None and root.actor in speakers | set(parties):
        return False
    return not (root.state_owned and root.country in around.countries(parties, day))

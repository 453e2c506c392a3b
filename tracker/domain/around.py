"""The log as of a position, and what surrounds a claim in it: the records that it refers to, and
the claims that it is linked with.

Streams are read on demand, and advanced event by event.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Literal, Self
from uuid import UUID

from tracker.domain import state as f
from tracker.domain.claims import Citation, Claim
from tracker.domain.evidence import Surroundings, Whole, why_not_counted
from tracker.domain.lenses import View
from tracker.domain.plain import PlainClaim
from tracker.domain.records import Actor
from tracker.domain.state import ClaimState, Entry, OutOfOrder, State, fold

# Returns the entries of some streams up to a position, in order.
type Read = Callable[[set[UUID], int], Iterable[Entry]]
# Returns the streams of all links that each claim ever had, also at later positions.
type LinkStreams = Callable[[set[UUID]], Mapping[UUID, set[UUID]]]


class Snapshot:
    """The state of every stream as of `position`, without withheld texts.

    Reading a stream whose events cannot be folded raises `OutOfOrder`; other streams are not
    affected. `read` reads the entries.
    """

    def __init__(self, position: int, *, read: Read) -> None:
        self.position = position
        self._read = read
        self._states: dict[UUID, State | None] = {}
        self._broken: dict[UUID, OutOfOrder] = {}

    def load(self, streams: Iterable[UUID]) -> bool:
        """Read streams that are not loaded yet, with one query. Return whether there were any."""
        # Not a difference of sets, which would iterate over all loaded streams.
        unknown = {stream for stream in streams if stream not in self._states}
        if not unknown:
            return False
        self._states.update(dict.fromkeys(unknown))
        for entry in self._read(unknown, self.position):
            self._apply(entry)
        return True

    def holds(self, stream: UUID) -> bool:
        """Return whether a stream is loaded, so that its events have to be applied."""
        return stream in self._states

    def altered(self, states: Mapping[UUID, State]) -> Self:
        """A copy in which some streams have other states, with all that was read so far."""
        other = copy(self)
        other._states = {**self._states, **states}  # noqa: SLF001 # of its own class
        other._broken = dict(self._broken)  # noqa: SLF001
        return other

    def readable[T](self, streams: Iterable[UUID], kind: type[T]) -> dict[UUID, T]:
        """Return what `all` does, without the streams that cannot be folded."""
        wanted = set(streams)
        self.load(wanted)
        return self.all((stream for stream in wanted if stream not in self._broken), kind)

    def get[T](self, stream: UUID, kind: type[T]) -> T | None:
        """Return the state of a stream if it is of class `kind`."""
        return self.all([stream], kind).get(stream)

    def all[T](self, streams: Iterable[UUID], kind: type[T]) -> dict[UUID, T]:
        """Return the states of the streams that are of class `kind`, by id."""
        wanted = set(streams)
        self.load(wanted)
        if self._broken:
            for stream in sorted(wanted & self._broken.keys()):
                raise self._broken[stream]
        states = ((stream, self._states[stream]) for stream in sorted(wanted))
        return {stream: state for stream, state in states if isinstance(state, kind)}

    def joint_evidence(
        self, state: ClaimState, same: tuple[ClaimState, ...]
    ) -> tuple[ClaimState, ...]:
        """Return those of the claims that are the same as `state` whose evidence counts for it."""
        del state
        return same

    def advance(self, entry: Entry, *, begins: bool) -> None:
        """Advance to the next event of the log, which may begin its stream."""
        self.position = entry.position
        if begins:
            self._states.setdefault(entry.stream, None)
        if entry.stream in self._states:
            self._apply(entry)

    def _apply(self, entry: Entry) -> None:
        before = self._states[entry.stream]
        try:
            self._states[entry.stream] = fold([entry], before)
        except OutOfOrder as problem:
            self._broken.setdefault(entry.stream, problem)


@dataclass(slots=True)
class References:
    """The records that claims refer to."""

    records: set[UUID] = field(default_factory=set)
    actors: set[UUID] = field(default_factory=set)
    documents: set[UUID] = field(default_factory=set)

    def add(self, claim: Claim) -> None:
        self.records.add(claim.collection)
        self.actors.update(party.actor for party in claim.parties)
        for citation in claim.citations:
            self.add_cited(citation)

    def add_cited(self, citation: Citation) -> None:
        self.records.update(citation.chain)
        self.documents.add(citation.document)

    def add_plain(self, claim: PlainClaim) -> None:
        self.records |= {UUID(claim.collection), *map(UUID, claim.citation.chain)}
        self.actors.update(map(UUID, (*claim.initiators, *claim.recipients)))
        self.documents.add(UUID(claim.citation.document))


def prefetch_references(claims: Iterable[Claim], snapshot: Snapshot) -> None:
    """Load at once what claims refer to, and the records behind it."""
    references = References()
    for claim in claims:
        references.add(claim)
    load_references(references, snapshot)


def load_references(references: References, snapshot: Snapshot) -> None:
    """Load with two queries the records of references, and the records behind them. Nothing is read
    if the former are loaded already."""
    if not snapshot.load(references.records | references.actors | references.documents):
        return
    published = snapshot.readable(references.documents, f.DocumentState).values()
    described = snapshot.readable(references.actors, f.ActorState).values()
    sources = {state.document.source for state in published}
    snapshot.load(sources.union(*(related_actors(state.actor) for state in described)))


def prefetch_claims(claims: Iterable[UUID], snapshot: Snapshot) -> None:
    """Load claims at once as the snapshot has them, and what they refer to."""
    states = snapshot.readable(claims, f.ClaimState).values()
    prefetch_references([state.claim for state in states], snapshot)


class Neighbourhood:
    """The records and claims around claims of one view, as a snapshot has them.

    `streams` collects every stream that was read: if one changes, the impacts may change.
    """

    def __init__(self, snapshot: Snapshot, view: View, *, link_streams: LinkStreams) -> None:
        self.snapshot = snapshot
        self.view = view
        self.streams: set[UUID] = set()
        self._link_streams = link_streams
        self._known_links: dict[UUID, set[UUID]] = {}

    def around(self, state: f.ClaimState) -> Surroundings:
        """Everything outside the claim that its impacts depend on."""
        prefetch_references([state.claim], self.snapshot)
        if not self._links({state.id}):
            return self._surroundings((state,))
        cluster = self.snapshot.joint_evidence(state, self._cluster(state))
        ids = {member.id for member in cluster}
        return self._surroundings(
            cluster,
            self._speakers(ids),
            tuple(self._wholes(ids)),
            superseded=self._superseded(state.id),
        )

    def _speakers(self, ids: set[UUID]) -> tuple[f.ClaimState, ...]:
        """The claims that say any of these. A retracted speech still counts: only undoing the link
        ends it."""
        speeches = {
            link.from_ for link in self._links(ids) if link.type == "says" and link.to in ids
        }
        return tuple(self._read(speeches, f.ClaimState).values())

    def _surroundings(
        self,
        cluster: tuple[f.ClaimState, ...],
        speakers: tuple[f.ClaimState, ...] = (),
        wholes: tuple[Whole, ...] = (),
        *,
        superseded: bool = False,
    ) -> Surroundings:
        members = (claim for whole in wholes for claim in (whole.claim, *whole.parts))
        claims = [*cluster, *speakers, *members]
        citations = [citation for state in claims for citation in state.claim.citations]
        documents = self._read({citation.document for citation in citations}, f.DocumentState)
        chains = {link for citation in citations for link in citation.chain}
        publishers = {document.document.source for document in documents.values()}
        collections = self._read({state.claim.collection for state in claims}, f.CollectionState)
        sources = self._read(publishers | chains, f.SourceState)
        speaking = {source.source.actor for source in sources.values() if source.source.actor}
        parties = {party.actor for state in claims for party in state.claim.parties}
        return Surroundings(
            view=self.view,
            cluster=cluster,
            actors=self._actors(parties | speaking),
            sources=sources,
            documents={key: document.document for key, document in documents.items()},
            collections={key: collection.collection for key, collection in collections.items()},
            speakers=speakers,
            wholes=wholes,
            superseded=superseded,
        )

    def _actors(self, wanted: set[UUID]) -> dict[UUID, Actor]:
        """The actors, the countries that they speak for, and the members of groups and
        organisations, recursively."""
        actors: dict[UUID, Actor] = {}
        while wanted:
            new = {key: state.actor for key, state in self._read(wanted, f.ActorState).items()}
            actors |= new
            wanted = (
                set[UUID]().union(*(related_actors(actor) for actor in new.values()))
                - actors.keys()
            )
        return actors

    def _cluster(self, state: f.ClaimState) -> tuple[f.ClaimState, ...]:
        """The claims that are the same and count, the first asserted at the head.

        Claims in force that do not count in this view still connect others that do. A claim that
        does not count is alone.
        """
        if not self._counts(state):
            return (state,)
        members = {state.id: state}
        reached = {state.id}
        while reached:
            ends = {
                end
                for link in self._links(reached)
                if link.type == "same_as"
                for end in (link.from_, link.to)
            }
            claims = {member.id: member for member in self._claims(ends - members.keys())}
            reached = set(claims)
            members |= claims
        counting = (member for member in members.values() if self._counts(member))
        return tuple(sorted(counting, key=lambda member: member.asserted_at))

    def _wholes(self, ids: set[UUID]) -> Iterator[Whole]:
        """What any of the claims is a part of, with all its parts. Claims that are the same count
        once, as the first of them."""
        wholes = {
            cluster[0].id: cluster
            for whole in self._ends(ids, "from_")
            if self._counts(whole)
            for cluster in [self._cluster(whole)]
        }
        for key in sorted(wholes):
            parts = self._ends({claim.id for claim in wholes[key]}, "to")
            heads = [self._cluster(part)[0] for part in parts if self._counts(part)]
            firsts = {head.id: head for head in heads}
            yield Whole(claim=wholes[key][0], parts=tuple(firsts[part] for part in sorted(firsts)))

    def _ends(self, ids: set[UUID], near: Literal["from_", "to"]) -> tuple[f.ClaimState, ...]:
        """The claims at the far ends of the `part_of` links whose near end is in `ids`."""
        far = "to" if near == "from_" else "from_"
        return self._claims(
            getattr(link, far)
            for link in self._links(ids)
            if link.type == "part_of" and getattr(link, near) in ids
        )

    def _counts(self, state: f.ClaimState) -> bool:
        collection = self._read({state.claim.collection}, f.CollectionState)[state.claim.collection]
        reason = why_not_counted(state, view=self.view, collection=collection.collection)
        return not reason and not self._superseded(state.id)

    def _superseded(self, claim_id: UUID) -> bool:
        newer = self._claims(
            link.from_
            for link in self._links({claim_id})
            if link.type == "supersedes" and link.to == claim_id
        )
        return bool(newer)

    def _claims(self, wanted: Iterable[UUID]) -> tuple[f.ClaimState, ...]:
        """The claims in force."""
        states = self._read(set(wanted), f.ClaimState)
        return tuple(state for state in states.values() if state.status == "standing")

    def _links(self, claims: set[UUID]) -> list[f.LinkState]:
        """The links in force at either end of the claims.

        `link_streams` may have every link ever made, also at later positions; the snapshot filters
        them.
        """
        if unknown := {claim for claim in claims if claim not in self._known_links}:
            self._known_links |= self._link_streams(unknown)
        streams = set[UUID]().union(*(self._known_links[claim] for claim in claims))
        if not streams:
            return []
        links = self._read(streams, f.LinkState)
        return [link for link in links.values() if link.linked]

    def _read[T](self, streams: set[UUID], kind: type[T]) -> dict[UUID, T]:
        self.streams |= streams
        return self.snapshot.all(streams, kind)


def related_actors(actor: Actor) -> set[UUID]:
    """Return the countries that an actor speaks for at any time, the members of a group, and the
    countries that an organisation acts for."""
    spoken_for = {affiliation.country for affiliation in actor.affiliations}
    return spoken_for | {*actor.members} | actor.represented

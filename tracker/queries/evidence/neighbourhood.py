"""Gathers what a claim's impacts depend on at a position, and remembers which streams that was."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal
from uuid import UUID

from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.domain.evidence import Surroundings, Whole, why_not_counted
from tracker.domain.lenses import View
from tracker.domain.records import Actor
from tracker.queries.evidence.snapshot import Snapshot
from tracker.queries.sql import select

# Gives the streams of the links that each claim ever had, of later positions too.
type LinkStreams = Callable[[set[UUID]], Mapping[UUID, set[UUID]]]


def standing_links(claims: set[UUID]) -> Mapping[UUID, set[UUID]]:
    """The links on record at either end of the claims, those undone too."""
    found: dict[UUID, set[UUID]] = {one: set() for one in claims}
    wanted = list(claims)
    for link, *ends in select(
        "SELECT id, from_claim, to_claim FROM standing_link"
        " WHERE from_claim = ANY(%s) OR to_claim = ANY(%s)",
        [wanted, wanted],
    ):
        for end in claims.intersection(ends):
            found[end].add(link)
    return found


def prefetch_references(claims: Iterable[Claim], snapshot: Snapshot) -> None:
    """Read with two questions what would be asked for one by one: the records that claims refer
    to, and those behind these. Nothing where the first are known already."""
    named, actors, documents = set[UUID](), set[UUID](), set[UUID]()
    for claim in claims:
        named.add(claim.collection)
        named.update(link for one in claim.citations for link in one.chain)
        documents.update(one.document for one in claim.citations)
        actors.update(party.actor for party in claim.parties)
    if not snapshot.load(named | actors | documents):
        return
    published = snapshot.sound(documents, f.DocumentState).values()
    behind = [related_actors(one.actor) for one in snapshot.sound(actors, f.ActorState).values()]
    snapshot.load({one.document.source for one in published}.union(*behind))


def prefetch_claims(claims: Iterable[UUID], snapshot: Snapshot) -> None:
    """Read at once what claims say as the snapshot has them, and what they refer to."""
    states = snapshot.sound(claims, f.ClaimState).values()
    prefetch_references([one.claim for one in states], snapshot)


class Neighbourhood:
    """The records and claims around claims of one view, as a snapshot has them.

    `streams` collects all that was looked at: when one of them changes, so may the impacts.
    """

    def __init__(
        self, snapshot: Snapshot, view: View, *, link_streams: LinkStreams = standing_links
    ) -> None:
        self.snapshot = snapshot
        self.view = view
        self.streams: set[UUID] = set()
        self._link_streams = link_streams
        self._known_links: dict[UUID, set[UUID]] = {}

    def around(self, state: f.ClaimState) -> Surroundings:
        """Everything outside the claim that its impacts depend on."""
        prefetch_references([state.claim], self.snapshot)
        if not self._links({state.id}):
            return self._surroundings((state,), (), (), (state,), superseded=False)
        cluster = self._cluster(state)
        ids = {member.id for member in cluster}
        speakers = self._speakers(ids)
        wholes = tuple(self._wholes(ids))
        others = (one for whole in wholes for one in (whole.claim, *whole.parts))
        return self._surroundings(
            cluster,
            speakers,
            wholes,
            (*cluster, *speakers, *others),
            superseded=self._superseded(state.id),
        )

    def _speakers(self, ids: set[UUID]) -> tuple[f.ClaimState, ...]:
        """The claims that say any of these. A retracted speech does not free what it said: only
        undoing the link does."""
        saying = {link.from_ for link in self._links(ids) if link.type == "says" and link.to in ids}
        return tuple(self._see(saying, f.ClaimState).values())

    def _surroundings(
        self,
        cluster: tuple[f.ClaimState, ...],
        speakers: tuple[f.ClaimState, ...],
        wholes: tuple[Whole, ...],
        everybody: Iterable[f.ClaimState],
        *,
        superseded: bool,
    ) -> Surroundings:
        claims = list(everybody)
        documents = self._see(
            {one.document for state in claims for one in state.claim.citations}, f.DocumentState
        )
        chains = {link for state in claims for one in state.claim.citations for link in one.chain}
        publishers = {one.document.source for one in documents.values()}
        collections = self._see({state.claim.collection for state in claims}, f.CollectionState)
        sources = self._see(publishers | chains, f.SourceState)
        speaking = {one.source.actor for one in sources.values() if one.source.actor}
        parties = {party.actor for state in claims for party in state.claim.parties}
        return Surroundings(
            view=self.view,
            cluster=cluster,
            actors=self._actors(parties | speaking),
            sources=sources,
            documents={key: one.document for key, one in documents.items()},
            collections={key: one.collection for key, one in collections.items()},
            speakers=speakers,
            wholes=wholes,
            superseded=superseded,
        )

    def _actors(self, wanted: set[UUID]) -> dict[UUID, Actor]:
        """The actors, the countries they speak for, and the members of groups and of theirs."""
        found: dict[UUID, Actor] = {}
        while wanted:
            new = {key: one.actor for key, one in self._see(wanted, f.ActorState).items()}
            found |= new
            wanted = (
                set[UUID]().union(*(related_actors(actor) for actor in new.values())) - found.keys()
            )
        return found

    def _cluster(self, state: f.ClaimState) -> tuple[f.ClaimState, ...]:
        """The claims that are the same and count, the one asserted first at the head.

        Those that stand but do not count in this view still join others that do. A claim that
        does not count itself is alone.
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
            found = {one.id: one for one in self._claims(ends - members.keys())}
            reached = set(found)
            members |= found
        counting = (one for one in members.values() if self._counts(one))
        return tuple(sorted(counting, key=lambda one: one.asserted_at))

    def _wholes(self, ids: set[UUID]) -> Iterator[Whole]:
        """What any of the claims is a part of, with all its parts; claims that are the same once,
        as the first of them."""
        wholes = {
            cluster[0].id: cluster
            for whole in self._ends(ids, "from_")
            if self._counts(whole)
            for cluster in [self._cluster(whole)]
        }
        for key in sorted(wholes):
            parts = self._ends({one.id for one in wholes[key]}, "to")
            heads = [self._cluster(part)[0] for part in parts if self._counts(part)]
            firsts = {one.id: one for one in heads}
            yield Whole(claim=wholes[key][0], parts=tuple(firsts[one] for one in sorted(firsts)))

    def _ends(self, ids: set[UUID], near: Literal["from_", "to"]) -> tuple[f.ClaimState, ...]:
        """The claims at the far ends of the `part_of` links whose near end is one of `ids`."""
        far = "to" if near == "from_" else "from_"
        return self._claims(
            getattr(link, far)
            for link in self._links(ids)
            if link.type == "part_of" and getattr(link, near) in ids
        )

    def _counts(self, state: f.ClaimState) -> bool:
        collection = self._see({state.claim.collection}, f.CollectionState)[state.claim.collection]
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
        """Those of the claims that stand."""
        found = self._see(set(wanted), f.ClaimState)
        return tuple(one for one in found.values() if one.status == "standing")

    def _links(self, claims: set[UUID]) -> list[f.LinkState]:
        """The links in force at either end of the claims.

        The table holds every link ever made, those of later positions too; the snapshot tells.
        """
        if unknown := {one for one in claims if one not in self._known_links}:
            self._known_links |= self._link_streams(unknown)
        streams = set[UUID]().union(*(self._known_links[one] for one in claims))
        if not streams:
            return []
        found = self._see(streams, f.LinkState)
        return [one for one in found.values() if one.linked]

    def _see[T](self, streams: set[UUID], kind: type[T]) -> dict[UUID, T]:
        self.streams |= streams
        return self.snapshot.all(streams, kind)


def related_actors(actor: Actor) -> set[UUID]:
    """The countries that an actor speaks for at any time, and those it lists as members."""
    return {one.country for one in actor.affiliations} | {*actor.members}

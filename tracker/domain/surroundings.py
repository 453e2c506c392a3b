"""Everything outside a claim that its impacts depend on, as it stood at one position."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from tracker.domain.folding import ClaimState, SourceState
from tracker.domain.lenses import View
from tracker.domain.parties import Actor
from tracker.domain.publications import Collection, Document

SPEAKS_FOR_ITSELF = "government"
NOT_IN_VIEW = "its collection is not in this view"


class Period(NamedTuple):
    """The days from `first` to `last`, both counted."""

    first: date
    last: date


EVER = Period(date.min, date.max)


class Voice(NamedTuple):
    """A party that speaks for a country, and from which sector."""

    party: UUID
    country: UUID
    sector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A claim of which others are parts, and those parts, one for each `same_as` cluster."""

    claim: ClaimState
    parts: tuple[ClaimState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The records that a claim refers to, and the claims it is linked with.

    `cluster`: the claim and all that are the same as it, the one asserted first at the head.
    `speakers`: the claims that say it. `wholes`: what it is a part of.
    Only claims that count in the view are in the cluster and in the wholes; `speakers` are all
    that are linked so.
    """

    view: View
    cluster: tuple[ClaimState, ...]
    actors: Mapping[UUID, Actor]
    sources: Mapping[UUID, SourceState]
    documents: Mapping[UUID, Document]
    collections: Mapping[UUID, Collection]
    speakers: tuple[ClaimState, ...] = ()
    wholes: tuple[Whole, ...] = ()
    superseded: bool = False

    def voices(self, parties: tuple[UUID, ...], period: Period) -> tuple[Voice, ...]:
        """The countries that parties speak for in a period, each with the sector they do it from.

        A state speaks for itself, a group for the members it lists, others as affiliated.
        """
        return tuple(
            Voice(party, country, sector)
            for party in parties
            for country, sector in self._heard(party, period, within=())
        )

    def _heard(
        self, actor_id: UUID, period: Period, *, within: tuple[UUID, ...]
    ) -> Iterator[tuple[UUID, str]]:
        """`within`: the groups on the way here, since one may list another that lists it."""
        actor = self.actors[actor_id]
        if actor.kind == "state":
            yield actor_id, SPEAKS_FOR_ITSELF
            return
        for one in actor.speaks_for(*period):
            if self.actors[one.country].kind == "state":
                yield one.country, one.sector
        for member in actor.members:
            if member not in (*within, actor_id):
                yield from self._heard(member, period, within=(*within, actor_id))

    def code(self, country: UUID) -> str:
        """The code by which a country stands in pairs."""
        return self.actors[country].code or ""


def counts(state: ClaimState, *, view: View, collection: Collection) -> str:
    """Say why a claim does not count in a view by itself, or nothing if it does."""
    if not view.admits(state.claim.collection, collection):
        return NOT_IN_VIEW
    if state.status == "retracted":
        return "it is retracted"
    if state.review == "rejected":
        return "it was rejected in review"
    if collection.review and state.review != "accepted":
        return "its collection scores claims only once they are reviewed"
    return ""

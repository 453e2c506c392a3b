"""Everything outside a claim that its impacts depend on, as it stood at one position."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tracker.domain.folding import ClaimState, SourceState
from tracker.domain.lenses import View
from tracker.domain.parties import Actor
from tracker.domain.publications import Collection, Document

SPEAKS_FOR_ITSELF = "government"


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
    Only claims that count in the view are in any of them.
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

    def countries(self, actors: tuple[UUID, ...], day: date) -> dict[UUID, set[str]]:
        """The countries that actors speak for on a day, each with the sectors of those actors."""
        found: dict[UUID, set[str]] = {}
        for one in actors:
            for country, sector in self._voices(one, day):
                found.setdefault(country, set()).add(sector)
        return found

    def _voices(self, actor_id: UUID, day: date) -> list[tuple[UUID, str]]:
        """A state speaks for itself, a group for the members it lists, others as affiliated."""
        actor = self.actors[actor_id]
        if actor.kind == "state":
            return [(actor_id, SPEAKS_FOR_ITSELF)]
        voices: list[tuple[UUID, str]] = [
            (one.country, one.sector) for one in actor.speaks_for(day)
        ]
        voices += [
            (member, SPEAKS_FOR_ITSELF)
            for member in actor.members
            if self.actors[member].kind == "state"
        ]
        return voices

    def code(self, country: UUID) -> str:
        """The code by which a country stands in pairs."""
        return self.actors[country].code or ""


def counts(state: ClaimState, *, view: View, collection: Collection) -> str:
    """Say why a claim does not count in a view by itself, or nothing if it does."""
    if state.claim.collection not in view.collections:
        return "its collection is not in this view"
    if state.status == "retracted":
        return "it is retracted"
    if state.review == "rejected":
        return "it was rejected in review"
    if collection.review and state.review != "accepted":
        return "its collection scores claims only once they are reviewed"
    return ""

"""What a stream of each noun says at some point of the log."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from tracker.domain import events as e
from tracker.domain.claims import Claim
from tracker.domain.lenses import Lens
from tracker.domain.parties import Actor
from tracker.domain.publications import Collection, Document, Rating, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimState:
    """A claim as it stands.

    `asserted_at` is the position of its first event, `judged_at` those of its verdicts.
    """

    id: UUID
    claim: Claim
    asserted_at: int
    status: Literal["standing", "retracted"] = "standing"
    review: Literal["accepted", "rejected"] | None = None
    verdicts: tuple[e.VerdictGiven, ...] = ()
    judged_at: tuple[int, ...] = ()
    resolution: e.ForecastResolved | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """A link between two claims, and whether it is in force."""

    id: UUID
    type: e.LinkType
    from_: UUID
    to: UUID
    linked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorState:
    id: UUID
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A source with its grades, in the order in which they were given."""

    id: UUID
    source: Source
    ratings: tuple[Rating, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentState:
    id: UUID
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionState:
    id: UUID
    collection: Collection


@dataclass(frozen=True, slots=True, kw_only=True)
class LensState:
    """A lens with all its versions: version n stands at index n − 1."""

    id: UUID
    versions: tuple[Lens, ...]
    defined_at: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportState:
    id: UUID
    record: e.ImportRecorded


type State = (
    ClaimState
    | LinkState
    | ActorState
    | SourceState
    | DocumentState
    | CollectionState
    | LensState
    | ImportState
)

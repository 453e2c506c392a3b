"""Events in order become the state of one stream."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import UUID

from tracker.domain import events as e
from tracker.domain.claims import Claim
from tracker.domain.lenses import Lens
from tracker.domain.parties import Actor
from tracker.domain.publications import Collection, Document, Rating, Source


class OutOfOrder(ValueError):
    """The event cannot follow what the stream already says; the message says what can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimState:
    """A claim as it stands. `asserted_at` is the position of its first event."""

    id: UUID
    claim: Claim
    asserted_at: int
    status: Literal["standing", "retracted"] = "standing"
    review: Literal["accepted", "rejected"] | None = None
    verdicts: tuple[e.VerdictGiven, ...] = ()
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An event in its stream, at its position."""

    stream: UUID
    position: int
    event: e.Event = field(repr=False)


def fold(entries: Iterable[Entry], state: State | None = None) -> State | None:
    """Give the state of one stream after `entries`, from nothing or from an earlier state.

    :raises OutOfOrder: where an event cannot follow the one before.
    """
    for entry in entries:
        state = _STEPS[type(entry.event)](state, entry)
    return state


def _asserted(state: Any, entry: Any) -> ClaimState:
    if state is not None:
        raise OutOfOrder("this claim was asserted before: correct it instead")
    return ClaimState(id=entry.stream, claim=entry.event.claim, asserted_at=entry.position)


def _claim(state: Any, wanted: str) -> ClaimState:
    if not isinstance(state, ClaimState):
        raise OutOfOrder("there is no such claim: assert it first")
    if state.status != wanted:
        raise OutOfOrder(
            "this claim is retracted: reinstate it first"
            if wanted == "standing"
            else "this claim stands: there is nothing to reinstate"
        )
    return state


def _corrected(state: Any, entry: Any) -> ClaimState:
    return replace(_claim(state, "standing"), claim=entry.event.claim)


def _retracted(state: Any, _entry: Any) -> ClaimState:
    return replace(_claim(state, "standing"), status="retracted")


def _reinstated(state: Any, _entry: Any) -> ClaimState:
    return replace(_claim(state, "retracted"), status="standing")


def _cited(state: Any, entry: Any) -> ClaimState:
    held = _claim(state, "standing")
    citations = (*held.claim.citations, entry.event.citation)
    return replace(held, claim=replace(held.claim, citations=citations))


def _judged(state: Any, entry: Any) -> ClaimState:
    held = _claim(state, "standing")
    return replace(held, verdicts=(*held.verdicts, entry.event))


def _reviewed(state: Any, entry: Any) -> ClaimState:
    return replace(_claim(state, "standing"), review=entry.event.outcome)


def _resolved(state: Any, entry: Any) -> ClaimState:
    held = _claim(state, "standing")
    if held.claim.kind != "forecast":
        raise OutOfOrder("only a forecast can be resolved")
    return replace(held, resolution=entry.event)


def _linked(state: Any, entry: Any) -> LinkState:
    if state is not None and state.linked:
        raise OutOfOrder("these claims are linked so already")
    event = entry.event
    return LinkState(id=entry.stream, type=event.type, from_=event.from_, to=event.to)


def _unlinked(state: Any, _entry: Any) -> LinkState:
    if not isinstance(state, LinkState) or not state.linked:
        raise OutOfOrder("these claims are not linked so")
    return replace(state, linked=False)


def _actor(_state: Any, entry: Any) -> ActorState:
    return ActorState(id=entry.stream, actor=entry.event.actor)


def _source(state: Any, entry: Any) -> SourceState:
    ratings = () if state is None else state.ratings
    return SourceState(id=entry.stream, source=entry.event.source, ratings=ratings)


def _rated(state: Any, entry: Any) -> SourceState:
    if not isinstance(state, SourceState):
        raise OutOfOrder("there is no such source: describe it first")
    rating = Rating(grade=entry.event.grade, since=entry.event.since)
    return replace(state, ratings=(*state.ratings, rating))


def _document(_state: Any, entry: Any) -> DocumentState:
    return DocumentState(id=entry.stream, document=entry.event.document)


def _collection(_state: Any, entry: Any) -> CollectionState:
    return CollectionState(id=entry.stream, collection=entry.event.collection)


def _lens(state: Any, entry: Any) -> LensState:
    before: LensState = state or LensState(id=entry.stream, versions=(), defined_at=())
    return replace(
        before,
        versions=(*before.versions, entry.event.lens),
        defined_at=(*before.defined_at, entry.position),
    )


def _import(_state: Any, entry: Any) -> ImportState:
    return ImportState(id=entry.stream, record=entry.event)


def _withheld(state: Any, _entry: Any) -> State:
    if state is None:
        raise OutOfOrder("there is nothing to withhold")
    return state  # type: ignore[no-any-return]


_STEPS: dict[type[Any], Callable[[Any, Any], State]] = {
    e.ClaimAsserted: _asserted,
    e.ClaimCorrected: _corrected,
    e.ClaimRetracted: _retracted,
    e.ClaimReinstated: _reinstated,
    e.CitationAdded: _cited,
    e.VerdictGiven: _judged,
    e.ClaimReviewed: _reviewed,
    e.ForecastResolved: _resolved,
    e.ClaimsLinked: _linked,
    e.ClaimsUnlinked: _unlinked,
    e.ActorDescribed: _actor,
    e.SourceDescribed: _source,
    e.SourceRated: _rated,
    e.DocumentDescribed: _document,
    e.CollectionDescribed: _collection,
    e.LensDefined: _lens,
    e.ImportRecorded: _import,
    e.TextWithheld: _withheld,
}

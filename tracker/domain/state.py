"""Events in order become the state of one stream."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import fields
from tracker.domain.claims import Claim
from tracker.domain.lenses import Lens
from tracker.domain.problems import Conflict
from tracker.domain.records import Actor, Collection, Document, Rating, Source

_MOST_CITATIONS = fields.limit(Claim, "citations").entries


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


__all__ = [
    "ActorState",
    "ClaimState",
    "CollectionState",
    "DocumentState",
    "Entry",
    "ImportState",
    "LensState",
    "LinkState",
    "OutOfOrder",
    "SourceState",
    "State",
    "fold",
]


class OutOfOrder(Conflict):
    """The event cannot follow what the stream already says; the message says what can."""


class Entry(NamedTuple):
    """An event in its stream, at its position."""

    stream: UUID
    position: int
    event: e.Event


def fold(entries: Iterable[Entry], state: State | None = None) -> State | None:
    """Give the state of one stream after `entries`, from nothing or from an earlier state.

    :raises OutOfOrder: where an event cannot follow the one before.
    """
    for entry in entries:
        state = _STEPS[type(entry.event)](state, entry)
    return state


def _held[S](state: Any, kind: type[S]) -> S:
    """The state, which must be of a class.

    :raises OutOfOrder: if the stream is empty, or something else's.
    """
    if state is None:
        raise OutOfOrder(f"there is no such {_NOUNS[kind].split()[1]}")
    if not isinstance(state, kind):
        raise OutOfOrder(f"this is the stream of {_NOUNS[type(state)]}, not of {_NOUNS[kind]}")
    return state


def _before[S](state: Any, kind: type[S]) -> S | None:
    """The same, where there may be none yet."""
    return None if state is None else _held(state, kind)


def _asserted(state: Any, entry: Any) -> ClaimState:
    if _before(state, ClaimState) is not None:
        raise OutOfOrder("this claim was asserted before: correct it instead")
    return ClaimState(id=entry.stream, claim=entry.event.claim, asserted_at=entry.position)


def _standing(state: Any) -> ClaimState:
    held = _held(state, ClaimState)
    if held.status != "standing":
        raise OutOfOrder("this claim is retracted: reinstate it first")
    return held


def _corrected(state: Any, entry: Any) -> ClaimState:
    held = _standing(state)
    if entry.event.claim.collection != held.claim.collection:
        raise OutOfOrder("a claim stays in its collection: retract it and assert it in the other")
    return replace(held, claim=entry.event.claim)


def _retracted(state: Any, _entry: Any) -> ClaimState:
    return replace(_standing(state), status="retracted")


def _reinstated(state: Any, _entry: Any) -> ClaimState:
    held = _held(state, ClaimState)
    if held.status != "retracted":
        raise OutOfOrder("this claim stands: there is nothing to reinstate")
    return replace(held, status="standing")


def _cited(state: Any, entry: Any) -> ClaimState:
    held = _standing(state)
    citations = (*held.claim.citations, entry.event.citation)
    if len(citations) > _MOST_CITATIONS:
        raise OutOfOrder(f"this claim has {_MOST_CITATIONS} citations: it takes no more")
    return replace(held, claim=replace(held.claim, citations=citations))


def _judged(state: Any, entry: Any) -> ClaimState:
    held = _standing(state)
    return replace(
        held,
        verdicts=(*held.verdicts, entry.event),
        judged_at=(*held.judged_at, entry.position),
    )


def _reviewed(state: Any, entry: Any) -> ClaimState:
    return replace(_standing(state), review=entry.event.outcome)


def _resolved(state: Any, entry: Any) -> ClaimState:
    held = _standing(state)
    if held.claim.kind != "forecast":
        raise OutOfOrder("only a forecast can be resolved")
    return replace(held, resolution=entry.event)


def _linked(state: Any, entry: Any) -> LinkState:
    held = _before(state, LinkState)
    if held is not None and held.linked:
        raise OutOfOrder("these claims are linked so already")
    event = _own(entry)
    return LinkState(id=entry.stream, type=event.type, from_=event.from_, to=event.to)


def _unlinked(state: Any, entry: Any) -> LinkState:
    held = _before(state, LinkState)
    if held is None or not held.linked:
        raise OutOfOrder("these claims are not linked so")
    _own(entry)
    return replace(held, linked=False)


def _own(entry: Any) -> e.ClaimsLinked | e.ClaimsUnlinked:
    """The event about a link, whose stream follows from what it links."""
    event: e.ClaimsLinked | e.ClaimsUnlinked = entry.event
    if entry.stream != e.link_id(event.type, event.from_, event.to):
        raise OutOfOrder("this is the stream of another link")
    return event


def _actor(state: Any, entry: Any) -> ActorState:
    _before(state, ActorState)
    return ActorState(id=entry.stream, actor=entry.event.actor)


def _source(state: Any, entry: Any) -> SourceState:
    held = _before(state, SourceState)
    ratings = held.ratings if held else ()
    return SourceState(id=entry.stream, source=entry.event.source, ratings=ratings)


def _rated(state: Any, entry: Any) -> SourceState:
    held = _held(state, SourceState)
    rating = Rating(reliability=entry.event.reliability, since=entry.event.since)
    return replace(held, ratings=(*held.ratings, rating))


def _document(state: Any, entry: Any) -> DocumentState:
    _before(state, DocumentState)
    return DocumentState(id=entry.stream, document=entry.event.document)


def _collection(state: Any, entry: Any) -> CollectionState:
    _before(state, CollectionState)
    return CollectionState(id=entry.stream, collection=entry.event.collection)


def _lens(state: Any, entry: Any) -> LensState:
    held = _before(state, LensState)
    lens = entry.event.lens
    if held is None:
        return LensState(id=entry.stream, versions=(lens,), defined_at=(entry.position,))
    if lens.name != held.versions[0].name:
        raise OutOfOrder(f"a lens keeps its name, {held.versions[0].name}: scores are cited by it")
    return replace(
        held,
        versions=(*held.versions, lens),
        defined_at=(*held.defined_at, entry.position),
    )


def _import(state: Any, entry: Any) -> ImportState:
    _before(state, ImportState)
    return ImportState(id=entry.stream, record=entry.event)


def _withheld(state: Any, _entry: Any) -> State:
    if state is None:
        raise OutOfOrder("there is nothing to withhold")
    return state  # type: ignore[no-any-return]


_NOUNS: dict[type[Any], str] = {
    ClaimState: "a claim",
    LinkState: "a link",
    ActorState: "an actor",
    SourceState: "a source",
    DocumentState: "a document",
    CollectionState: "a collection",
    LensState: "a lens",
    ImportState: "an import",
}
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

"""The state of a stream, folded from its events in order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import fields
from tracker.domain.claims import Claim
from tracker.domain.lenses import Lens
from tracker.domain.problems import Conflict
from tracker.domain.proposed import Proposed
from tracker.domain.records import Actor, Collection, Document, Rating, Source

MOST_CITATIONS = fields.limit(Claim, "citations").entries


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimState:
    """The current state of a claim.

    `asserted_at` is the position of its first event; `judged_at` are those of its verdicts.
    `proposed` is what a reader proposed before the claim was entered.
    """

    id: UUID
    claim: Claim
    asserted_at: int
    status: Literal["standing", "retracted"] = "standing"
    review: Literal["accepted", "rejected"] | None = None
    verdicts: tuple[e.VerdictGiven, ...] = ()
    judged_at: tuple[int, ...] = ()
    resolution: e.ForecastResolved | None = None
    proposed: Proposed | None = None


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
    """A source with its ratings, in the order in which they were given."""

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
    """A lens with all its versions: version n is at index n − 1."""

    id: UUID
    versions: tuple[Lens, ...]
    defined_at: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportState:
    id: UUID
    record: e.ImportRecorded


@dataclass(frozen=True, slots=True, kw_only=True)
class LogState:
    """What happened to the log as a whole."""

    id: UUID
    reopenings: tuple[e.LogReopened, ...] = ()
    rotations: tuple[e.SealKeyRotated, ...] = ()


type State = (
    ClaimState
    | LinkState
    | ActorState
    | SourceState
    | DocumentState
    | CollectionState
    | LensState
    | ImportState
    | LogState
)


class OutOfOrder(Conflict):
    """The event cannot follow the current state; the message says what can."""


class Entry(NamedTuple):
    """An event in its stream, at its position."""

    stream: UUID
    position: int
    event: e.Event


def fold(entries: Iterable[Entry], state: State | None = None) -> State | None:
    """Return the state of one stream after `entries`, starting from `state`.

    :raises OutOfOrder: if an event cannot follow the one before.
    """
    for entry in entries:
        state = _STEPS[type(entry.event)](state, entry)
    return state


def _require[S](state: Any, kind: type[S]) -> S:
    """The state, which must be of a class.

    :raises OutOfOrder: if the stream is empty, or something else's.
    """
    if state is None:
        raise OutOfOrder(f"there is no such {_NOUNS[kind].split()[1]}")
    if not isinstance(state, kind):
        raise OutOfOrder(f"this is the stream of {_NOUNS[type(state)]}, not of {_NOUNS[kind]}")
    return state


def _optional[S](state: Any, kind: type[S]) -> S | None:
    """Return the state, which may not exist yet but must be of a class."""
    return None if state is None else _require(state, kind)


def _assert(state: Any, entry: Any) -> ClaimState:
    if _optional(state, ClaimState) is not None:
        raise OutOfOrder("this claim was asserted before: correct it instead")
    return ClaimState(
        id=entry.stream,
        claim=entry.event.claim,
        asserted_at=entry.position,
        proposed=entry.event.proposed,
    )


def _require_standing(state: Any) -> ClaimState:
    current = _require(state, ClaimState)
    if current.status != "standing":
        raise OutOfOrder("this claim is retracted: reinstate it first")
    return current


def _correct(state: Any, entry: Any) -> ClaimState:
    current = _require_standing(state)
    if entry.event.claim.collection != current.claim.collection:
        raise OutOfOrder("a claim stays in its collection: retract it and assert it in the other")
    return replace(current, claim=entry.event.claim)


def _retract(state: Any, _entry: Any) -> ClaimState:
    return replace(_require_standing(state), status="retracted")


def _reinstate(state: Any, _entry: Any) -> ClaimState:
    current = _require(state, ClaimState)
    if current.status != "retracted":
        raise OutOfOrder("this claim is not retracted: there is nothing to reinstate")
    return replace(current, status="standing")


def _add_citation(state: Any, entry: Any) -> ClaimState:
    current = _require_standing(state)
    citations = (*current.claim.citations, entry.event.citation)
    if len(citations) > MOST_CITATIONS:
        raise OutOfOrder(f"this claim has {MOST_CITATIONS} citations, the maximum")
    return replace(current, claim=replace(current.claim, citations=citations))


def _add_verdict(state: Any, entry: Any) -> ClaimState:
    current = _require_standing(state)
    return replace(
        current,
        verdicts=(*current.verdicts, entry.event),
        judged_at=(*current.judged_at, entry.position),
    )


def _review(state: Any, entry: Any) -> ClaimState:
    return replace(_require_standing(state), review=entry.event.outcome)


def _resolve(state: Any, entry: Any) -> ClaimState:
    current = _require_standing(state)
    if current.claim.kind != "forecast":
        raise OutOfOrder("only a forecast can be resolved")
    return replace(current, resolution=entry.event)


def _link(state: Any, entry: Any) -> LinkState:
    current = _optional(state, LinkState)
    if current is not None and current.linked:
        raise OutOfOrder("the claims already have this link")
    event = _check_link(entry)
    return LinkState(id=entry.stream, type=event.type, from_=event.from_, to=event.to)


def _unlink(state: Any, entry: Any) -> LinkState:
    current = _optional(state, LinkState)
    if current is None or not current.linked:
        raise OutOfOrder("the claims do not have this link")
    _check_link(entry)
    return replace(current, linked=False)


def _check_link(entry: Any) -> e.ClaimsLinked | e.ClaimsUnlinked:
    """Check that the stream of a link event follows from what it links."""
    event: e.ClaimsLinked | e.ClaimsUnlinked = entry.event
    if entry.stream != e.link_id(event.type, event.from_, event.to):
        raise OutOfOrder("this is the stream of another link")
    return event


def _describe[S](kind: type[S], field: str) -> Callable[[Any, Any], S]:
    """The step of an event that describes the whole record in one field."""

    def step(state: Any, entry: Any) -> S:
        _optional(state, kind)
        return kind(**{"id": entry.stream, field: getattr(entry.event, field)})

    return step


def _describe_source(state: Any, entry: Any) -> SourceState:
    current = _optional(state, SourceState)
    ratings = current.ratings if current else ()
    return SourceState(id=entry.stream, source=entry.event.source, ratings=ratings)


def _rate_source(state: Any, entry: Any) -> SourceState:
    current = _require(state, SourceState)
    rating = Rating(reliability=entry.event.reliability, since=entry.event.since)
    return replace(current, ratings=(*current.ratings, rating))


def _define_lens(state: Any, entry: Any) -> LensState:
    current = _optional(state, LensState)
    lens = entry.event.lens
    if current is None:
        return LensState(id=entry.stream, versions=(lens,), defined_at=(entry.position,))
    if lens.name != current.versions[0].name:
        raise OutOfOrder(
            f"a lens keeps its name, {current.versions[0].name}: scores are cited by it"
        )
    return replace(
        current,
        versions=(*current.versions, lens),
        defined_at=(*current.defined_at, entry.position),
    )


def _record_import(state: Any, entry: Any) -> ImportState:
    _optional(state, ImportState)
    return ImportState(id=entry.stream, record=entry.event)


def _withhold_text(state: Any, _entry: Any) -> State:
    if state is None:
        raise OutOfOrder("there is nothing to withhold")
    return state  # type: ignore[no-any-return]


def _reopen(state: Any, entry: Any) -> LogState:
    before = _optional(state, LogState) or LogState(id=entry.stream)
    return replace(before, reopenings=(*before.reopenings, entry.event))


def _rotate_key(state: Any, entry: Any) -> LogState:
    before = _optional(state, LogState) or LogState(id=entry.stream)
    return replace(before, rotations=(*before.rotations, entry.event))


_NOUNS: dict[type[Any], str] = {
    ClaimState: "a claim",
    LinkState: "a link",
    ActorState: "an actor",
    SourceState: "a source",
    DocumentState: "a document",
    CollectionState: "a collection",
    LensState: "a lens",
    ImportState: "an import",
    LogState: "the log",
}
_STEPS: dict[type[Any], Callable[[Any, Any], State]] = {
    e.ClaimAsserted: _assert,
    e.ClaimCorrected: _correct,
    e.ClaimRetracted: _retract,
    e.ClaimReinstated: _reinstate,
    e.CitationAdded: _add_citation,
    e.VerdictGiven: _add_verdict,
    e.ClaimReviewed: _review,
    e.ForecastResolved: _resolve,
    e.ClaimsLinked: _link,
    e.ClaimsUnlinked: _unlink,
    e.ActorDescribed: _describe(ActorState, "actor"),
    e.SourceDescribed: _describe_source,
    e.SourceRated: _rate_source,
    e.DocumentDescribed: _describe(DocumentState, "document"),
    e.CollectionDescribed: _describe(CollectionState, "collection"),
    e.LensDefined: _define_lens,
    e.ImportRecorded: _record_import,
    e.TextWithheld: _withhold_text,
    e.LogReopened: _reopen,
    e.SealKeyRotated: _rotate_key,
}

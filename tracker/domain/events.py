"""The kinds of event in the log, and their permanent encoding.

A new optional field gets a default and keeps the schema. A changed meaning is a new kind, or a new
schema with its upcaster in `UPCASTERS`. `fixtures/shapes/` has one body per shape.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, get_args
from uuid import UUID, uuid5

from tracker.domain import codec
from tracker.domain.claims import Citation, Claim
from tracker.domain.codec import Plain
from tracker.domain.fields import DIGEST, SLUG, Most, Reason, RequiredReason, Size, Words, text
from tracker.domain.lenses import Lens
from tracker.domain.proposed import Proposed
from tracker.domain.records import Actor, Collection, Document, Reliability, Source

# The namespace of ids that are derived from content (seed, imports, links) by uuid5.
NAMESPACE = UUID("331823dd-0988-470a-9d45-e95f3ddfd0cc")
# The stream of what happened to the log as a whole.
LOG_STREAM = uuid5(NAMESPACE, "log")

LinkType = Literal["says", "causes", "part_of", "same_as", "supersedes", "contradicts"]
Verdict = Literal["confirmed", "disputed", "false", "unverifiable"]


class UnknownShape(ValueError):
    """An event of a kind or schema that this code cannot read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAsserted:
    """A new claim. `proposed` is what a reader of its article proposed, if a person took it from
    there.
    """

    claim: Claim
    proposed: Proposed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCorrected:
    """The complete new claim, with all its citations."""

    claim: Claim
    reason: RequiredReason = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRetracted:
    reason: RequiredReason = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimReinstated:
    reason: RequiredReason = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationAdded:
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictGiven:
    """`source` gave the verdict; None is the desk itself. With `parties` it applies
    only to those.
    """

    verdict: Verdict
    source: Annotated[UUID | None, "who judged; default: the desk"] = None
    document: UUID | None = None
    parties: Annotated[tuple[UUID, ...], Most(100), "only for these; default: the whole claim"] = ()
    reason: RequiredReason = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimReviewed:
    outcome: Literal["accepted", "rejected"]
    note: Reason = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastResolved:
    """The outcome of a forecast, and the document that shows it."""

    outcome: Literal["happened", "did not happen", "void"]
    resolved_on: Annotated[date, "the day on which the outcome was decided"]
    document: Annotated[UUID | None, "the document that shows the outcome"] = None
    reason: RequiredReason = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsLinked:
    """A link from one claim to another; its stream is `link_id(type, from, to)`."""

    type: LinkType
    from_: UUID
    to: UUID
    note: Reason = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsUnlinked:
    type: LinkType
    from_: UUID
    to: UUID
    reason: RequiredReason = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorDescribed:
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDescribed:
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRated:
    reliability: Reliability
    since: date
    reason: RequiredReason = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDescribed:
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionDescribed:
    collection: Collection


@dataclass(frozen=True, slots=True, kw_only=True)
class LensDefined:
    lens: Lens


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """Positions of the log from `first` to `last`, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRecorded:
    """The import of a file: its name and format, the collection of its claims (of the first claim,
    if there are several), its SHA-256, and counts by outcome.

    `positions`: the spans of the log that only this import wrote. Empty for imports before spans
    were recorded, and for an import with too many spans.
    """

    name: Annotated[str, Words(200, required="give the name of the file")]
    format: Annotated[str, SLUG._replace(required="give the format of the file")]
    collection: UUID
    file_sha256: Annotated[str, DIGEST._replace(required="give the digest of the file")]
    counts: Annotated[Mapping[str, Any], Size(2_000)]
    positions: Annotated[tuple[Positions, ...], Most(20_000)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextWithheld:
    """The text of the event at `position` is deleted; the event itself remains."""

    position: int
    reason: RequiredReason
    authority: Annotated[str, Words(500, required="say who decided it")]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReopened:
    """The log goes on after a loss or with another key, as another incarnation. Its checkpoints
    have another origin from here on; `checkpoint` is the last one before, as a signed note.

    `lost_from`: the first position of which another event may have been read before; None if no
    event was lost.
    """

    incarnation: UUID
    lost_from: int | None = None
    checkpoint: Annotated[str, Words(20_000, lines=True)] = ""
    reason: RequiredReason
    authority: Annotated[str, Words(500, required="say who decided it")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealKeyRotated:
    """Another key signs the checkpoints of the log. The key before signs them too for 30 days. Both
    are public keys as C2SP `signed-note` writes them."""

    before: Annotated[str, Words(1_000, required="give the key before")]
    key: Annotated[str, Words(1_000, required="give the key")]
    reason: RequiredReason
    authority: Annotated[str, Words(500, required="say who decided it")]


type Event = (
    ClaimAsserted
    | ClaimCorrected
    | ClaimRetracted
    | ClaimReinstated
    | CitationAdded
    | VerdictGiven
    | ClaimReviewed
    | ForecastResolved
    | ClaimsLinked
    | ClaimsUnlinked
    | ActorDescribed
    | SourceDescribed
    | SourceRated
    | DocumentDescribed
    | CollectionDescribed
    | LensDefined
    | ImportRecorded
    | TextWithheld
    | LogReopened
    | SealKeyRotated
)

# The class of every shape that was ever written, by kind and schema.
SHAPES: dict[tuple[str, int], type[Event]] = {
    (shape.__name__, 1): shape for shape in get_args(Event.__value__)
}
# Converts the merged body of an old shape to that of its class, where they differ.
UPCASTERS: dict[tuple[str, int], Callable[[Plain], Plain]] = {}
# The current schema of each kind.
SCHEMA: dict[str, int] = dict(sorted(SHAPES))


def encode(event: Event) -> tuple[str, int, Plain, Plain]:
    """Return the kind, schema, body and text of an event, as the log stores them."""
    kind = type(event).__name__
    body, words = codec.split(event)
    return kind, SCHEMA[kind], body, words


def decode(kind: str, schema: int, body: Plain, words: Plain | None = None) -> Event:
    """Read an event of any shape ever written. Withheld text is None and becomes empty.

    :raises UnknownShape: for a kind or schema that this code cannot read.
    :raises codec.BadShape: for a body that does not have its shape.
    """
    shape = SHAPES.get((kind, schema))
    if shape is None:
        raise UnknownShape(
            f"this version of Entente cannot read {kind}, schema {schema}: "
            "start one that is at least as new as the one that wrote it"
        )
    merged = codec.merge(body, words) if words else body
    upcast = UPCASTERS.get((kind, schema))
    return codec.build(shape, upcast(merged) if upcast else merged)


def link_id(kind: LinkType, from_: UUID, to: UUID) -> UUID:
    """Return the stream of the link between two claims."""
    return uuid5(NAMESPACE, f"link:{kind}{from_}{to}")

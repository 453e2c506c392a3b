"""What an importer makes of a row: a claim whose parties and sources are still names, or the
reason why it is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from tracker.domain.codec import Plain
from tracker.domain.events import Event
from tracker.domain.records import ActorKind, Ownership, Reliability, Responsibility, Role, Sector

SourceKind = Literal["outlet", "agency", "firm", "organisation", "person"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A reliability that the mapping gives, from a day on, and why."""

    reliability: Reliability
    since: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSource:
    """A source by its name, with what to say of it where it is not on record yet.

    `country` is a name or a code; `column` is where the name stands, empty for a constant. `id` is
    that of a record that was exported.
    """

    name: str
    column: str = ""
    kind: SourceKind = "outlet"
    country: str = ""
    ownership: Ownership | None = None
    grade: Grade | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedParty:
    """A party by the name or the code of its actor.

    With a `sector`, the actor is all that speak from it for the country with the code `country`;
    it is made with the code `name`, called `called`, where it is not on record. `id` is that of an
    actor that was exported, and `kind` its kind.
    """

    role: Role
    name: str
    column: str = ""
    called: str = ""
    country: str = ""
    sector: Sector | None = None
    responsibility: Responsibility | None = None
    kind: ActorKind | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A citation of a claim that has several. `id` is that of a document that was exported."""

    citation: Plain
    document: Plain
    publisher: NamedSource
    chain: tuple[NamedSource, ...]
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftClaim:
    """A row as a claim, before its names are looked up.

    `key` follows from the row's content, and the claim's id from `key`. `fields`, `citation` and
    `document` are plain values of those records without the ids in them; `columns` says where a
    field's value stands, by its pointer in the claim ("/occurred/edtf"), and `cells` what does.
    `remarks` are said of the row and counted; they are no fault. `retold`: other rows with its key
    report the same event; where it is not, they must be the same row again.

    A claim that was exported keeps its `id`, that of its first document (`document_id`), and the
    name and the id of its `collection`; it may have `further` citations, and bring along the
    `records` that it refers to: by id the events that make each, those before that others refer to.
    `said_by`: the party that says what the claim says, which makes a second claim, the statement.
    `later` are the events that judge it, in their order, and those that link it with other claims.
    """

    line: int
    key: str
    fields: Plain
    parties: tuple[NamedParty, ...]
    citation: Plain
    document: Plain
    publisher: NamedSource
    chain: tuple[NamedSource, ...]
    columns: Mapping[str, str]
    cells: Mapping[str, str]
    remarks: tuple[str, ...] = ()
    retold: bool = False
    id: UUID | None = None
    document_id: UUID | None = None
    collection: str = ""
    collection_id: UUID | None = None
    further: tuple[Cited, ...] = ()
    records: Mapping[UUID, tuple[Event, ...]] = field(default_factory=dict)
    later: tuple[Event, ...] = ()
    said_by: NamedParty | None = None

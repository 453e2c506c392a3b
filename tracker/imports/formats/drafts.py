"""The result of reading a row: a claim whose parties and sources are still names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from tracker.domain.claims import Basis
from tracker.domain.codec import Plain
from tracker.domain.events import Event
from tracker.domain.records import ActorKind, Ownership, Reliability, Responsibility, Role, Sector

SourceKind = Literal["outlet", "agency", "firm", "organisation", "person"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A reliability from a mapping, from a day on, with its reason."""

    reliability: Reliability
    since: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSource:
    """A source by its name. The other fields describe it if it is not on record yet.

    `country` is a name or a code. `column` is that of the name, empty for a constant. `id` is that
    of an exported record.
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

    With a `sector`, the actor is that sector of the country with the code `country`. If it is not
    on record, it is created with the code `name` and the name `actor_name`. `id` and `kind` are
    those of an exported actor. `former`: the name is the code of a state on the date of the claim,
    which may be a former one.
    """

    role: Role
    name: str
    column: str = ""
    actor_name: str = ""
    country: str = ""
    sector: Sector | None = None
    responsibility: Responsibility | None = None
    kind: ActorKind | None = None
    id: UUID | None = None
    former: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCitation:
    """A citation of a claim that has several. `id` is that of an exported document."""

    citation: Plain
    document: Plain
    publisher: NamedSource
    chain: tuple[NamedSource, ...]
    id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftClaim:
    """A row as a claim, before its names are looked up.

    `key` is derived from the content of the row, and the id of the claim from `key`. `fields`,
    `citation` and `document` are plain values of these records without the ids in them. `columns`
    has the column of each field, by its pointer in the claim ("/occurred/edtf"), and `cells` the
    text in each column. `remarks` are counted; they are not errors. `repeatable`: other rows with
    the same key report the same event; otherwise they must be equal.

    An exported claim keeps its `id`, that of its first document (`document_id`), and the name and
    the id of its `collection`. It can have `more_citations`, the `records` that it refers to (by id
    the events that describe each, after the records that it refers to itself), and `follow_ups`:
    the events that judge it, in order, and those that link it with other claims. `said_by` is the
    party that makes the claim; it results in a second claim, the statement.
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
    repeatable: bool = False
    id: UUID | None = None
    document_id: UUID | None = None
    collection: str = ""
    collection_id: UUID | None = None
    more_citations: tuple[DraftCitation, ...] = ()
    records: Mapping[UUID, tuple[Event, ...]] = field(default_factory=dict)
    follow_ups: tuple[Event, ...] = ()
    said_by: NamedParty | None = None


class Story(NamedTuple):
    """The report of an event, by its address or by a title. `published` is an ISO date, empty if it
    is unknown; `locator` is the place in the report, empty if it is not given."""

    publisher: NamedSource
    url: str = ""
    title: str = ""
    published: str = ""
    locator: str = ""

    @property
    def document(self) -> Plain:
        """The document as a plain value."""
        document: Plain = {"url": self.url} if self.url else {"title": self.title}
        if self.published:
            document["date"] = self.published
        return document

    @property
    def citation(self) -> Plain:
        """The citation as a plain value."""
        return {"locator": self.locator} if self.locator else {}


class PlainDraft(NamedTuple):
    """A row of an archive as a plain claim: an act on a day, told in one story. It is lighter than
    a `DraftClaim`, which `claim` makes of it.

    `key`, `columns` and `remarks` are those of the `DraftClaim`, `row_key` is the key of its claim,
    and `cells` gives its cells. `day` is an ISO date. `former`: how the row was read before its
    persons stood for their offices.
    """

    line: int
    key: str
    row_key: str
    day: str
    basis: Basis
    code: str
    initiators: tuple[NamedParty, ...]
    recipients: tuple[NamedParty, ...]
    contexts: tuple[str, ...]
    summary: str
    note: str
    remarks: tuple[str, ...]
    story: Story
    columns: Mapping[str, str]
    cells: Callable[[], Mapping[str, str]]
    former: "FormerDraft | None" = None

    @property
    def repeatable(self) -> bool:
        """Other rows with the same key report the same event."""
        return True

    def claim(self) -> DraftClaim:
        """The row as any other draft."""
        return DraftClaim(
            line=self.line,
            key=self.key,
            fields=self._values(),
            parties=self.initiators + self.recipients,
            citation=self.story.citation,
            document=self.story.document,
            publisher=self.story.publisher,
            chain=(),
            columns=self.columns,
            cells=self.cells(),
            remarks=self.remarks,
            repeatable=self.repeatable,
        )

    def _values(self) -> Plain:
        fields: Plain = {
            "kind": "act",
            "key": self.row_key,
            "summary": self.summary,
            "code": self.code,
            "occurred": {"edtf": self.day, "basis": self.basis},
            "note": self.note,
        }
        return fields | {"contexts": list(self.contexts)} if self.contexts else fields


class FormerDraft(NamedTuple):
    """A row of an archive as it is read without offices, and the names that offices change."""

    draft: PlainDraft
    names: tuple[str, ...]

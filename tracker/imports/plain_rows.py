"""Plain rows of an archive become claims as texts, without building the objects of each.

A row is resolved here if nothing about it can be wrong, but that an actor is unknown: then it is
refused. Every other row becomes a draft and takes the long way.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codec, plain, validity
from tracker.domain import events as e
from tracker.domain.claims import Citation, Claim, date_problems
from tracker.domain.codec import NOTHING
from tracker.domain.fields import limit
from tracker.domain.plain import PlainCitation, PlainClaim, PlainWords
from tracker.domain.records import Document
from tracker.imports.documents import Publication, Sourced, document_key
from tracker.imports.formats.base import BadCell, FileRow, InvalidRow
from tracker.imports.formats.drafts import DraftClaim, NamedParty, PlainDraft, Story
from tracker.imports.formats.faults import in_one
from tracker.imports.records import ImportedRecords
from tracker.log import NewStream, Pending, Written
from tracker.operations.ids import content_id
from tracker.projections.plain_rows import NewDocument, NewPlainClaim, NewReport

# Addresses in which nothing is wrong.
_SAFE_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]*[A-Za-z0-9](/[!-~]*)?").fullmatch
_LONGEST_ADDRESS = limit(Document, "url").longest
_LONGEST = {name: limit(Claim, name).longest for name in ("key", "note", "summary")}
_LONGEST |= {"locator": limit(Citation, "locator").longest}
_LONGEST |= {"title": limit(Document, "title").longest}

# Stands for a document that is not looked up yet.
_UNKNOWN = PlainCitation(str(UUID(int=0)))


class PlainRow(NamedTuple):
    """A row whose claim is plain, with the document that it cites. `is_new`: the document is not on
    record. `planned`: the ids of the collection, the actors and the source that are not on record
    and are added with the row."""

    draft: PlainDraft
    id: UUID
    claim: PlainClaim
    document: Publication
    is_new: bool
    planned: tuple[UUID, ...]

    @property
    def row_key(self) -> str:
        """The key of the row in the archive."""
        return self.draft.row_key

    @property
    def citation(self) -> Citation:
        """The citation of the claim."""
        return Citation(document=self.document.id, locator=self.draft.story.locator or None)

    def texts(self) -> codec.Texts:
        """The claim as canonical JSON."""
        return plain.texts(self.claim, _words(self.draft))

    def document_texts(self) -> codec.Texts:
        """The document as canonical JSON."""
        story = self.draft.story
        return plain.document_texts(
            str(self.document.source), date=story.published, title=story.title, url=story.url
        )

    @property
    def written(self) -> Written:
        """The event that asserts the claim."""
        body, words, _ = self.texts()
        return _written("ClaimAsserted", "claim", body, words)


class PlainEvents:
    """The events of plain rows, and the rows of derived tables that they add."""

    def __init__(self) -> None:
        self.claims: dict[UUID, NewPlainClaim] = {}
        self.documents: list[NewDocument] = []

    def document_event(self, row: PlainRow) -> NewStream:
        """The description of the document of a row."""
        body, words, whole = row.document_texts()
        self.documents.append(NewDocument(row.document.id, row.draft.story.title, whole))
        written = _written("DocumentDescribed", "document", body, words)
        return NewStream(row.document.id, written)

    def claim_event(self, row: PlainRow) -> NewStream:
        """The claim of a row."""
        body, words, whole = row.texts()
        self.claims[row.id] = NewPlainClaim(row.id, row.claim, row.document.id, whole)
        return NewStream(row.id, _written("ClaimAsserted", "claim", body, words))

    def add_report(self, stream: UUID, event: e.CitationAdded, written: Written) -> None:
        """Add a report to the rows of a claim, if it is one of these."""
        if claim := self.claims.get(stream):
            citation = event.citation
            *_, whole = written.known[id(citation)]
            report = NewReport(citation.document, tuple(map(str, citation.chain)), whole)
            self.claims[stream] = claim.with_report(report)

    def others(self, events: Iterable[Pending]) -> list[Pending]:
        """The events that are about other streams than these claims."""
        return [event for event in events if event.stream not in self.claims]


def _written(kind: str, field: str, body: str, words: str) -> Written:
    """An event about a record, which is in a field."""
    words_of_event = f'{{"{field}":{words}}}' if words else ""
    return Written(kind, e.SCHEMA[kind], f'{{"{field}":{body}}}', words_of_event, NOTHING)


def _words(draft: PlainDraft) -> PlainWords:
    return PlainWords(draft.basis, draft.row_key, draft.note, draft.summary, draft.story.locator)


class _Actors(NamedTuple):
    """The actors of parties: their ids, as texts, those that are only planned, and the cells that
    name none, for which stand ids of nothing."""

    ids: tuple[str, ...]
    planned: tuple[UUID, ...]
    unknown: tuple[BadCell, ...] = ()


class _Named(NamedTuple):
    """A plain row whose names are found; its claim lacks the document."""

    draft: PlainDraft
    claim: PlainClaim
    cited: Sourced
    planned: tuple[UUID, ...]


class PlainRows:
    """Resolves the plain rows of a file."""

    def __init__(self, records: ImportedRecords) -> None:
        self._records = records
        # The ids of actors on record, by their names.
        self._actors: dict[tuple[str, ...], _Actors] = {}
        self._today = validity.latest_day(records.at).isoformat()
        self._days: dict[str, bool] = {}
        # Whether a claim with this basis, code, contexts and so many parties is valid.
        self._shapes: dict[tuple[object, ...], bool] = {}

    def resolve(self, rows: Sequence[FileRow]) -> list[PlainRow | DraftClaim | InvalidRow]:
        """Resolve the plain rows of a chunk; those that cannot be become drafts."""
        collection = self._records.collection
        drafts = [row for row in rows if isinstance(row, PlainDraft)]
        if collection is None or not drafts:
            return [row.claim() if isinstance(row, PlainDraft) else row for row in rows]
        self._records.use(collection)
        found = [self._find(draft, collection) for draft in drafts]
        named = self._with_documents([one for one in found if isinstance(one, _Named)])
        resolved = {one.line: one for one in found if isinstance(one, InvalidRow)} | {
            one.draft.line: one for one in named
        }
        return [
            resolved.get(row.line) or row.claim() if isinstance(row, PlainDraft) else row
            for row in rows
        ]

    def _with_documents(self, rows: Sequence[_Named]) -> Iterator[PlainRow]:
        records = self._records
        records.documents.look_up(row.cited for row in rows)
        for draft, undocumented, cited, planned in rows:
            document, is_new = records.documents.locate(cited)
            claim = undocumented._replace(citation=PlainCitation(str(document.id)))
            id_ = content_id(records.home, draft.key)
            # A document on record may be of another source.
            needed = planned if is_new else tuple([one for one in planned if one != cited.source])
            yield PlainRow(draft, id_, claim, document, is_new, needed)

    def _find(self, row: PlainDraft, collection: UUID) -> _Named | InvalidRow | None:
        """Find the names of a row, or refuse it for unknown actors; None if something else may be
        wrong with it."""
        records = self._records
        try:
            # First, since a new source has the name that the first row with it gives.
            source = records.sources.of(row.story.publisher)
        except BadCell:
            return None
        near, far = self._find_actors(row.initiators), self._find_actors(row.recipients)
        claim = PlainClaim(
            str(collection), row.code, row.day, near.ids, far.ids, _UNKNOWN, row.contexts
        )
        if not self._is_valid(row, claim):
            return None
        if near.unknown or far.unknown:
            return in_one(near.unknown + far.unknown).at_line(row.line)
        planned = near.planned + far.planned
        if source in records.plans or collection in records.plans:
            planned = (collection, *planned, source)
        document = row.story.document
        cited = Sourced({}, document, source, [], document_key(document, source, None))
        return _Named(row, claim, cited, planned)

    def _find_actors(self, parties: tuple[NamedParty, ...]) -> _Actors:
        names = tuple([party.name for party in parties])
        return self._actors.get(names) or self._look_up_actors(names, parties)

    def _look_up_actors(self, names: tuple[str, ...], parties: tuple[NamedParty, ...]) -> _Actors:
        ids: list[UUID] = []
        unknown: list[BadCell] = []
        for party in parties:
            try:
                ids.append(self._records.actors.of(party))
            except BadCell as problem:
                # Without the traceback, which would refer to it in a cycle.
                unknown.append(problem.with_traceback(None))
                ids.append(content_id("nobody", f"{party.role} {len(ids)}"))
        planned = tuple([id_ for id_ in ids if id_ in self._records.plans])
        found = _Actors(tuple(map(str, ids)), planned, tuple(unknown))
        if not planned and not unknown:
            self._actors[names] = found
        return found

    def _is_valid(self, row: PlainDraft, claim: PlainClaim) -> bool:
        """Whether nothing is wrong with a row; not every valid row is recognised."""
        published = row.story.published
        return (
            bool(row.row_key and row.note)
            and _is_text(row.row_key, "key")
            and _is_text(row.note, "note")
            and _is_text(row.summary, "summary")
            and _is_story(row.story)
            and self._is_day(row.day)
            and max(row.day, published) <= self._today
            and (not published or (row.day <= published and self._is_day(published)))
            and self._is_shape(row, claim)
        )

    def _is_day(self, day: str) -> bool:
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = not any(date_problems(day, ""))
        return known

    def _is_shape(self, row: PlainDraft, claim: PlainClaim) -> bool:
        initiators, recipients = claim.initiators, claim.recipients
        if len({*initiators, *recipients}) < len(initiators) + len(recipients):
            return False
        key = (row.basis, claim.code, claim.contexts, len(initiators), len(recipients))
        known = self._shapes.get(key)
        if known is None:
            *_, whole = plain.texts(claim, _words(row))
            built = codec.build(Claim, json.loads(whole))
            known = self._shapes[key] = not any(validity.claim_problems(built))
        return known


def _is_story(story: Story) -> bool:
    if story.url and (len(story.url) > _LONGEST_ADDRESS or not _SAFE_ADDRESS(story.url)):
        return False
    return _is_text(story.title, "title") and _is_text(story.locator, "locator")


def _is_text(text: str, field: str) -> bool:
    return len(text) <= _LONGEST[field] and text.isprintable()

"""Plain rows of an archive become claims as texts, without building the objects of each.

A row is resolved here if its collection is on record and nothing about it can be wrong. Every other
row is read again and takes the long way, and so does a row whose claim is on record with other
content under the same key.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from tracker import log
from tracker.domain import codec, plain, validity
from tracker.domain import events as e
from tracker.domain.claims import Claim, date_problems
from tracker.domain.codec import NOTHING, word_text
from tracker.domain.fields import limit
from tracker.domain.plain import PlainCitation, PlainClaim, PlainWords
from tracker.domain.records import Document
from tracker.imports.documents import Publication, Sourced, document_key
from tracker.imports.formats.base import BadCell, InvalidRow, PlainDraft
from tracker.imports.formats.drafts import DraftClaim, NamedParty
from tracker.imports.records import ImportedRecords
from tracker.imports.rows import EventTexts, asserted_key
from tracker.log import First, NewStream, Sealed, Written
from tracker.operations.ids import content_id
from tracker.projections.plain_rows import NewClaim, NewDocument, NewReport

# Addresses in which nothing is wrong.
_SAFE_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]*[A-Za-z0-9](/[!-~]*)?").fullmatch
_LONGEST_ADDRESS = limit(Document, "url").longest
_LONGEST = {name: limit(Claim, name).longest for name in ("key", "note", "summary")}

_CITED = e.SCHEMA["CitationAdded"]
# Stands for a document that is not looked up yet.
_UNKNOWN = PlainCitation(str(UUID(int=0)))

type FileRow = PlainDraft | DraftClaim | InvalidRow


class PlainRow(NamedTuple):
    """A row whose claim is plain, with the document that it cites. `is_new`: the document is not on
    record. `planned`: those of the actors and of the source that are not either. `fresh`: it is the
    first row of a new claim; `first`: how its claim began, if that is on record.
    """

    draft: PlainDraft
    id: UUID
    claim: PlainClaim
    document: Publication
    is_new: bool
    planned: tuple[UUID, ...]
    fresh: bool
    first: First | None

    @property
    def key(self) -> str:
        return self.draft.row_key

    def event_texts(self) -> EventTexts:
        body, words, _ = self.texts()
        return EventTexts(f'{{"claim":{body}}}', f'{{"claim":{words}}}')

    def texts(self) -> tuple[str, str, str]:
        """The claim as canonical JSON."""
        draft = self.draft
        words = PlainWords(draft.basis, draft.row_key, draft.note, draft.summary)
        return plain.texts(self.claim, words)

    def document_text(self) -> str:
        """The document as canonical JSON."""
        draft = self.draft
        dated = f'"date":"{draft.published}",' if draft.published else ""
        source = self.document.source
        return f'{{{dated}"source":"{source}","url":{word_text(draft.url)}}}'


class PlainEvents:
    """The events of plain rows, and the rows of derived tables that they add."""

    def __init__(self) -> None:
        self.claims: dict[UUID, NewClaim] = {}
        self.documents: list[NewDocument] = []

    def document_event(self, row: PlainRow) -> NewStream:
        """The description of the document of a row."""
        text = row.document_text()
        self.documents.append(NewDocument(row.document.id, text))
        return _new_stream(row.document.id, "DocumentDescribed", f'{{"document":{text}}}')

    def claim_event(self, row: PlainRow) -> NewStream:
        """The claim of a row."""
        body, words, whole = row.texts()
        self.claims[row.id] = NewClaim(row.id, row.claim, row.document.id, whole)
        return _new_stream(row.id, "ClaimAsserted", f'{{"claim":{body}}}', f'{{"claim":{words}}}')

    def report_event(self, event: e.CitationAdded) -> Written:
        """The event of a report that has nothing but a document and a chain."""
        citation = event.citation
        text = plain.citation_text(citation.document, citation.chain)
        known = {id(citation): (text, "", text)}
        return Written("CitationAdded", _CITED, f'{{"citation":{text}}}', "", known)

    def add_report(self, stream: UUID, event: e.CitationAdded, written: Written) -> None:
        """Add a report to the rows of a claim, if it is one of these."""
        if claim := self.claims.get(stream):
            citation = event.citation
            *_, whole = written.known[id(citation)]
            report = NewReport(citation.document, tuple(map(str, citation.chain)), whole)
            self.claims[stream] = claim.with_report(report)

    def others(self, events: Iterable[Sealed]) -> list[Sealed]:
        """The events that are about other streams than these claims."""
        return [event for event in events if event.stream not in self.claims]


def _new_stream(stream: UUID, kind: str, body: str, words: str = "") -> NewStream:
    return NewStream(stream, Written(kind, e.SCHEMA[kind], body, words, NOTHING))


class _Actors(NamedTuple):
    """The actors of parties: their ids, as texts, and those that are only planned."""

    ids: tuple[str, ...]
    planned: tuple[UUID, ...]


class _Named(NamedTuple):
    """A plain row whose names are found; its claim lacks the document."""

    draft: PlainDraft
    id: UUID
    claim: PlainClaim
    cited: Sourced
    actors: tuple[UUID, ...]


class PlainRows:
    """Resolves the plain rows of a file."""

    def __init__(self, records: ImportedRecords) -> None:
        self._records = records
        # The ids of actors on record, by their names.
        self._actors: dict[tuple[str, ...], _Actors] = {}
        self._days: dict[str, bool] = {}
        # Whether a claim with this basis, this code and so many parties is valid.
        self._shapes: dict[tuple[str, str, int, int], bool] = {}

    def resolve(self, rows: Sequence[FileRow]) -> list[PlainRow | DraftClaim | InvalidRow]:
        """Resolve the plain rows of a chunk, and read the others again."""
        resolved = {row.draft.line: row for row in self._plain(rows)}
        return [
            resolved.get(row.line) or row.reread() if isinstance(row, PlainDraft) else row
            for row in rows
        ]

    def _plain(self, rows: Sequence[FileRow]) -> Iterator[PlainRow]:
        records, collection = self._records, self._records.collection
        if collection is None or collection in records.plans:
            return
        named = list(self._named(rows, str(collection)))
        if not named:
            return
        records.use(collection)
        records.documents.look_up(row.cited for row in named)
        firsts = {first.stream: first for first in log.firsts({row.id for row in named})}
        asserted: set[UUID] = set()
        for one in named:
            first = firsts.get(one.id)
            row = self._row(one, fresh=first is None and one.id not in asserted, first=first)
            if first is None or _is_settled(row, first):
                asserted.add(one.id)
                yield row

    def _row(self, named: _Named, *, fresh: bool, first: First | None) -> PlainRow:
        draft, id_, undocumented, cited, actors = named
        document, is_new = self._records.documents.locate(cited)
        claim = undocumented._replace(citation=PlainCitation(str(document.id)))
        needs_source = is_new and cited.source in self._records.plans
        planned = (*actors, cited.source) if needs_source else actors
        return PlainRow(draft, id_, claim, document, is_new, planned, fresh, first)

    def _named(self, rows: Sequence[FileRow], collection: str) -> Iterator[_Named]:
        """The valid plain rows, except those after another row of the same claim in the chunk."""
        others: set[UUID] = set()
        for row in rows:
            if isinstance(row, InvalidRow):
                continue
            id_ = self._id(row)
            if isinstance(row, PlainDraft) and id_ not in others:
                named = self._find(row, id_, collection)
                if named and self._is_valid(row, named.claim):
                    yield named
                    continue
            others.add(id_)

    def _id(self, row: PlainDraft | DraftClaim) -> UUID:
        if isinstance(row, PlainDraft):
            return content_id(self._records.home, row.key)
        return row.id or content_id(row.collection or self._records.home, row.key)

    def _find(self, row: PlainDraft, id_: UUID, collection: str) -> _Named | None:
        """Find the names of a row; None if one cannot be used."""
        try:
            initiators, near = self._find_actors(row.initiators)
            recipients, far = self._find_actors(row.recipients)
            source = self._records.sources.of(row.publisher)
        except BadCell:
            return None
        claim = PlainClaim(collection, row.code, row.day, initiators, recipients, _UNKNOWN)
        document = {"url": row.url}
        if row.published:
            document["date"] = row.published
        cited = Sourced({}, document, source, [], document_key(document, source, None))
        return _Named(row, id_, claim, cited, near + far)

    def _find_actors(self, parties: tuple[NamedParty, ...]) -> _Actors:
        """:raises BadCell: if a party is not an actor."""
        names = tuple([party.name for party in parties])
        known = self._actors.get(names)
        if known is None:
            ids = [self._records.actors.of(party) for party in parties]
            planned = tuple([id_ for id_ in ids if id_ in self._records.plans])
            known = _Actors(tuple(map(str, ids)), planned)
            if not planned:
                self._actors[names] = known
        return known

    def _is_valid(self, row: PlainDraft, claim: PlainClaim) -> bool:
        """Whether nothing is wrong with a row; not every valid row is recognised."""
        return (
            bool(row.row_key)
            and _is_text(row.row_key, "key")
            and _is_text(row.note, "note")
            and _is_text(row.summary, "summary")
            and bool(_SAFE_ADDRESS(row.url))
            and len(row.url) <= _LONGEST_ADDRESS
            and self._is_day(row.day)
            and (not row.published or (row.day <= row.published and self._is_day(row.published)))
            and self._is_shape(row, claim)
        )

    def _is_day(self, day: str) -> bool:
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = not any(date_problems(day, ""))
        return known

    def _is_shape(self, row: PlainDraft, claim: PlainClaim) -> bool:
        key = (row.basis, claim.code, len(claim.initiators), len(claim.recipients))
        if len({*claim.initiators, *claim.recipients}) < key[2] + key[3]:
            return False
        known = self._shapes.get(key)
        if known is None:
            *_, whole = plain.texts(
                claim,
                PlainWords(row.basis, row.row_key, row.note, row.summary),
            )
            built = codec.build(Claim, json.loads(whole))
            known = self._shapes[key] = not any(validity.claim_problems(built))
        return known


def _is_text(text: str, field: str) -> bool:
    return len(text) <= _LONGEST[field] and text.isprintable()


def _is_settled(row: PlainRow, first: First) -> bool:
    """Whether a row whose claim is on record is known, or reports it again."""
    return first.kind == "ClaimAsserted" and (
        row.event_texts().asserted(first) or asserted_key(first) != row.key
    )

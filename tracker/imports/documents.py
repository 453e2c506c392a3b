"""Finds documents by their address, or by their source and fields; plans new ones."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codec, validity
from tracker.domain import events as e
from tracker.domain.codec import Plain
from tracker.domain.records import Document
from tracker.imports.formats.base import BadCell
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.plan import Plans
from tracker.operations.ids import content_id
from tracker.queries.records import states

# A limit, so that memory does not grow with the file.
MOST_REMEMBERED = 20_000


# The id in an export, if any, and the address or all fields.
type DocumentKey = tuple[UUID | None, str]
type KnownDocuments = dict[DocumentKey, Publication]


class Publication(NamedTuple):
    """A document, who published it, and when (EDTF)."""

    id: UUID
    source: UUID
    date: str | None


class Sourced(NamedTuple):
    """A citation with its sources: its `fields`, the fields of its document, the publisher and the
    chain. `key` identifies the document.
    """

    fields: Plain
    document: Plain
    source: UUID
    chain: list[UUID]
    key: DocumentKey


class DescribedDocument(NamedTuple):
    """A document, with the event that describes it if it is neither on record nor planned."""

    publication: Publication
    event: e.DocumentDescribed | None = None


class ImportedDocuments:
    """Finds and plans documents. They are looked up for many rows at once."""

    def __init__(self, plans: Plans) -> None:
        self._plans = plans
        self._known: KnownDocuments = {}
        # The documents of the last `look_up` that are not on record.
        self._new: KnownDocuments = {}

    def look_up(self, citations: Iterable[Sourced]) -> None:
        """Find out which of the documents are on record."""
        if len(self._known) > MOST_REMEMBERED:
            self._known.clear()
        new: dict[DocumentKey, Sourced] = {}
        for cited in citations:
            if cited.key not in self._known:
                new.setdefault(cited.key, cited)
        self._new = {
            key: Publication(
                key[0] or content_id("document", key[1]), cited.source, cited.document.get("date")
            )
            for key, cited in new.items()
        }
        if new:
            self._known |= _on_record(new, self._new)

    def described(self, cited: Sourced, draft: DraftClaim) -> DescribedDocument:
        """The document of a citation. Nothing is planned.

        :raises BadCell: if the new document is invalid.
        """
        publication, is_new = self.locate(cited)
        if not is_new or publication.id in self._plans:
            return DescribedDocument(publication)
        own = publication._replace(source=cited.source, date=cited.document.get("date"))
        return DescribedDocument(own, _description(cited, draft))

    def plan(self, document: DescribedDocument) -> None:
        """Plan a new document."""
        publication, event = document
        if event and publication.id not in self._plans:
            self._plans.add(publication.id, event, needs=(publication.source,))

    def locate(self, cited: Sourced) -> tuple[Publication, bool]:
        """The document of a citation that was looked up, and whether it is new."""
        on_record = self._known.get(cited.key)
        return (on_record, False) if on_record else (self._new[cited.key], True)


def _on_record(new: Mapping[DocumentKey, Sourced], ids: KnownDocuments) -> KnownDocuments:
    """The documents that are on record, found by id or by address."""
    urls = [url for cited in new.values() if (url := cited.document.get("url"))]
    documents = states.documents(ids=[document.id for document in ids.values()], urls=urls)
    if not documents:
        return {}
    by_id = {document.id: document for document in documents}
    by_url = {document.url: document for document in documents if document.url}
    on_record = {
        key: by_id.get(ids[key].id) or by_url.get(cited.document.get("url") or "")
        for key, cited in new.items()
    }
    return {
        key: Publication(document.id, document.source, document.date)
        for key, document in on_record.items()
        if document
    }


def document_key(document: Plain, source: UUID, exported: UUID | None) -> DocumentKey:
    """The key that identifies a document."""
    url = document.get("url")
    return exported, url or codec.canonical({"source": str(source)} | document)


def _description(cited: Sourced, draft: DraftClaim) -> e.DocumentDescribed:
    column = draft.columns.get("/document/url") or draft.columns.get("/document/title", "")
    try:
        document = codec.build(Document, cited.document | {"source": cited.source})
    except codec.BadShape as misfit:
        raise BadCell(column, draft.cells.get(column, ""), str(misfit)) from misfit
    cells = []
    for problem in validity.document_problems(document):
        at = draft.columns.get(f"/document{problem.pointer}", column)
        field = problem.pointer.strip("/")
        reason = f"as a document's {field}: {problem.detail}"
        cells.append(BadCell(at, draft.cells.get(at, ""), reason))
    if cells:
        raise cells[0].with_others(cells[1:])
    return e.DocumentDescribed(document=document)

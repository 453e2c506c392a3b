"""Documents by their address, or by their source and their words; new ones are made."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codec, validity
from tracker.domain import events as e
from tracker.domain.publications import Document
from tracker.importers.drafts import Cited, DraftClaim
from tracker.importers.lines import BadCell
from tracker.operations.ids import content_id
from tracker.operations.imports.plans import Plans
from tracker.queries import published

# So many are remembered, so that memory does not grow with the file.
MOST_REMEMBERED = 20_000


class Publication(NamedTuple):
    """A document and who published it."""

    id: UUID
    source: UUID


class Documents:
    """Finds and plans documents. They are looked up for many rows at once."""

    def __init__(self, plans: Plans) -> None:
        self._plans = plans
        self._known: dict[tuple[UUID | None, str], Publication] = {}

    def look_up(self, wanted: Iterable[tuple[Cited, UUID]]) -> None:
        """Learn which of the documents, each with its source, are on record."""
        if len(self._known) > MOST_REMEMBERED:
            self._known.clear()
        asked = {_asked(cited, source): cited for cited, source in wanted}
        new = [one for one in asked if one not in self._known]
        ids = {one: _stream(one) for one in new}
        urls = [url for one in new if (url := asked[one].document.get("url"))]
        found = published.documents(ids=ids.values(), urls=urls) if new else []
        by_id = {one.id: one for one in found}
        by_url = {one.url: one for one in found}
        for one in new:
            held = by_id.get(ids[one]) or by_url.get(asked[one].document.get("url") or "")
            if held:
                self._known[one] = Publication(held.id, held.source)

    def of(self, cited: Cited, source: UUID, draft: DraftClaim) -> Publication:
        """Give the document of a citation, a planned one if there is none.

        :raises BadCell: if it can be none.
        """
        asked = _asked(cited, source)
        known = self._known.get(asked)
        if known:
            return known
        stream = _stream(asked)
        if stream not in self._plans:
            self._plans.add(stream, _described(cited, source, draft), needs=(source,))
        return Publication(stream, source)


def _asked(cited: Cited, source: UUID) -> tuple[UUID | None, str]:
    """By what a document is known: its id in an export, and its address or all that is said."""
    url = cited.document.get("url")
    return cited.id, url or codec.canonical({"source": str(source)} | cited.document)


def _stream(asked: tuple[UUID | None, str]) -> UUID:
    return asked[0] or content_id("document", asked[1])


def _described(cited: Cited, source: UUID, draft: DraftClaim) -> e.DocumentDescribed:
    column = draft.columns.get("/document/url") or draft.columns.get("/document/title", "")
    try:
        document = codec.build(Document, cited.document | {"source": source})
    except codec.BadShape as misfit:
        raise BadCell(column, draft.cells.get(column, ""), str(misfit)) from misfit
    for problem in validity.document_problems(document, read=True):
        at = draft.columns.get(f"/document{problem.pointer}", column)
        field = problem.pointer.strip("/")
        raise BadCell(at, draft.cells.get(at, ""), f"as a document's {field}: {problem.detail}")
    return e.DocumentDescribed(document=document)

"""Documents by their address, or by their source and their words; new ones are made."""

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

# So many are remembered, so that memory does not grow with the file.
MOST_REMEMBERED = 20_000


type Asked = tuple[UUID | None, str]
type Held = dict[Asked, Publication]


class Publication(NamedTuple):
    """A document, who published it, and when (EDTF)."""

    id: UUID
    source: UUID
    date: str | None


class Sourced(NamedTuple):
    """A citation whose sources are found: what it says, what is said of its document, who published
    that, and the chain. `asked`: by what the document is known, its id in an export, and its
    address or all that is said of it."""

    says: Plain
    document: Plain
    source: UUID
    chain: list[UUID]
    asked: Asked


class Documents:
    """Finds and plans documents. They are looked up for many rows at once."""

    def __init__(self, plans: Plans) -> None:
        self._plans = plans
        self._known: Held = {}
        # Those that were looked up last and are not on record.
        self._new: Held = {}

    def look_up(self, wanted: Iterable[Sourced]) -> None:
        """Learn which of the documents are on record."""
        if len(self._known) > MOST_REMEMBERED:
            self._known.clear()
        new: dict[Asked, Sourced] = {}
        for one in wanted:
            if one.asked not in self._known:
                new.setdefault(one.asked, one)
        self._new = {
            asked: Publication(
                asked[0] or content_id("document", asked[1]), one.source, one.document.get("date")
            )
            for asked, one in new.items()
        }
        if new:
            self._known |= _on_record(new, self._new)

    def of(self, cited: Sourced, draft: DraftClaim) -> Publication:
        """Give the document of a citation, a planned one if there is none.

        :raises BadCell: if it can be none.
        """
        known = self._known.get(cited.asked)
        if known:
            return known
        found = self._new[cited.asked]
        if found.id not in self._plans:
            self._plans.add(found.id, _described(cited, draft), needs=(found.source,))
        return found


def _on_record(new: Mapping[Asked, Sourced], ids: Held) -> Held:
    """Those documents that are on record, by their id or else by their address."""
    urls = [url for one in new.values() if (url := one.document.get("url"))]
    found = states.documents(ids=[one.id for one in ids.values()], urls=urls)
    if not found:
        return {}
    by_id = {one.id: one for one in found}
    by_url = {one.url: one for one in found if one.url}
    held = {
        asked: by_id.get(ids[asked].id) or by_url.get(one.document.get("url") or "")
        for asked, one in new.items()
    }
    return {asked: Publication(one.id, one.source, one.date) for asked, one in held.items() if one}


def asked(document: Plain, source: UUID, exported: UUID | None) -> Asked:
    """By what a document is known."""
    url = document.get("url")
    return exported, url or codec.canonical({"source": str(source)} | document)


def _described(cited: Sourced, draft: DraftClaim) -> e.DocumentDescribed:
    column = draft.columns.get("/document/url") or draft.columns.get("/document/title", "")
    try:
        document = codec.build(Document, cited.document | {"source": cited.source})
    except codec.BadShape as misfit:
        raise BadCell(column, draft.cells.get(column, ""), str(misfit)) from misfit
    for problem in validity.document_problems(document):
        at = draft.columns.get(f"/document{problem.pointer}", column)
        field = problem.pointer.strip("/")
        raise BadCell(at, draft.cells.get(at, ""), f"as a document's {field}: {problem.detail}")
    return e.DocumentDescribed(document=document)

"""Names in a table become records: actors must be on record, sources and documents are made."""

from collections.abc import Iterable
from typing import cast
from uuid import UUID

from tracker.domain import codec, validity
from tracker.domain import events as e
from tracker.domain import folding as f
from tracker.domain.claims import Claim
from tracker.domain.publications import Collection, Document, Source
from tracker.importers.drafts import DraftClaim, NamedSource
from tracker.importers.lines import BadCell
from tracker.importers.mapping import Mapping
from tracker.operations.ids import content_id
from tracker.queries import published, records, states
from tracker.queries.names import NotFound, Several, directory


class CannotImport(ValueError):
    """A mapping that contradicts what is on record; says which of the two to change."""


class Records:
    """What the rows of a table refer to, by name.

    `planned` holds the events that make what is not on record yet, by id, in the order in which
    they can be written.
    """

    def __init__(self, mapping: Mapping, drafts: Iterable[DraftClaim]) -> None:
        self.planned: dict[UUID, list[e.Event]] = {}
        self._actors = directory("actor")
        self._sources = directory("source")
        self._made: dict[str, UUID] = {}
        self._countries = {
            one.country: self._country(one.country) for one in mapping.publishers if one.country
        }
        self.collection = self._collection(mapping.collection)
        urls = {one.document["url"] for one in drafts if "url" in one.document}
        self._known, self._at = published.documents(
            ids=[content_id("document", url) for url in urls], urls=urls
        )

    def written(self, ids: Iterable[UUID]) -> None:
        """Take what was planned for on record."""
        for one in ids:
            self.planned.pop(one, None)

    def look_again(self) -> None:
        """Take what somebody else has put on record meanwhile for on record."""
        self.written(records.nouns(self.planned))

    def needed(self, claim: Claim) -> list[UUID]:
        """The planned records that a claim refers to, those before that others refer to."""
        documents = [one.document for one in claim.citations]
        publishers = [
            event.document.source
            for one in documents
            for event in self.planned.get(one, ())
            if isinstance(event, e.DocumentDescribed)
        ]
        links = [link for one in claim.citations for link in one.chain]
        wanted = (claim.collection, *publishers, *links, *documents)
        return [one for one in dict.fromkeys(wanted) if one in self.planned]

    def actor(self, name: str, column: str) -> UUID:
        """:raises BadCell: if nobody on record is called so, or several are."""
        try:
            return self._actors.find(name).id
        except NotFound as problem:
            raise BadCell(column, name, str(problem)) from problem

    def source(self, named: NamedSource) -> UUID:
        """Give the source of a name, a planned one if there is none.

        :raises BadCell: if several are called so, or none can be.
        """
        try:
            return self._sources.find(named.name).id
        except Several as problem:
            raise BadCell(named.column, named.name, str(problem)) from problem
        except NotFound:
            return self._made.get(named.name) or self._plan_source(named)

    def document(self, draft: DraftClaim, source: UUID) -> UUID:
        """Give the document that a row names, by its address if it has one.

        :raises BadCell: if it can be none.
        """
        url = draft.document.get("url")
        if url in self._at:
            return self._at[url]
        content = codec.canonical({"source": str(source)} | draft.document)
        stream = content_id("document", url or content)
        if stream not in self._known and stream not in self.planned:
            self.planned[stream] = [self._described(draft, source)]
        return stream

    def _described(self, draft: DraftClaim, source: UUID) -> e.DocumentDescribed:
        column = draft.columns.get("/document/url") or draft.columns.get("/document/title", "")
        try:
            document = codec.build(Document, draft.document | {"source": str(source)})
        except codec.BadShape as misfit:
            raise BadCell(column, draft.cells.get(column, ""), str(misfit)) from misfit
        event = e.DocumentDescribed(document=document)
        for problem in validity.event_problems(event):
            at = draft.columns.get(f"/document{problem.pointer}", column)
            field = problem.pointer.strip("/")
            raise BadCell(at, draft.cells.get(at, ""), f"as a document's {field}: {problem.detail}")
        return event

    def _plan_source(self, named: NamedSource) -> UUID:
        stream = content_id("source", named.name)
        source = Source(
            kind=named.kind,
            name=named.name,
            country=self._countries[named.country] if named.country else None,
            ownership=named.ownership,
        )
        events: list[e.Event] = [e.SourceDescribed(source=source)]
        if grade := named.grade:
            events.append(
                e.SourceRated(reliability=grade.reliability, since=grade.since, reason=grade.reason)
            )
        for event in events:
            for problem in validity.event_problems(event):
                raise BadCell(named.column, named.name, f"as a source: {problem.detail}")
        self.planned[stream] = events
        self._made[named.name] = stream
        return stream

    def _country(self, name: str) -> UUID:
        try:
            return self._actors.find(name).id
        except NotFound as problem:
            raise CannotImport(f"publishers: {problem}") from problem

    def _collection(self, wanted: Collection) -> UUID:
        """The collection of that name, a planned one if there is none."""
        try:
            found = directory("collection").find(wanted.name).id
        except NotFound:
            event = e.CollectionDescribed(collection=wanted)
            validity.refuse(validity.event_problems(event))
            stream = content_id("collection", wanted.name)
            self.planned[stream] = [event]
            return stream
        state = cast("f.CollectionState", states.records([found], at=None)[found])
        _agree(state.collection, wanted)
        return found


def _agree(held: Collection, wanted: Collection) -> None:
    """Refuse a mapping that takes a collection for what it is not."""
    for field in ("coding", "review", "default_reliability", "default_credibility"):
        was, says = getattr(held, field), getattr(wanted, field)
        if says is not None and says != was:
            raise CannotImport(
                f"collection {held.name}: {field} is {was} on record and {says} in the mapping:"
                " mend the mapping, or name another collection"
            )

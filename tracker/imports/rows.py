"""A drafted row becomes a claim: its names become ids, and its problems are reported by line and
column. All faults of a refused row are found at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codec, validity
from tracker.domain import events as e
from tracker.domain.claims import Citation, Claim
from tracker.domain.codec import Plain
from tracker.domain.problems import Problem, certain
from tracker.imports.documents import DescribedDocument, Publication, Sourced
from tracker.imports.exported import LocalIds, local_follow_up_events
from tracker.imports.formats.base import BadCell, InvalidRow
from tracker.imports.formats.drafts import DraftCitation, DraftClaim
from tracker.imports.formats.faults import Faults
from tracker.imports.records import ImportedRecords
from tracker.log import Written
from tracker.operations.ids import content_id


class ResolvedRow(NamedTuple):
    """A row with the ids of its records: its collection, the actors of its parties, and its
    citations with their documents, which are empty if one is not found. `same_names`: the ids here
    of records of an export."""

    draft: DraftClaim
    collection: UUID
    actors: Sequence[UUID]
    cited: Sequence[Sourced]
    documents: Sequence[DescribedDocument]
    same_names: Mapping[UUID, UUID]

    @property
    def publications(self) -> list[Publication]:
        return [document.publication for document in self.documents]


class ImportRow(NamedTuple):
    """A row as a claim, with its encoded event and the document of its first citation. `later`: the
    events that followed the claim where it was exported. `statement`: if a party makes the claim,
    the claim that it does.
    """

    draft: DraftClaim
    id: UUID
    claim: Claim
    document: Publication
    written: Written
    later: Sequence[e.Event]
    statement: Claim | None = None

    @property
    def row_key(self) -> str | None:
        """The key of the row in its table."""
        return self.claim.key

    @property
    def citation(self) -> Citation:
        """The first citation of the claim."""
        return self.claim.citations[0]


def row_of(
    draft: DraftClaim,
    cited: list[Sourced] | BadCell,
    records: ImportedRecords,
    *,
    refused: InvalidRow | None = None,
) -> ImportRow | InvalidRow:
    """The claim of a row, or all of its faults, with those for which its format `refused` it."""
    faults = Faults()
    if refused:
        for fault in refused.faults:
            faults.add(BadCell(fault.column, fault.value, fault.reason))
        faults.unread += refused.unread
    resolved = _resolved(draft, cited, records, faults)
    claim, problems = _read(resolved)
    problems += _more_problems(claim, problems, resolved, records)
    for cell in _bad_cells(resolved, list(certain(problems, faults.unread))):
        faults.add(cell)
    row = None if faults else faults.read(partial(_row, resolved, claim, records), None)
    return row or faults.in_one().at_line(draft.line)


def _row(resolved: ResolvedRow, claim: Claim, records: ImportedRecords) -> ImportRow:
    """The row of a valid claim. New documents are planned.

    :raises BadCell: if the party that says it, or an event that followed it, is invalid.
    """
    draft, documents = resolved.draft, resolved.publications
    statement = None
    if draft.said_by:
        parts = records.speakers.attribute(draft, claim, documents)
        claim, statement = parts.content, parts.statement
    later: Sequence[e.Event] = ()
    if draft.follow_ups:
        later = local_follow_up_events(draft, claim, _local_ids(resolved, records))
    for document in resolved.documents:
        records.documents.plan(document)
    # Ids follow from the name of the collection, so that they are alike on every installation.
    stream = draft.id or content_id(draft.collection or records.home, draft.key)
    written = Written.of(e.ClaimAsserted(claim=claim))
    return ImportRow(draft, stream, claim, documents[0], written, later, statement)


def _resolved(
    draft: DraftClaim, cited: list[Sourced] | BadCell, records: ImportedRecords, faults: Faults
) -> ResolvedRow:
    """The records of a row. Stand-ins replace those that are not found."""
    same_names = faults.read(partial(records.exported.plan, draft), {})
    collection = faults.read(partial(records.collection_of, draft), _stand_in(0), "/collection")
    actors = [
        faults.read(partial(records.actors.of, party), _stand_in(place), f"/parties/{place}")
        for place, party in enumerate(draft.parties)
    ]
    if draft.said_by:
        faults.read(partial(records.actors.of, draft.said_by), None)
    documents = _documents(draft, cited, records, faults)
    if isinstance(cited, BadCell):
        cited = [
            Sourced(one.citation, one.document, _stand_in(0), [], (None, ""))
            for one in _citations(draft)
        ]
    return ResolvedRow(draft, collection, actors, cited, documents, same_names)


def _documents(
    draft: DraftClaim, cited: list[Sourced] | BadCell, records: ImportedRecords, faults: Faults
) -> Sequence[DescribedDocument]:
    """The documents of a row, if all are found."""
    if isinstance(cited, list) and not any(one.startswith("/document") for one in faults.unread):
        read = [
            faults.read(partial(records.documents.described, one, draft), None) for one in cited
        ]
        found = [document for document in read if document]
        return found if len(found) == len(cited) else ()
    for place, citation in enumerate(_citations(draft)):
        for source in (citation.publisher, *citation.chain):
            # A publisher that cannot be read has no name.
            if source.name:
                faults.read(partial(records.sources.of, source), None, f"/citations/{place}/chain")
    return ()


def _citations(draft: DraftClaim) -> Sequence[DraftClaim | DraftCitation]:
    return (draft, *draft.more_citations)


def _read(resolved: ResolvedRow) -> tuple[Claim, list[Problem]]:
    """The claim of a row, and the problems of its shape; a neutral value replaces what has one."""
    plain = _plain(resolved)
    try:
        return codec.build(Claim, plain), []
    except codec.BadShape:
        return codec.read(Claim, plain)


def _more_problems(
    claim: Claim, problems: Sequence[Problem], resolved: ResolvedRow, records: ImportedRecords
) -> Iterator[Problem]:
    """The problems of the claim of a row that do not follow from those of its shape."""
    misread = [problem.pointer for problem in problems]
    more = list(certain(validity.claim_problems(claim), misread))
    yield from more
    yield from certain(records.level_party_problems(claim), misread)
    if not any(problem.pointer.startswith("/occurred") for problem in (*problems, *more)):
        yield from certain(_future_problems(claim, resolved, records.at), misread)
        if resolved.documents:
            yield from certain(_late_problems(claim, resolved), misread)


def _plain(resolved: ResolvedRow) -> Plain:
    """The plain value of the claim of a row."""
    parties = [
        {"actor": actor, "role": party.role}
        | ({"responsibility": party.responsibility} if party.responsibility else {})
        for party, actor in zip(resolved.draft.parties, resolved.actors, strict=True)
    ]
    cited, documents = resolved.cited, [document.id for document in resolved.publications]
    citations = [
        citation.fields | {"document": document, "chain": citation.chain}
        for citation, document in zip(
            cited, documents or map(_stand_in, range(len(cited))), strict=True
        )
    ]
    return resolved.draft.fields | {
        "collection": resolved.collection,
        "parties": parties,
        "citations": citations,
    }


def _future_problems(claim: Claim, resolved: ResolvedRow, at: datetime) -> list[Problem]:
    """The problems that a claim of something actual, or its document, is dated after today."""
    published = str(resolved.cited[0].document.get("date") or "")
    return [
        *validity.future_problems(claim, at=at),
        *validity.future_document_problems(published, at=at),
    ]


def _late_problems(claim: Claim, resolved: ResolvedRow) -> list[Problem]:
    """The problem that a claim is dated after its document, if it is. Archives cite one address
    again on later days; then the row's own date of the document counts."""
    documents = resolved.publications
    if resolved.draft.repeatable:
        published = {documents[0].id: resolved.cited[0].document.get("date")}
    else:
        published = {document.id: document.date for document in documents}
    return list(validity.claim_order_problems(claim, published))


def _bad_cells(resolved: ResolvedRow, problems: Sequence[Problem]) -> list[BadCell]:
    """The cells with problems, in the words of the file."""
    draft = resolved.draft
    reasons: dict[str, list[str]] = {}
    for problem in problems:
        reason = f"{problem.pointer.strip('/')}: {problem.detail}"
        for party, actor in zip(draft.parties, resolved.actors, strict=True):
            reason = reason.replace(str(actor), party.name)
        reasons.setdefault(_column(problem.pointer, draft), []).append(reason)
    return [
        BadCell(column, draft.cells.get(column, ""), "; ".join(found))
        for column, found in reasons.items()
    ]


def _column(pointer: str, draft: DraftClaim) -> str:
    """The column of a field, or of the nearest field above it that has one."""
    parts = pointer.strip("/").split("/")
    if parts[0] == "parties":
        blamed = draft.parties[int(parts[1]) :] if len(parts) > 1 else draft.parties
        return next((party.column for party in blamed if party.column), "")
    while parts:
        if column := draft.columns.get("/" + "/".join(parts)):
            return column
        parts.pop()
    return ""


def _local_ids(resolved: ResolvedRow, records: ImportedRecords) -> LocalIds:
    draft = resolved.draft
    actors = zip((party.id for party in draft.parties), resolved.actors, strict=True)
    documents = zip(
        (citation.key[0] for citation in resolved.cited),
        (document.id for document in resolved.publications),
        strict=True,
    )
    return LocalIds(
        draft=draft,
        actors={exported: actor for exported, actor in actors if exported},
        documents={exported: document for exported, document in documents if exported},
        same_names=resolved.same_names,
        on_record=records.exported.on_record,
    )


def _stand_in(place: int) -> UUID:
    """Stands for a record that is not found. Problems that it would cause are left out."""
    return UUID(int=place)

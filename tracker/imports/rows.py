"""A drafted row becomes a claim: its names become ids, and its problems are reported by line and
column.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codec, validity
from tracker.domain import events as e
from tracker.domain.claims import Claim
from tracker.domain.codec import Plain
from tracker.domain.problems import Problem
from tracker.imports.documents import Publication, Sourced
from tracker.imports.exported import LocalIds, local_follow_up_events
from tracker.imports.formats.base import BadCell
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.records import ImportedRecords
from tracker.log import Written
from tracker.operations.ids import content_id


class ResolvedRow(NamedTuple):
    """A row with the ids of its records: its collection, the actors of its parties, and its
    citations with their documents."""

    draft: DraftClaim
    collection: UUID
    actors: Sequence[UUID]
    cited: Sequence[Sourced]
    documents: Sequence[UUID]


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


def row_of(
    draft: DraftClaim, cited: list[Sourced] | BadCell, records: ImportedRecords
) -> ImportRow:
    """The claim of a row.

    :raises BadCell: at the first invalid cell, with all problems of the row.
    """
    same_names = records.exported.plan(draft)
    collection = records.collection_of(draft)
    actors = [records.actors.of(party) for party in draft.parties]
    if isinstance(cited, BadCell):
        raise cited
    documents = [records.documents.of(citation, draft) for citation in cited]
    resolved = ResolvedRow(
        draft, collection, actors, cited, [document.id for document in documents]
    )
    claim = _claim(resolved)
    _refuse_late(claim, resolved, documents)
    statement = None
    if draft.said_by:
        parts = records.speakers.attribute(draft, claim, documents)
        claim, statement = parts.content, parts.statement
    written = Written.of(e.ClaimAsserted(claim=claim))
    # Ids follow from the name of the collection, so that they are alike on every installation.
    name = draft.collection or records.home
    stream = draft.id or content_id(name, draft.key)
    later = (
        local_follow_up_events(draft, claim, _local_ids(resolved, same_names, records))
        if draft.follow_ups
        else ()
    )
    return ImportRow(draft, stream, claim, documents[0], written, later, statement)


def _refuse_late(claim: Claim, resolved: ResolvedRow, documents: Sequence[Publication]) -> None:
    """Refuse a claim that is dated after its document. Archives cite one address again on later
    days; then the row's own date of the document counts.

    :raises BadCell:
    """
    if resolved.draft.repeatable:
        published = {documents[0].id: resolved.cited[0].document.get("date")}
    else:
        published = {document.id: document.date for document in documents}
    if late := list(validity.claim_order_problems(claim, published)):
        raise _bad(resolved.draft, resolved.actors, late)


def _local_ids(
    resolved: ResolvedRow, same_names: Mapping[UUID, UUID], records: ImportedRecords
) -> LocalIds:
    draft = resolved.draft
    actors = zip((party.id for party in draft.parties), resolved.actors, strict=True)
    documents = zip(
        (citation.key[0] for citation in resolved.cited), resolved.documents, strict=True
    )
    return LocalIds(
        draft=draft,
        actors={exported: actor for exported, actor in actors if exported},
        documents={exported: document for exported, document in documents if exported},
        same_names=same_names,
        on_record=records.exported.on_record,
    )


def _claim(resolved: ResolvedRow) -> Claim:
    """The claim of a row.

    :raises BadCell: with all problems, at the cell of the first.
    """
    try:
        claim = codec.build(Claim, _plain(resolved))
    except codec.BadShape as misfit:
        problems = [Problem(pointer=misfit.pointer, code="invalid", detail=misfit.detail)]
    else:
        problems = list(validity.claim_problems(claim))
        if not problems:
            return claim
    raise _bad(resolved.draft, resolved.actors, problems)


def _plain(resolved: ResolvedRow) -> Plain:
    parties = [
        {"actor": actor, "role": party.role}
        | ({"responsibility": party.responsibility} if party.responsibility else {})
        for party, actor in zip(resolved.draft.parties, resolved.actors, strict=True)
    ]
    citations = [
        citation.fields | {"document": document, "chain": citation.chain}
        for citation, document in zip(resolved.cited, resolved.documents, strict=True)
    ]
    return resolved.draft.fields | {
        "collection": resolved.collection,
        "parties": parties,
        "citations": citations,
    }


def _bad(draft: DraftClaim, actors: Sequence[UUID], problems: Sequence[Problem]) -> BadCell:
    """The cell of the first problem, with all problems in the words of the file."""
    column = _column(problems[0].pointer, draft)
    reasons = "; ".join(f"{problem.pointer.strip('/')}: {problem.detail}" for problem in problems)
    for party, actor in zip(draft.parties, actors, strict=True):
        reasons = reasons.replace(str(actor), party.name)
    return BadCell(column, draft.cells.get(column, ""), reasons)


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

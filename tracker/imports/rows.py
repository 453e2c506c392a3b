"""A drafted row becomes a claim: its names are looked up, and all that is wrong with it is told
by line and column."""

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
from tracker.imports.records import Records
from tracker.imports.templates import Parts, ResolvedRow
from tracker.log import Written
from tracker.operations.ids import content_id


class Row(NamedTuple):
    """A row as a claim and as the log would have it, with the document of its first citation.
    `statement`: where a party says the claim, the claim that it does."""

    draft: DraftClaim
    id: UUID
    claim: Claim
    document: Publication
    written: Written
    # What came after the claim, where it was exported.
    later: Sequence[e.Event]
    statement: Claim | None = None


def row_of(draft: DraftClaim, cited: list[Sourced] | BadCell, records: Records) -> Row:
    """Give the claim of a row.

    :raises BadCell: at the first cell that is wrong, with all that is wrong in the row.
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
    built = records.templates.claim(resolved)
    if built:
        claim, written = built
    else:
        claim = _claim(resolved, records.parts)
        written = Written.of(e.ClaimAsserted(claim=claim), records.parts.known)
        records.templates.cast(resolved, claim)
    _refuse_late(claim, resolved, documents)
    statement = None
    if draft.said_by:
        parts = records.speakers.attribute(draft, claim, documents)
        claim, statement = parts.content, parts.statement
        written = Written.of(e.ClaimAsserted(claim=claim), records.parts.known)
    # Ids follow from the name of the collection, so that they are alike on every installation.
    name = draft.collection or records.home
    stream = draft.id or content_id(name, draft.key)
    later = (
        local_follow_up_events(draft, claim, _local_ids(resolved, same_names, records))
        if draft.later
        else ()
    )
    return Row(draft, stream, claim, documents[0], written, later, statement)


def _refuse_late(claim: Claim, resolved: ResolvedRow, documents: Sequence[Publication]) -> None:
    """Refuse a claim that is dated after its document. Archives name one address again on later
    days: there the row's own date of the document counts.

    :raises BadCell:
    """
    if resolved.draft.retold:
        published = {documents[0].id: resolved.cited[0].document.get("date")}
    else:
        published = {document.id: document.date for document in documents}
    if late := list(validity.claim_order_problems(claim, published)):
        raise _bad(resolved.draft, resolved.actors, late)


def _local_ids(
    resolved: ResolvedRow, same_names: Mapping[UUID, UUID], records: Records
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


def _claim(resolved: ResolvedRow, parts: Parts) -> Claim:
    draft, found = resolved.draft, list[Problem]()
    try:
        plain = draft.fields | _parties(draft, resolved.actors, parts)
        plain["collection"] = resolved.collection
        plain["citations"] = [
            citation.fields | {"document": document, "chain": citation.chain}
            for citation, document in zip(resolved.cited, resolved.documents, strict=True)
        ]
        claim = codec.build(Claim, plain)
    except codec.BadShape as misfit:
        found = [Problem(pointer=misfit.pointer, code="invalid", detail=misfit.detail)]
    else:
        found = list(validity.claim_problems(claim))
    if found:
        raise _bad(draft, resolved.actors, found)
    return claim


def _parties(draft: DraftClaim, actors: Sequence[UUID], parts: Parts) -> Plain:
    """The parts of a claim that come again in other rows, as they were read before.

    :raises BadShape:
    """
    parties = [
        parts.party(actor, party, f"/parties/{place}")
        for place, (party, actor) in enumerate(zip(draft.parties, actors, strict=True))
    ]
    if "occurred" not in draft.fields:
        return {"parties": parties}
    return {"parties": parties, "occurred": parts.occurred(draft.fields["occurred"])}


def _bad(draft: DraftClaim, actors: Sequence[UUID], found: Sequence[Problem]) -> BadCell:
    """The cell that the first problem comes from, with what is wrong in the words of the file."""
    column = _column(found[0].pointer, draft)
    reasons = "; ".join(f"{problem.pointer.strip('/')}: {problem.detail}" for problem in found)
    for party, actor in zip(draft.parties, actors, strict=True):
        reasons = reasons.replace(str(actor), party.name)
    return BadCell(column, draft.cells.get(column, ""), reasons)


def _column(pointer: str, draft: DraftClaim) -> str:
    """The column that a field comes from, or the nearest field above it that comes from one."""
    parts = pointer.strip("/").split("/")
    if parts[0] == "parties":
        blamed = draft.parties[int(parts[1]) :] if len(parts) > 1 else draft.parties
        return next((party.column for party in blamed if party.column), "")
    while parts:
        if column := draft.columns.get("/" + "/".join(parts)):
            return column
        parts.pop()
    return ""

"""Makes the claim of a row: its names are looked up, and its first invalid cell is reported."""

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
    """The claim of a row, encoded for the log, with the document of its first citation. `statement`
    is the claim that a party says the claim. `later`: the events after an exported claim."""

    draft: DraftClaim
    id: UUID
    claim: Claim
    document: Publication
    written: Written
    later: Sequence[e.Event]
    statement: Claim | None = None


def row_of(draft: DraftClaim, cited: list[Sourced] | BadCell, records: Records) -> Row:
    """The claim of a draft.

    :raises BadCell: at the first invalid cell, with all problems of the row.
    """
    same_name = records.exported.plan(draft)
    collection = records.collection_of(draft)
    actors = [records.actors.of(party) for party in draft.parties]
    if isinstance(cited, BadCell):
        raise cited
    documents = [records.documents.of(citation, draft) for citation in cited]
    ids = [document.id for document in documents]
    resolved = ResolvedRow(draft, collection, actors, cited, ids)
    claim, written = _encoded(resolved, records)
    _refuse_late(claim, resolved, documents)
    statement = None
    if draft.said_by:
        spoken = records.speakers.spoken(draft, claim, documents)
        claim, statement = spoken.said, spoken.statement
        written = Written.of(e.ClaimAsserted(claim=claim), records.parts.known)
    # Ids are derived from the name of the collection, so that they are equal on all installations.
    stream = draft.id or content_id(draft.collection or records.home, draft.key)
    later: Sequence[e.Event] = ()
    if draft.follow_ups:
        later = local_follow_up_events(draft, claim, _local_ids(resolved, same_name, records))
    return Row(draft, stream, claim, documents[0], written, later, statement)


def _encoded(row: ResolvedRow, records: Records) -> tuple[Claim, Written]:
    """The claim from a template, if there is one."""
    if from_template := records.templates.claim(row):
        return from_template
    claim = _claim(row, records.parts)
    written = Written.of(e.ClaimAsserted(claim=claim), records.parts.known)
    records.templates.add(row, claim)
    return claim, written


def _refuse_late(claim: Claim, row: ResolvedRow, documents: Sequence[Publication]) -> None:
    """Refuse a claim that is dated after its document. Archives cite one address on several days:
    there the document's date in the row counts.

    :raises BadCell:
    """
    if row.draft.repeatable:
        published = {documents[0].id: row.cited[0].document.get("date")}
    else:
        published = {document.id: document.date for document in documents}
    if late := list(validity.claim_order_problems(claim, published)):
        raise _bad_cell(row.draft, row.actors, late)


def _local_ids(row: ResolvedRow, same_name: Mapping[UUID, UUID], records: Records) -> LocalIds:
    draft = row.draft
    actors = zip((party.id for party in draft.parties), row.actors, strict=True)
    documents = zip((citation.key[0] for citation in row.cited), row.documents, strict=True)
    return LocalIds(
        draft=draft,
        actors={exported: actor for exported, actor in actors if exported},
        documents={exported: document for exported, document in documents if exported},
        same_name=same_name,
        on_record=records.exported.on_record,
    )


def _claim(row: ResolvedRow, parts: Parts) -> Claim:
    draft, problems = row.draft, list[Problem]()
    try:
        plain = draft.fields | _parties(draft, row.actors, parts)
        plain["collection"] = row.collection
        plain["citations"] = [
            citation.says | {"document": document, "chain": citation.chain}
            for citation, document in zip(row.cited, row.documents, strict=True)
        ]
        claim = codec.build(Claim, plain)
    except codec.BadShape as error:
        problems = [Problem(pointer=error.pointer, code="invalid", detail=error.detail)]
    else:
        problems = list(validity.claim_problems(claim))
    if problems:
        raise _bad_cell(draft, row.actors, problems)
    return claim


def _parties(draft: DraftClaim, actors: Sequence[UUID], parts: Parts) -> Plain:
    """The cached parts of a claim: its parties and its date.

    :raises BadShape:
    """
    parties = [
        parts.party(actor, party, f"/parties/{place}")
        for place, (party, actor) in enumerate(zip(draft.parties, actors, strict=True))
    ]
    if "occurred" not in draft.fields:
        return {"parties": parties}
    return {"parties": parties, "occurred": parts.occurred(draft.fields["occurred"])}


def _bad_cell(draft: DraftClaim, actors: Sequence[UUID], problems: Sequence[Problem]) -> BadCell:
    """The cell of the first problem, with all problems. Actors have their names in the file."""
    column = _column(problems[0].pointer, draft)
    reasons = "; ".join(f"{one.pointer.strip('/')}: {one.detail}" for one in problems)
    for party, actor in zip(draft.parties, actors, strict=True):
        reasons = reasons.replace(str(actor), party.name)
    return BadCell(column, draft.cells.get(column, ""), reasons)


def _column(pointer: str, draft: DraftClaim) -> str:
    """The column of a field, or of the nearest parent field that has one."""
    parts = pointer.strip("/").split("/")
    if parts[0] == "parties":
        parties = draft.parties[int(parts[1]) :] if len(parts) > 1 else draft.parties
        return next((party.column for party in parties if party.column), "")
    while parts:
        if column := draft.columns.get("/" + "/".join(parts)):
            return column
        parts.pop()
    return ""

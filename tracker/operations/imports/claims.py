"""A drafted row becomes a claim: its names are looked up, and all that is wrong with it is told
by line and column."""

from typing import NamedTuple
from uuid import UUID

from tracker.domain import codec, validity
from tracker.domain import events as e
from tracker.domain.claims import Claim
from tracker.domain.codec import Plain
from tracker.domain.problems import Problem
from tracker.importers.drafts import DraftClaim
from tracker.importers.lines import BadCell
from tracker.operations.ids import content_id
from tracker.operations.imports.documents import Publication
from tracker.operations.imports.names import Records, cited


class Made(NamedTuple):
    """A row as a claim, with its id, and the document of its first citation."""

    draft: DraftClaim
    id: UUID
    claim: Claim
    document: Publication


def claim_of(draft: DraftClaim, records: Records) -> Made:
    """Give the claim of a row.

    :raises BadCell: at the first cell that is wrong, with all that is wrong in the row.
    """
    records.bring(draft)
    collection = records.collection_of(draft)
    parties = [_party(draft, place, records) for place in range(len(draft.parties))]
    documents, citations = _citations(draft, records)
    plain = draft.fields | {
        "collection": str(collection),
        "parties": parties,
        "citations": citations,
    }
    claim = _checked(draft, plain)
    # Ids follow from the name of the collection, so that they are alike on every installation.
    name = draft.collection or records.home
    return Made(draft, draft.id or content_id(name, draft.key), claim, documents[0])


def _checked(draft: DraftClaim, plain: Plain) -> Claim:
    try:
        claim = codec.build(Claim, plain)
    except codec.BadShape as misfit:
        found = [Problem(pointer=misfit.pointer, code="invalid", detail=misfit.detail)]
    else:
        found = list(validity.event_problems(e.ClaimAsserted(claim=claim)))
    if found:
        column = _column(found[0].pointer, draft)
        reasons = "; ".join(f"{one.pointer.strip('/')}: {one.detail}" for one in found)
        for party, known in zip(draft.parties, plain["parties"], strict=True):
            reasons = reasons.replace(known["actor"], party.name)
        raise BadCell(column, draft.cells.get(column, ""), reasons)
    return claim


def _party(draft: DraftClaim, place: int, records: Records) -> Plain:
    party = draft.parties[place]
    found = {"actor": str(records.actors.of(party)), "role": party.role}
    return found | ({"responsibility": party.responsibility} if party.responsibility else {})


def _citations(draft: DraftClaim, records: Records) -> tuple[list[Publication], list[Plain]]:
    documents, citations = [], []
    for one in cited(draft):
        publisher = records.sources.of(one.publisher)
        chain = [str(records.sources.of(link)) for link in one.chain]
        documents.append(records.documents.of(one, publisher, draft))
        citations.append(one.citation | {"document": str(documents[-1].id), "chain": chain})
    return documents, citations


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

"""A drafted row becomes a claim: its names are looked up, and all that is wrong with it is told
by line and column."""

from tracker.domain import codec, validity
from tracker.domain import events as e
from tracker.domain.claims import Claim
from tracker.domain.codec import Plain
from tracker.domain.problems import Problem
from tracker.importers.drafts import DraftClaim
from tracker.importers.lines import BadCell
from tracker.operations.importnames import Records


def claim_of(draft: DraftClaim, records: Records) -> Claim:
    """Give the claim of a row.

    :raises BadCell: at the first cell that is wrong, with all that is wrong in the row.
    """
    plain = _plain(draft, records)
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


def _plain(draft: DraftClaim, records: Records) -> Plain:
    parties = [
        {"actor": str(records.actor(one.name, one.column)), "role": one.role}
        for one in draft.parties
    ]
    publisher = records.source(draft.publisher)
    chain = [str(records.source(one)) for one in draft.chain]
    document = records.document(draft, publisher)
    citation = draft.citation | {"document": str(document), "chain": chain}
    return draft.fields | {
        "collection": str(records.collection),
        "parties": parties,
        "citations": [citation],
    }


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

"""A claim as the texts of its forms: what stands in them before anybody types."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tracker.domain.claims import Claim

type Initial = dict[str, Any]

UNKNOWN = "unknown"
_SAME = (
    *("collection", "summary", "kind", "code", "hedge", "likelihood", "polarity", "modality"),
    *("condition", "contexts", "resolves_by", "criterion", "note"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What the forms of an entry begin with. `confirmed` is a date that needs no second look."""

    parties: list[Initial]
    citations: list[Initial]
    form: Initial = field(default_factory=dict)
    confirmed: str = ""


def empty(document: UUID | None) -> Start:
    """Nothing, but the rows that most claims need."""
    roles = ("initiator", "recipient", "affected")
    cited = [{"document": document} if document else {}]
    return Start(parties=[{"role": role} for role in roles], citations=cited)


def after(claim: Claim) -> Start:
    """What the next claim of a document is likely to share with the last one: the collection, who
    does it to whom, the document and its chain."""
    start = empty(None)
    kept = [one for one in claim.parties if one.role in ("initiator", "recipient")]
    rows = [{"actor": one.actor, "role": one.role} for one in kept]
    roles = {one.role for one in kept}
    rows += [row for row in start.parties if row["role"] not in roles]
    cited = claim.citations[0]
    return Start(
        form={"collection": claim.collection},
        parties=rows,
        citations=[{"document": cited.document, "chain": cited.chain}],
    )


def of(claim: Claim) -> Start:
    """All that a claim says, with a row to spare; reading it back gives the claim."""
    return Start(
        form=_claim(claim),
        parties=[*map(_fields, claim.parties), {}],
        citations=[_fields(one) for one in claim.citations],
        confirmed=claim.occurred.edtf if claim.occurred else UNKNOWN,
    )


def _claim(claim: Claim) -> Initial:
    found: Initial = {name: getattr(claim, name) for name in _SAME}
    found |= {"occurred": UNKNOWN, "tags": ", ".join(claim.tags)}
    if claim.occurred:
        found |= _renamed(claim.occurred, edtf="occurred", phrase="phrase", basis="basis")
    if claim.strength:
        found |= _renamed(claim.strength, grade="strength", reason="strength_reason")
    if claim.magnitude:
        found |= {f"magnitude_{name}": value for name, value in _fields(claim.magnitude).items()}
    return found


def _fields(record: Any) -> Initial:
    return {name: getattr(record, name) for name in type(record).__slots__}


def _renamed(record: Any, **names: str) -> Initial:
    return {names[name]: getattr(record, name) for name in names}

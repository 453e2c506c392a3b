"""What a reader of an article proposed before a person accepted the claim: its structure, without
words of people."""

from dataclasses import dataclass, fields
from typing import Annotated
from uuid import UUID

from tracker.domain.claims import Claim, Grade, Kind, Likelihood, Modality, Polarity
from tracker.domain.fields import Edtf, Most, Term, Words
from tracker.domain.records import Party

# The characters of a reader's name.
LONGEST_READER = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The proposal of a reader (`by`, such as "reading-1") for a claim."""

    by: Annotated[str, Words(LONGEST_READER, required="name the reader, such as reading-1")]
    kind: Kind
    parties: Annotated[tuple[Party, ...], Most(100)] = ()
    code: Term | None = None
    occurred: Edtf | None = None
    polarity: Polarity = "asserted"
    modality: Modality = "actual"
    strength: Grade | None = None
    likelihood: Likelihood | None = None
    said_by: UUID | None = None


def of(by: str, claim: Claim, said_by: UUID | None = None) -> Proposed:
    """Return the structure of a claim, and of the party that makes it, as the proposal of a
    reader."""
    return Proposed(
        by=by,
        kind=claim.kind,
        parties=claim.parties,
        code=claim.code,
        occurred=claim.occurred.edtf if claim.occurred else None,
        polarity=claim.polarity,
        modality=claim.modality,
        strength=claim.strength.grade if claim.strength else None,
        likelihood=claim.likelihood,
        said_by=said_by,
    )


def changes(proposed: Proposed, entered: Proposed) -> tuple[str, ...]:
    """Return the names of the fields in which a claim as entered differs from its proposal."""
    names = (field.name for field in fields(Proposed))
    return tuple(name for name in names if getattr(entered, name) != getattr(proposed, name))

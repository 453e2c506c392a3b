"""The claim: one sentence about the world with a date and at least one citation."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from uuid import UUID

from tracker.domain.codec import text
from tracker.domain.parties import Party, Role

Kind = Literal["act", "situation", "measure", "assessment", "forecast"]
Polarity = Literal["asserted", "denied"]
Modality = Literal["actual", "announced", "conditional"]
Basis = Literal["stated", "inferred", "publication"]
Stance = Literal["supports", "denies"]
Interest = Literal["none", "self-serving", "against interest"]
Grade = Literal["weak", "partial", "full"]
# ICD 203 bands, where the source itself judges.
Likelihood = Literal[
    "almost-no-chance",
    "very-unlikely",
    "unlikely",
    "roughly-even-chance",
    "likely",
    "very-likely",
    "almost-certain",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurred:
    """When it happened: EDTF, and the phrase as the source wrote it."""

    edtf: str
    basis: Basis = "stated"
    phrase: str = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """How much of the act the source reports: "general compliance" is weak."""

    grade: Grade
    reason: str = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Magnitude:
    """A measured amount; a change is against the period `baseline` (EDTF)."""

    value: Decimal
    unit: str
    change: bool = False
    baseline: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A claim's link to a document, and the chain of sources from there back to the origin.

    `chain` starts behind the document's own publisher; `credibility` is Admiralty 2–6.
    """

    document: UUID
    chain: tuple[UUID, ...] = ()
    stance: Stance = "supports"
    interest: Interest = "none"
    credibility: int | None = None
    language: str | None = None
    locator: str | None = None
    quote: str = text(default="")
    translation: str = text(default="")
    note: str = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody did, said, measured, judged or expects something.

    `key` names the claim in the table it came from; `collection` is an id. A forecast has
    `resolves_by` (EDTF) and a criterion.
    """

    collection: UUID
    kind: Kind
    parties: tuple[Party, ...]
    citations: tuple[Citation, ...]
    summary: str = text(default="")
    key: str | None = None
    code: str | None = None
    contexts: tuple[str, ...] = ()
    polarity: Polarity = "asserted"
    modality: Modality = "actual"
    condition: str = text(default="")
    occurred: Occurred | None = None
    strength: Strength | None = None
    likelihood: Likelihood | None = None
    hedge: str = text(default="")
    magnitude: Magnitude | None = None
    resolves_by: str | None = None
    criterion: str = text(default="")
    tags: tuple[str, ...] = ()
    note: str = text(default="")

    def actors(self, *roles: Role) -> tuple[UUID, ...]:
        """The actors in any of `roles`, in the order that the person gave."""
        return tuple(party.actor for party in self.parties if party.role in roles)

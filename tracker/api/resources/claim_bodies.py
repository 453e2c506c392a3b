"""Request bodies about claims: records of the domain, with what is said beside them."""

from dataclasses import dataclass, replace
from typing import Annotated, get_args
from uuid import UUID

from tracker.api.bodies import Version
from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain.claims import Citation, Claim, Interest, Stance
from tracker.domain.fields import UNSENT, Range, Reason, RequiredReason, Words
from tracker.domain.schemas import WIDEST


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionBody:
    """The whole new claim: omitted fields are removed."""

    claim: Claim
    reason: RequiredReason
    expected_version: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonBody:
    """Why a claim is retracted or reinstated."""

    reason: RequiredReason
    expected_version: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictBody(e.VerdictGiven):
    """A verdict on a claim."""

    expected_version: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedCitationBody(Citation):
    """One more citation of a claim."""

    expected_version: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DenialBody(Citation):
    """A denial of a claim, in a document. The chain of the citation ends at the denier."""

    denied_by: Annotated[UUID, "the actor that denies it"]
    interest: Interest | None = None  # type: ignore[assignment] # the operation decides
    stance: Annotated[Stance, UNSENT] = "denies"
    expected_version: Version | None = None

    @property
    def citation(self) -> Citation:
        return codec.base(Citation, replace(self, interest=self.interest or "none"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkBody:
    """A link from the claim in the address to another."""

    type: e.LinkType
    to: UUID
    note: Reason = ""


# The choices of `outcome` (named in the settings).
REVIEWS = get_args(e.ClaimReviewed.__annotations__["outcome"])
RESOLUTIONS = get_args(e.ForecastResolved.__annotations__["outcome"])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewBody(e.ClaimReviewed):
    """The review of a claim."""

    expected_version: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionBody(e.ForecastResolved):
    """The outcome of a forecast."""

    expected_version: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalBody:
    """Why a link is removed."""

    reason: RequiredReason


@dataclass(frozen=True, slots=True, kw_only=True)
class WithholdingBody:
    """`reason` and `authority` are printed in place of the words and must not repeat them."""

    reason: RequiredReason
    authority: Annotated[str, Words(500, required="say who decided it")]
    number: Annotated[
        int | None,
        Range(1, WIDEST, "must be at least 1", code="min_value"),
        "the number of the claim that the event belongs to, as shown on its page at the desk: the"
        " position of its first event. Required for an event of a claim; with a different number"
        " nothing is deleted",
    ] = None
    all: Annotated[
        bool,
        "delete all words of the claim and the notes of its links, not only those of this event; no"
        " effect for other records",
    ] = False

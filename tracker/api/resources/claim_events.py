"""What is appended to a claim: corrections, verdicts, citations, links, reviews, withholdings."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any, ClassVar, get_args
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import batch_rows, writing
from tracker.api.answers import address
from tracker.api.bodies import Version
from tracker.api.problems import Refusal
from tracker.api.resources.claims import WRITE
from tracker.api.resources.records import CURATE
from tracker.api.writing import Receipt, write
from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain.claims import Citation, Claim, Interest, Stance
from tracker.domain.fields import UNSENT, NumberRange, Reason, RequiredReason, Words
from tracker.domain.json_values import WIDEST
from tracker.log import Recorded
from tracker.operations import claims as operations
from tracker.operations import links, statements, withholding
from tracker.operations.idempotency import Answer
from tracker.queries.claims import copies
from tracker.queries.records import states


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonBody:
    """Why a claim is retracted or reinstated."""

    reason: RequiredReason
    expected_version: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionBody(ReasonBody):
    """The whole new claim: omitted fields are removed."""

    claim: Claim


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
        NumberRange(1, WIDEST, "must be at least 1", code="min_value"),
        "the number of the claim that the event belongs to, as shown on its page at the desk: the"
        " position of its first event. Required for an event of a claim; with a different number"
        " nothing is deleted",
    ] = None
    all: Annotated[
        bool,
        "delete all words of the claim and the notes of its links, not only those of this event; no"
        " effect for other records",
    ] = False


class AppendView(APIView):
    """Appends an event to a claim, given the version that the client read."""

    scopes: ClassVar[dict[str, str]] = {"POST": WRITE}
    versioned = True

    def append(
        self, request: Request, claim_id: UUID, body: Any, operation: Callable[..., Recorded]
    ) -> Response:
        expected = writing.expected_version(request, body.expected_version)
        append = partial(operation, claim_id, expected=expected)
        return writing.record(request, append, route="claim", key=claim_id)


class CorrectionsView(AppendView):
    """The whole new claim, with a reason; the old version stays in the history."""

    record_at = "/claim"

    @write("claims_correct", CorrectionBody, check=batch_rows.of_correction)
    def post(self, request: Request, body: CorrectionBody, claim_id: UUID) -> Response:
        """Correct a claim."""
        correct = partial(operations.change_claim, claim=body.claim, reason=body.reason)
        return self.append(request, claim_id, body, correct)


class RetractionView(AppendView):
    """Retraction: from then on the claim moves no score."""

    @write("claims_retract", ReasonBody)
    def post(self, request: Request, body: ReasonBody, claim_id: UUID) -> Response:
        """Retract a claim."""
        retract = partial(operations.retract_claim, reason=body.reason)
        return self.append(request, claim_id, body, retract)


class ReinstatementView(AppendView):
    """Reinstatement of a retracted claim."""

    @write("claims_reinstate", ReasonBody)
    def post(self, request: Request, body: ReasonBody, claim_id: UUID) -> Response:
        """Reinstate a claim."""
        reinstate = partial(operations.reinstate_claim, reason=body.reason)
        return self.append(request, claim_id, body, reinstate)


class VerdictsView(AppendView):
    """Verdicts on a claim; the last one that applies counts."""

    scopes: ClassVar[dict[str, str]] = {"POST": CURATE}

    @write("claims_judge", VerdictBody)
    def post(self, request: Request, body: VerdictBody, claim_id: UUID) -> Response:
        """Give a verdict on a claim."""
        judge = partial(operations.give_verdict, verdict=codec.base(e.VerdictGiven, body))
        return self.append(request, claim_id, body, judge)


class CitationsView(AppendView):
    """Further documents that support or deny a claim."""

    @write("claims_cite", AddedCitationBody, check=batch_rows.of_citation)
    def post(self, request: Request, body: AddedCitationBody, claim_id: UUID) -> Response:
        """Add a citation to a claim."""
        cite = partial(operations.cite, citation=codec.base(Citation, body))
        return self.append(request, claim_id, body, cite)


class DenialsView(AppendView):
    """Denials: citations with stance `denies` whose chain ends at the denier."""

    @write("claims_deny", DenialBody)
    def post(self, request: Request, body: DenialBody, claim_id: UUID) -> Response:
        """Record a denial of a claim. By default a denial is self-serving if the denier is a party
        to the claim or speaks for the state of one. A bare denial of this kind is no witness: it
        only takes the prior odds of a checkable act from 9 to 1 to 1 to 1."""
        denial = statements.Denial(
            actor=body.denied_by, citation=body.citation, interest=body.interest
        )
        return self.append(request, claim_id, body, partial(statements.deny, denial=denial))


class ReviewsView(AppendView):
    """Reviews: in a collection with review, a claim moves scores only once accepted."""

    scopes: ClassVar[dict[str, str]] = {"POST": CURATE}

    @write("claims_review", ReviewBody)
    def post(self, request: Request, body: ReviewBody, claim_id: UUID) -> Response:
        """Accept or reject a claim; the last review counts."""
        review = partial(operations.review_claim, review=codec.base(e.ClaimReviewed, body))
        return self.append(request, claim_id, body, review)


class ResolutionView(AppendView):
    """The outcome of a forecast; from then on it has a Brier score."""

    @write("claims_resolve", ResolutionBody)
    def post(self, request: Request, body: ResolutionBody, claim_id: UUID) -> Response:
        """Record the outcome of a forecast; the last resolution counts."""
        resolution = codec.base(e.ForecastResolved, body)
        resolve = partial(operations.resolve_forecast, resolution=resolution)
        return self.append(request, claim_id, body, resolve)


class LinksView(APIView):
    """Links from a claim to others; a link has its own version."""

    scopes: ClassVar[dict[str, str]] = {"POST": WRITE}

    @write("claims_link", LinkBody)
    def post(self, request: Request, body: LinkBody, claim_id: UUID) -> Response:
        """Link a claim to another."""
        if states.claim(claim_id) is None:
            raise operations.NoSuchClaim(claim_id)
        append = partial(links.link, body.type, claim_id, body.to, note=body.note)
        return writing.record(request, append, route="claim", key=claim_id)


class LinkRemovalView(APIView):
    """A removed link stays in the history of both claims.

    No version is required: a link is in force or it is not, and removing one that is not is a 409.
    """

    scopes: ClassVar[dict[str, str]] = {"POST": WRITE}

    @write("claims_unlink", RemovalBody)
    def post(self, request: Request, body: RemovalBody, claim_id: UUID, link_id: UUID) -> Response:
        """Remove a link of a claim, from either end."""
        remove = partial(links.remove, claim_id, link_id, reason=body.reason)
        try:
            return writing.record(request, remove, route="claim", key=claim_id)
        except links.NoSuchLink as problem:
            raise Refusal("not-found", str(problem)) from problem


class PlaceOut(serializers.Serializer[Any]):
    """A place where the same text remains; `noun` and `id` identify the record, if it is one."""

    says = serializers.CharField()
    noun = serializers.CharField(allow_blank=True)
    id = serializers.UUIDField(allow_null=True)


class WithholdingOut(Receipt):
    """The receipt is that of the last withholding event."""

    deleted = serializers.ListField(
        child=serializers.IntegerField(), help_text="the events whose words were deleted"
    )
    left = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="other events of the claim that still have words; `all` deletes them too",
    )
    same_text = PlaceOut(many=True, help_text="where the deleted text remains")
    beyond_recall = serializers.CharField(help_text="copies that cannot be deleted from here")


class WithholdingView(APIView):
    """Deletes words if law or safety requires it; the events themselves stay."""

    scopes: ClassVar[dict[str, str]] = {"POST": "admin"}
    # The same rule as at the desk.
    superusers = ("POST",)

    @extend_schema(
        operation_id="log_withhold", request=WithholdingBody, responses={201: WithholdingOut}
    )
    def post(self, request: Request, position: int) -> Response:
        """Permanently delete the words of an event, or with `all` those of its whole claim.

        The response lists the deleted events, the events of the claim that still have words, and
        where the same text remains. Scores, hashes and positions stay."""
        check = batch_rows.of_withholding(position)
        body = writing.read_body(request, WithholdingBody, check=check)

        def perform(at: datetime) -> Answer:
            # Inside `perform`: a repeated request must get the first response.
            record, entries = withholding.select(position, every=body.all)
            order = withholding.Withholding(
                record=record,
                entries=entries,
                number=body.number or (None if record.claim else position),
                reason=body.reason,
                authority=body.authority,
            )
            remaining = copies.remaining_copies(record, entries)
            recorded = withholding.withhold(order, at=at, by=request.user.get_username())
            place = address(request, "event", position)
            return writing.created(recorded[-1], _result(order, recorded, remaining), place)

        return writing.answer_once(request, perform)


def _result(
    order: withholding.Withholding, recorded: list[Recorded], remaining: list[copies.TextPlace]
) -> dict[str, Any]:
    deleted = [entry.position for entry in order.entries]
    left = [entry.position for entry in order.record.entries if entry.position not in deleted]
    return {
        **Receipt(recorded[-1]).data,
        "deleted": deleted,
        "left": left,
        "same_text": PlaceOut(remaining, many=True).data,
        "beyond_recall": copies.ALWAYS,
    }

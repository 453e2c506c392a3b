"""Claims: list, read and record them, and append to one."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, get_args
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import batch_rows, pagination, params, writing
from tracker.api.answers import showing
from tracker.api.pagination import Paged
from tracker.api.params import AsOf, AsOfField, pair_named
from tracker.api.problems import Refused
from tracker.api.reading import Resource, read
from tracker.api.resources import claim_bodies as bodies
from tracker.api.resources.log import EventStamp
from tracker.api.resources.site import CodeOut
from tracker.domain import claims as c
from tracker.domain import codec
from tracker.domain.attribution import NewClaim
from tracker.domain.claims import unknown_code
from tracker.domain.events import ForecastResolved, VerdictGiven
from tracker.domain.problems import Problem
from tracker.domain.records import Party
from tracker.exports import claimlines
from tracker.log import Recorded
from tracker.operations import claims as operations
from tracker.operations import links, references, statements
from tracker.queries.claims import detail, listing
from tracker.queries.claims.listing import Filters
from tracker.queries.records import pair_names, states
from tracker.queries.scores import uncounted

Serializer = serializers.Serializer[Any]


class ClaimFilters(Paged):
    """The filters of the list."""

    as_of = AsOfField(required=False, default=None)
    collection = serializers.UUIDField(required=False)
    kind = serializers.ChoiceField(choices=list(get_args(c.Kind)), required=False)
    code = serializers.CharField(required=False, max_length=100)
    status = serializers.ChoiceField(choices=["standing", "retracted"], required=False)
    actor = serializers.UUIDField(required=False)
    document = serializers.UUIDField(required=False)
    pair = serializers.RegexField(
        r"^[A-Za-z]{3}-[A-Za-z]{3}$", required=False, help_text="two countries, such as KAZ-RUS"
    )


@showing(Party, "party")
class PartyOut(Serializer):
    name = serializers.CharField(source="actor.actor.name")
    code = serializers.CharField(source="actor.actor.code", allow_null=True)
    kind = serializers.CharField(source="actor.actor.kind")


@showing(c.Occurred, "occurred")
class OccurredOut(Serializer):
    earliest = serializers.DateField(source="bounds.earliest", allow_null=True)
    latest = serializers.DateField(source="bounds.latest", allow_null=True)
    says = serializers.CharField()


class WitnessOut(Serializer):
    """A source in a chain, with its grade on the date of the document."""

    source = serializers.UUIDField(source="source.id")  # type: ignore[assignment]
    name = serializers.CharField()
    grade = serializers.CharField(allow_null=True)
    ownership = serializers.CharField(source="source.source.ownership", allow_null=True)


@showing(c.Citation, "citation")
class CitationOut(Serializer):
    document_title = serializers.CharField(source="document.document.title")
    document_date = serializers.CharField(source="document.document.date", allow_null=True)
    document_url = serializers.CharField(source="document.document.url", allow_null=True)
    provenance = WitnessOut(many=True, help_text="from the publisher of the document to the root")


@showing(VerdictGiven, "verdict")
class VerdictOut(Serializer):
    judge = serializers.CharField()


class LinkOut(Serializer):
    """A link between two claims; `title` is that of the other."""

    id = serializers.UUIDField(source="link.id")
    type = serializers.CharField(source="link.type")
    from_claim = serializers.UUIDField(source="link.from_")
    to_claim = serializers.UUIDField(source="link.to")
    title = serializers.CharField()


@showing(ForecastResolved, "resolution")
class ResolutionOut(Serializer):
    """How a forecast turned out. `brier` is (f − o)²: 0 is perfect, 1 is certain and wrong."""

    brier = serializers.FloatField(
        allow_null=True, help_text="null if it is void or the source gave no likelihood"
    )


@showing(c.Claim, "claim")
class ClaimOut(Serializer):
    """`title` is the sentence as it must be printed, with speaker and verdict if required."""

    id = serializers.UUIDField(source="filed.state.id")
    version = serializers.IntegerField(source="filed.version")
    status = serializers.CharField(source="filed.state.status")
    review = serializers.CharField(source="filed.state.review", allow_null=True)
    title = serializers.CharField(source="filed.title")
    masked = serializers.BooleanField(
        source="filed.masked",
        help_text="the claim accuses a person or company and is withheld from the public; without a"
        " token its content is omitted",
    )
    asserted = EventStamp(source="filed.first")
    changed = EventStamp(source="filed.last")
    collection_name = serializers.CharField(source="collection.collection.name")
    parties = PartyOut(many=True)
    coded = CodeOut(allow_null=True)
    occurred = OccurredOut(source="dated", allow_null=True)
    citations = CitationOut(many=True)
    links = LinkOut(many=True)
    verdicts = VerdictOut(many=True)
    resolution = ResolutionOut(source="resolved", allow_null=True)


class ClaimPage(Serializer):
    as_of = serializers.IntegerField()
    results = ClaimOut(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)


WRITE = "write:claims"
CURATE = "curate"
EXPANDS = {
    "actors": ["parties.actor"],
    "documents": ["citations.document"],
    "sources": ["citations.provenance.source", "verdicts.source"],
    "collections": ["collection"],
}


class Claims(Resource):
    """All claims, ordered by id, which is the order in which they were entered."""

    scopes: ClassVar[dict[str, str]] = {"POST": WRITE}

    @read("claims_list", ClaimPage, ClaimFilters, expands=EXPANDS)
    def get(self, request: Request, asked: Any) -> Response:
        """List claims. Without a token, withheld claims can be filtered only by `collection`,
        `kind` and `status`."""
        filters, as_of = _filters(asked), asked["as_of"]
        after, limit = asked.get("cursor", [None])[0], asked["limit"]
        counted = {}
        if "count" in asked:
            counted["count"] = listing.count(filters, at=as_of.past, reader=self.reader)
        return pagination.page(
            request,
            detail.page(filters, after=after, limit=limit + 1, as_of=as_of, reader=self.reader),
            limit=limit,
            place=lambda sheet: [sheet.filed.state.id],
            shown=lambda rows: [claimlines.plain(one) for one in rows],
            as_of=as_of.position,
            **counted,
        )

    @extend_schema(
        operation_id="claims_create",
        request=NewClaim,
        responses={201: writing.ClaimReceipt},
    )
    def post(self, request: Request) -> Response:
        """Record a claim. With `said_by` the claim is attributed to a party: the statement, the
        claim and the link between them are recorded together."""
        submission = writing.body(request, NewClaim, check=batch_rows.of_new_claim).submission
        return writing.enter(
            request,
            submission,
            warn=lambda: [
                one.says for one in uncounted.uncounted_collections([submission.claim.collection])
            ],
        )


def _filters(asked: dict[str, Any]) -> Filters:
    """The filters of the list; refused if a claim with these values would be refused."""
    params.refuse(_unknown(asked))
    given = {name: asked.get(name) for name in Filters.__slots__ if name != "pair"}
    pair = asked.get("pair")
    if not pair:
        return Filters(**given)
    with pair_named():
        one, other = pair_names.ends(*pair.split("-"))
    return Filters(**given, pair=(one.id, other.id))


def _unknown(asked: dict[str, Any]) -> Iterator[Problem]:
    if code := asked.get("code"):
        yield from unknown_code(code)
    nouns = ("actor", "collection", "document")
    named = [(f"/{one}", asked[one], one) for one in nouns if one in asked]
    yield from references.missing(named) if named else ()


class Claim(Resource):
    """One claim."""

    @read("claims_read", ClaimOut, AsOf, expands=EXPANDS)
    def get(self, _request: Request, asked: Any, claim_id: UUID) -> Response:
        """Read a claim, now or as of a past moment. `ETag` begins with its version."""
        sheet = detail.sheet(claim_id, as_of=asked["as_of"], reader=self.reader)
        if sheet is None:
            raise Refused(
                "not-found",
                f"there is no claim {claim_id}, or it was not recorded yet at that moment",
            )
        headers = {"ETag": f'"{sheet.filed.version}"'}
        return Response(claimlines.plain(sheet), headers=headers)


class Append(APIView):
    """Appends an event to a claim, given the version that the client read."""

    scopes: ClassVar[dict[str, str]] = {"POST": WRITE}
    versioned = True

    def append(
        self,
        request: Request,
        claim_id: UUID,
        sent: Any,
        write: Callable[..., Recorded],
    ) -> Response:
        seen = writing.expected_version(request, sent.expected_version)
        return writing.record(
            request,
            lambda **stamp: write(claim_id, expected=seen, **stamp),
            route="api:claim",
            key=claim_id,
        )


class Corrections(Append):
    """The whole new claim, with a reason; the old version stays in the history."""

    record_at = "/claim"

    @extend_schema(
        operation_id="claims_correct",
        request=bodies.CorrectionBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """Correct a claim."""
        sent = writing.body(request, bodies.CorrectionBody, check=batch_rows.of_correction)

        def write(claim: UUID, **stamp: Any) -> Recorded:
            return operations.correct_claim(claim, sent.claim, reason=sent.reason, **stamp)

        return self.append(request, claim_id, sent, write)


class Retraction(Append):
    """Retraction: from then on the claim moves no score."""

    @extend_schema(
        operation_id="claims_retract", request=bodies.ReasonBody, responses={201: writing.Receipt}
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """Retract a claim."""
        sent = writing.body(request, bodies.ReasonBody)

        def write(claim: UUID, **stamp: Any) -> Recorded:
            return operations.retract_claim(claim, reason=sent.reason, **stamp)

        return self.append(request, claim_id, sent, write)


class Reinstatement(Append):
    """Reinstatement of a retracted claim."""

    @extend_schema(
        operation_id="claims_reinstate",
        request=bodies.ReasonBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """Reinstate a claim."""
        sent = writing.body(request, bodies.ReasonBody)

        def write(claim: UUID, **stamp: Any) -> Recorded:
            return operations.reinstate_claim(claim, reason=sent.reason, **stamp)

        return self.append(request, claim_id, sent, write)


class Verdicts(Append):
    """Verdicts on a claim; the last one that applies counts."""

    scopes: ClassVar[dict[str, str]] = {"POST": CURATE}

    @extend_schema(
        operation_id="claims_judge", request=bodies.VerdictBody, responses={201: writing.Receipt}
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """Give a verdict on a claim."""
        sent = writing.body(request, bodies.VerdictBody)

        def write(claim: UUID, **stamp: Any) -> Recorded:
            return operations.give_verdict(claim, codec.base(VerdictGiven, sent), **stamp)

        return self.append(request, claim_id, sent, write)


class Citations(Append):
    """Further documents that support or deny a claim."""

    @extend_schema(
        operation_id="claims_cite",
        request=bodies.AddedCitationBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """Add a citation to a claim."""
        sent = writing.body(request, bodies.AddedCitationBody, check=batch_rows.of_citation)

        def write(claim: UUID, **stamp: Any) -> Recorded:
            return operations.cite(claim, codec.base(c.Citation, sent), **stamp)

        return self.append(request, claim_id, sent, write)


class Denials(Append):
    """Denials: citations with stance `denies` whose chain ends at the denier."""

    @extend_schema(
        operation_id="claims_deny",
        request=bodies.DenialBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """Record a denial of a claim. By default a denial is self-serving if the denier is a party
        to the claim or speaks for the state of one; a bare denial of this kind has no weight."""
        sent = writing.body(request, bodies.DenialBody)

        def write(claim: UUID, **stamp: Any) -> Recorded:
            denial = statements.Denial(
                actor=sent.denied_by, citation=sent.citation, interest=sent.interest
            )
            return statements.deny(claim, denial, **stamp)

        return self.append(request, claim_id, sent, write)


class Links(APIView):
    """Links from a claim to others; a link has its own version."""

    scopes: ClassVar[dict[str, str]] = {"POST": WRITE}

    @extend_schema(
        operation_id="claims_link", request=bodies.LinkBody, responses={201: writing.Receipt}
    )
    def post(self, request: Request, claim_id: UUID) -> Response:
        """Link a claim to another."""
        sent = writing.body(request, bodies.LinkBody)
        if states.claim(claim_id) is None:
            raise operations.NoSuchClaim(claim_id)

        def write(**stamp: Any) -> Recorded:
            return links.link(sent.type, claim_id, sent.to, note=sent.note, **stamp)

        return writing.record(request, write, route="api:claim", key=claim_id)

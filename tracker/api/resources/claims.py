"""Claims: list, read and record them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, get_args
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import batch_rows, pagination, params, writing
from tracker.api.answers import with_fields_of
from tracker.api.pagination import Page, PageById
from tracker.api.params import PAIR, ActorField, AsOf, AsOfField, CollectionField, DayField
from tracker.api.problems import Refusal
from tracker.api.reading import Resource, read
from tracker.api.resources.log import EventStamp
from tracker.api.resources.site import CodeOut
from tracker.api.writing import write
from tracker.domain import claims as c
from tracker.domain import codebooks
from tracker.domain.attribution import NewClaim
from tracker.domain.claims import unknown_code
from tracker.domain.events import ForecastResolved, VerdictGiven
from tracker.domain.problems import Problem
from tracker.domain.records import Party
from tracker.exports import claimlines
from tracker.operations import references
from tracker.queries import site_search
from tracker.queries.claims import detail, listing, narrowing
from tracker.queries.claims.erased import absence
from tracker.queries.claims.listing import Filters
from tracker.queries.records import pair_names
from tracker.queries.scores import uncounted

Serializer = serializers.Serializer[Any]


class ClaimFilters(PageById):
    """The filters of the list."""

    as_of = AsOfField(required=False, default=None)
    collection = CollectionField(required=False, help_text="name or id")
    kind = serializers.ChoiceField(choices=list(get_args(c.Kind)), required=False)
    code = serializers.CharField(
        required=False, max_length=100, help_text="the code, or one below it: a code's modes"
    )
    status = serializers.ChoiceField(choices=["standing", "retracted"], required=False)
    actor = ActorField(required=False, help_text="code, such as KAZ, or id")
    document = serializers.UUIDField(required=False)
    pair = serializers.RegexField(PAIR, required=False, help_text="two countries, such as KAZ-RUS")
    q = serializers.CharField(
        required=False,
        max_length=site_search.LONGEST,
        help_text="words of the summary, or their beginnings, in any order",
    )
    happened_after = DayField(
        required=False,
        help_text="claims that ended on this day or later, and situations that still last",
    )
    happened_before = DayField(
        required=False,
        help_text="claims that ended by this day, and situations that had begun by then",
    )


@with_fields_of(Party, "party")
class PartyOut(Serializer):
    name = serializers.CharField(source="actor.actor.name")
    code = serializers.CharField(source="actor.actor.code", allow_null=True)
    kind = serializers.CharField(source="actor.actor.kind")


@with_fields_of(c.Occurred, "occurred")
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


@with_fields_of(c.Citation, "citation")
class CitationOut(Serializer):
    document_title = serializers.CharField(source="document.document.title")
    document_date = serializers.CharField(source="document.document.date", allow_null=True)
    document_url = serializers.CharField(source="document.document.url", allow_null=True)
    provenance = WitnessOut(many=True, help_text="from the publisher of the document to the root")


@with_fields_of(VerdictGiven, "verdict")
class VerdictOut(Serializer):
    judge = serializers.CharField()


class LinkOut(Serializer):
    """A link between two claims; `title` is that of the other."""

    id = serializers.UUIDField(source="link.id")
    type = serializers.CharField(source="link.type")
    from_claim = serializers.UUIDField(source="link.from_")
    to_claim = serializers.UUIDField(source="link.to")
    title = serializers.CharField()


@with_fields_of(ForecastResolved, "resolution")
class ResolutionOut(Serializer):
    """How a forecast turned out. `brier` is (f − o)²: 0 is perfect, 1 is certain and wrong."""

    brier = serializers.FloatField(
        allow_null=True, help_text="null if it is void or the source gave no likelihood"
    )


@with_fields_of(c.Claim, "claim")
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


class ClaimPage(Page):
    as_of = serializers.IntegerField()
    results = ClaimOut(many=True)


WRITE = "write:claims"
EXPANDS = {
    "actors": ["parties.actor"],
    "documents": ["citations.document"],
    "sources": ["citations.provenance.source", "verdicts.source"],
    "collections": ["collection"],
}


class ClaimsView(Resource):
    """All claims, ordered by id, which is the order in which they were entered."""

    scopes: ClassVar[dict[str, str]] = {"POST": WRITE}

    @read("claims_list", ClaimPage, ClaimFilters, expands=EXPANDS)
    def get(self, request: Request, query: Any) -> Response:
        """List claims. Without a token, withheld claims can be filtered only by `collection`,
        `kind` and `status`."""
        filters, as_of = _filters(query), query["as_of"]
        after, limit = query.get("cursor", [None])[0], query["limit"]

        def read_rows() -> Sequence[detail.Sheet]:
            return detail.page(
                filters, after=after, limit=limit + 1, as_of=as_of, reader=self.reader
            )

        def count() -> int:
            return listing.count(filters, at=as_of.past, reader=self.reader)

        def in_time[T](read_part: Callable[[], T]) -> T:
            return narrowing.within_time(read_part) if filters.q else read_part()

        return pagination.page(
            request,
            query,
            in_time(read_rows),
            place=lambda sheet: [sheet.filed.stored.id],
            show=claimlines.lines,
            count=lambda: in_time(count),
            as_of=as_of.position,
        )

    @write("claims_create", NewClaim, writing.ClaimReceipt, check=batch_rows.of_new_claim)
    def post(self, request: Request, body: NewClaim) -> Response:
        """Record a claim. With `said_by` the claim is attributed to a party: the statement, the
        claim and the link between them are recorded together."""
        claim = body.submission.claim

        def warn() -> list[str]:
            found = uncounted.uncounted_collections([claim.collection])
            unusual = codebooks.unusual_form(claim.code, claim.kind)
            return [*(warning.says for warning in found), *filter(None, [unusual])]

        return writing.enter(request, body.submission, warn=warn)


def _filters(query: dict[str, Any]) -> Filters:
    """The filters of the list; refused if a claim with these values would be refused."""
    params.check(_filter_problems(query))
    values = {name: query.get(name) for name in Filters.__slots__ if name != "pair"}
    if "pair" not in query:
        return Filters(**values)
    with params.problems_of("pair"):
        one, other = pair_names.ends(*query["pair"].split("-"))
    return Filters(**values, pair=(one.id, other.id))


def _filter_problems(query: dict[str, Any]) -> Iterator[Problem]:
    if "q" in query and not site_search.has_words(query["q"]):
        yield Problem(pointer="/q", code="no_words", detail="has no words: write letters or digits")
    first, last = query.get("happened_after"), query.get("happened_before")
    if first and last and last < first:
        yield Problem(
            pointer="/happened_before",
            code="invalid",
            detail=f"is before happened_after={first}: exchange them",
        )
    if code := query.get("code"):
        yield from unknown_code(code)
    nouns = ("actor", "collection", "document")
    references_ = [(f"/{noun}", query[noun], noun) for noun in nouns if noun in query]
    yield from references.missing(references_) if references_ else ()


class ClaimView(Resource):
    """One claim."""

    @read("claims_read", ClaimOut, AsOf, expands=EXPANDS)
    def get(self, _request: Request, query: Any, claim_id: UUID) -> Response:
        """Read a claim, now or as of a past moment. `ETag` begins with its version."""
        sheet = detail.sheet(claim_id, as_of=query["as_of"], reader=self.reader)
        if sheet is None:
            raise Refusal("not-found", absence(claim_id))
        headers = {"ETag": f'"{sheet.filed.version}"'}
        return Response(claimlines.plain(sheet), headers=headers)

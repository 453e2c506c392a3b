"""The search: countries, pairs, claims, sources and documents by typed words."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import reading, throttling
from tracker.api.params import Parameters
from tracker.api.reading import Resource, read
from tracker.api.resources.score_fields import ScoreOut
from tracker.queries import site_search

Serializer = serializers.Serializer[Any]


class SearchParameters(Parameters):
    q = serializers.CharField(
        max_length=site_search.LONGEST,
        help_text="names, codes or peoples of countries in any script, and words of claims",
    )


class FoundCountryOut(Serializer):
    """`pairs` have a score; `latest_claim_day` is that of all of them."""

    code = serializers.CharField()
    name = serializers.CharField()
    pairs = serializers.IntegerField()
    latest_claim_day = serializers.DateField(source="latest", allow_null=True)


class FoundPairOut(Serializer):
    """`score` is null where no claim moves the pair."""

    pair = serializers.CharField()
    score = ScoreOut(source="row", allow_null=True)


class FoundClaimOut(Serializer):
    """`title` is the sentence as it must be printed; `when` is the EDTF date."""

    id = serializers.UUIDField(source="state.id")
    title = serializers.CharField()
    kind = serializers.CharField(source="state.claim.kind")
    when = serializers.CharField(source="state.claim.occurred.edtf", default=None, allow_null=True)


class FoundRecordOut(Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class SearchOut(Serializer):
    """The likeliest first. `claims` are the latest ones; with `more_claims` there are others, which
    `claims/?q=` lists. `too_slow`: the search through claims and documents was stopped. `near` are
    countries with a similar name, if nothing was found."""

    lens = serializers.CharField(source="lens.label", default=None, allow_null=True)
    countries = FoundCountryOut(many=True)
    pairs = FoundPairOut(many=True)
    claims = FoundClaimOut(many=True)
    more_claims = serializers.BooleanField()
    sources = FoundRecordOut(many=True)
    documents = FoundRecordOut(many=True)
    too_slow = serializers.BooleanField()
    near = FoundCountryOut(many=True)


class SearchView(Resource):
    """A search through everything on record."""

    stamp = reading.tables
    cost = throttling.BUILD_COST

    @read("search", SearchOut, SearchParameters)
    def get(self, _request: Request, query: Any) -> Response:
        """Find countries and pairs by names, and claims, sources and documents by words."""
        return Response(SearchOut(site_search.find(query["q"], reader=self.reader)).data)

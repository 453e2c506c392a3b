"""Responses with the measures of a pair."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import pagination, throttling
from tracker.api.answers import of
from tracker.api.pagination import CursorField
from tracker.api.params import DayField
from tracker.api.reading import Resource, read
from tracker.api.resources.claims import OccurredOut, WitnessOut
from tracker.api.resources.pairs import LensParameters
from tracker.domain.claims import Magnitude
from tracker.queries.records import pair_names
from tracker.queries.scores import measures
from tracker.queries.scores.measures import Measure, Span

Serializer = serializers.Serializer[Any]


class MeasureParameters(LensParameters):
    """`from` and `to` select measures whose days may be in that span; default: all."""

    vars()["from"] = DayField(required=False)
    to = DayField(required=False)
    limit = serializers.IntegerField(default=100, min_value=1, max_value=1_000)
    cursor = CursorField(date.fromisoformat, UUID)


class BoundsOut(Serializer):
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)


class OriginOut(Serializer):
    """The document, and its sources from the publisher to the root."""

    document = serializers.UUIDField(source="citation.document")
    title = serializers.CharField(source="document.document.title")
    url = serializers.CharField(source="document.document.url", allow_null=True)
    stance = serializers.CharField(source="citation.stance")
    interest = serializers.CharField(source="citation.interest")
    provenance = WitnessOut(many=True)


class MeasureOut(Serializer):
    """A measured amount, or a change from the `baseline`. `p` is the certainty of the claim in the
    view of the lens; `title` includes the verdicts."""

    claim = serializers.UUIDField(source="sheet.filed.state.id")
    title = serializers.CharField(source="sheet.filed.title")
    url = serializers.URLField()
    magnitude = of(Magnitude)(source="sheet.claim.magnitude")
    baseline = BoundsOut(allow_null=True)
    occurred = OccurredOut(source="sheet.dated", allow_null=True)
    p = serializers.FloatField()
    sources = OriginOut(source="sheet.citations", many=True)


class MeasurePage(Serializer):
    """Newest first; measures without a date come last."""

    pair = serializers.CharField()
    lens = serializers.CharField()
    as_of = serializers.IntegerField()
    count = serializers.IntegerField()
    results = MeasureOut(many=True)
    next = serializers.URLField(allow_null=True)


class Measures(Resource):
    """Measures of a pair."""

    cost = throttling.BUILD_COST

    @read("pairs_measures", MeasurePage, MeasureParameters)
    def get(self, request: Request, asked: Any, one: str, other: str) -> Response:
        """List measures of a pair, newest first. Measures move no score.

        `lens` selects the view in which claims count; its sectors and model have no effect here.
        """
        span = Span(start=asked.get("from"), end=asked.get("to"))
        pair = pair_names.pair_name(one, other)
        found = measures.measures_of(
            pair, span, lens=asked["lens"], as_of=asked["as_of"], reader=self.reader
        )
        after = tuple(asked["cursor"]) if "cursor" in asked else None
        rows = [each for each in found.measures if after is None or each.place < after]
        return pagination.page(
            request,
            rows[: asked["limit"] + 1],
            limit=asked["limit"],
            place=lambda each: each.place,
            shown=lambda each: MeasureOut(_rows(request, each), many=True).data,
            pair=found.pair,
            lens=found.lens.label,
            as_of=found.as_of,
            count=len(found.measures),
        )


def _rows(request: Request, found: Sequence[Measure]) -> list[dict[str, Any]]:
    return [
        {
            "sheet": one.sheet,
            "baseline": one.baseline,
            "p": one.p,
            "url": request.build_absolute_uri(
                reverse("api:claim", args=[one.sheet.filed.state.id])
            ),
        }
        for one in found
    ]

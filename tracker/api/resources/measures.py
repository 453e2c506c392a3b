"""The measures of a pair."""

from datetime import date
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import pagination, throttling
from tracker.api.answers import address, of
from tracker.api.pagination import CursorField
from tracker.api.params import DayField, LensParameters
from tracker.api.reading import Resource, read
from tracker.api.resources.claims import OccurredOut, WitnessOut
from tracker.domain.claims import Magnitude
from tracker.queries.records import pair_names
from tracker.queries.scores import measures
from tracker.queries.scores.measures import DayRange, Measure

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


class MeasuresView(Resource):
    """Measures of a pair."""

    cost = throttling.BUILD_COST

    @read("pairs_measures", MeasurePage, MeasureParameters)
    def get(self, request: Request, query: Any, one: str, other: str) -> Response:
        """List measures of a pair, newest first. Measures move no score.

        `lens` selects the view in which claims count; its sectors and model have no effect here.
        """
        span = DayRange(start=query.get("from"), end=query.get("to"))
        pair = pair_names.pair_name(one, other)
        result = measures.measures_of(
            pair, span, lens=query["lens"], as_of=query["as_of"], reader=self.reader
        )
        after = tuple(query["cursor"]) if "cursor" in query else None
        return pagination.page(
            request,
            # The count is always returned.
            {**query, "count": "exact"},
            [row for row in result.measures if after is None or row.place < after],
            place=lambda row: row.place,
            show=lambda rows: MeasureOut([_row(request, row) for row in rows], many=True).data,
            pair=result.pair,
            lens=result.lens.label,
            as_of=result.as_of,
            count=lambda: len(result.measures),
        )


def _row(request: Request, measure: Measure) -> dict[str, Any]:
    return {
        "sheet": measure.sheet,
        "baseline": measure.baseline,
        "p": measure.p,
        "url": address(request, "claim", measure.sheet.filed.state.id),
    }

"""Measures between two countries."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import limits, pagination
from tracker.api.reading import read
from tracker.api.resources import Resource
from tracker.api.serializers import measures as m
from tracker.queries.records import pair_names
from tracker.queries.scores import measures
from tracker.queries.scores.measures import Measure, Span


class Measures(Resource):
    """Measures of a pair."""

    cost = limits.BUILD_COST

    @read("pairs_measures", m.MeasurePage, m.MeasureParameters)
    def get(self, request: Request, asked: Any, one: str, other: str) -> Response:
        """List measures of a pair, newest first. Measures move no score.

        `lens` selects the view in which claims count; its sectors and model have no effect here.
        """
        span = Span(start=asked.get("from"), end=asked.get("to"))
        pair = pair_names.named(one, other)
        found = measures.measured(pair, span, lens=asked["lens"], as_of=asked["as_of"])
        after = tuple(asked["cursor"]) if "cursor" in asked else None
        rows = [each for each in found.measures if after is None or each.place < after]
        return pagination.page(
            request,
            rows[: asked["limit"] + 1],
            limit=asked["limit"],
            place=lambda each: each.place,
            shown=lambda each: m.MeasureOut(_rows(request, each), many=True).data,
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

"""Pairs: their scores over days."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import parameters
from tracker.api.serializers import pairs as p
from tracker.queries import pairs

A_YEAR = timedelta(days=365)


def _series(one: str, other: str, asked: dict[str, Any]) -> pairs.Series:
    pair = pairs.named(one, other)
    direction = pairs.direction_of(pair, asked.get("direction"))
    return pairs.series(pair, direction=direction, lens=asked["lens"], as_of=asked["as_of"])


class Scores(APIView):
    """The scores of a pair, day by day."""

    @extend_schema(
        operation_id="pair_scores", parameters=[p.ScoresParameters], responses=p.SeriesOut
    )
    def get(self, request: Request, one: str, other: str) -> Response:
        """Give the scores of a pair over a span of days, also as known at a past moment."""
        asked = parameters.read(request, p.ScoresParameters)
        found = _series(one, other, asked)
        end = asked.get("to", timezone.now().date())
        start = asked.get("from", end - A_YEAR)
        scores = found.over(start, end, every=asked["every"])
        return Response({**_resolved(found), "every": asked["every"], "scores": _many(scores)})


def _resolved(found: pairs.Series) -> dict[str, Any]:
    return dict(p.Resolved(found).data)


def _many(readings: list[pairs.Reading]) -> Any:
    return p.ScoreOut(readings, many=True).data

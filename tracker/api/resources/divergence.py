"""The divergence of two lenses on a pair."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import params, reading, throttling
from tracker.api.answers import with_fields_of
from tracker.api.params import AsOfField, DayField, SeriesParameters
from tracker.api.reading import Resource, read
from tracker.api.resources.score_fields import ScoreOut
from tracker.api.resources.scores import DIRECTION
from tracker.domain.divergence import Divergence
from tracker.queries.records import pair_names
from tracker.queries.scores import divergence, pairs
from tracker.queries.scores.divergence import ComparedDay, Comparison
from tracker.queries.scores.pairs import Series

Serializer = serializers.Serializer[Any]


class DivergenceParameters(SeriesParameters):
    """Give a day or a span of days."""

    lenses = serializers.CharField(
        max_length=400,
        help_text='two names or versions, comma-separated: "standing.ru,standing.rest"',
    )
    direction = serializers.RegexField(DIRECTION, required=False)
    as_of = AsOfField(required=False, default=None)
    day = DayField(required=False, help_text="default: today, unless a span is given")
    to = DayField(required=False, help_text="default: today, if `from` is given")


@with_fields_of(Divergence, only=("amount", "sd", "low", "high"))
class AmountOut(Serializer):
    """The value of the first lens minus that of the second, with the 90 % interval. What both
    lenses do not know alike is no part of it. `apart`: the interval does not contain 0."""

    apart = serializers.BooleanField()


class NotShownOut(Serializer):
    reason = serializers.CharField()
    detail = serializers.CharField()


class DivergenceDay(Serializer):
    """A divergence, or why it is not shown: each side needs five independent roots."""

    day = serializers.DateField()
    one = ScoreOut()
    other = ScoreOut()
    divergence = AmountOut(allow_null=True)
    not_shown = NotShownOut(allow_null=True)


class SideOut(Serializer):
    lens = serializers.CharField()
    scored_through = serializers.IntegerField()


class DivergenceOut(Serializer):
    pair = serializers.CharField()
    direction = serializers.CharField()
    as_of = serializers.IntegerField()
    one = SideOut()
    other = SideOut()
    days = DivergenceDay(many=True)


class DivergenceView(Resource):
    """One pair under two lenses."""

    cost = throttling.BUILD_COST
    stamp = reading.scores(dated_by="day")

    @read("pairs_divergence", DivergenceOut, DivergenceParameters)
    def get(self, _request: Request, query: Any, one: str, other: str) -> Response:
        """Compare two lenses with the same model on a pair, on a day or over a span of days.

        The divergence is shown if each side has five independent roots.
        """
        pair = pair_names.pair_name(one, other)
        two = divergence.comparison(
            pair,
            direction=pairs.direction_of(pair, query.get("direction")),
            lenses=_lenses(query["lenses"]),
            as_of=query["as_of"],
        )
        data = {
            "pair": pair,
            "direction": two.one.direction,
            "as_of": min(side.as_of for side in two),
            "one": _side(two.one),
            "other": _side(two.other),
            "days": _days(two, query),
        }
        return Response(DivergenceOut(data).data)


def _lenses(text: str) -> tuple[str, str]:
    names = [name.strip() for name in text.split(",")]
    if len(names) != 2 or not all(names):
        raise params.refusal("lenses", "must name two lenses, comma-separated")
    return names[0], names[1]


def _days(two: Comparison, query: Mapping[str, Any]) -> Sequence[ComparedDay]:
    has_span = "from" in query or "to" in query
    if has_span and "day" in query:
        raise params.refusal("day", "cannot be combined with from and to: give a day or a span")
    if not has_span:
        return [divergence.compare_on(two, query.get("day", timezone.now().date()))]
    start, end = params.span(query)
    return divergence.compare_over(two, start, end, every=query["every"])


def _side(series: Series) -> dict[str, Any]:
    return {"lens": series.lens.label, "scored_through": series.position}

"""The divergence of two lenses on a pair, and how far its level depends on settings of the model
that could as well be others."""

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
from tracker.api.resources.score_fields import ScoreOut, SinceParameters
from tracker.api.resources.scores import (
    DIRECTION,
    ThinnedOut,
    WithoutParameters,
    requested_series,
    resolved,
)
from tracker.domain.divergence import Divergence
from tracker.domain.robustness import (
    FACTORS,
    SETTINGS,
    VERSION,
    Factor,
    NotWorkedOut,
    Robustness,
    Spread,
)
from tracker.queries.records import pair_names
from tracker.queries.scores import divergence, movements, pairs
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


class RobustnessParameters(WithoutParameters, SinceParameters):
    day = DayField(required=False, help_text="default: today")


@with_fields_of(Spread, only=("value", "low", "high"))
class SpreadOut(Serializer):
    """The value under the lens's own settings, and the lowest and the highest under all."""

    same_sign = serializers.FloatField(
        allow_null=True,
        help_text="the share of the settings under which the sign is that of `value`; null if"
        " `value` is 0",
    )


class FactorOut(Serializer):
    """A setting that could be another, its choices, and why each can be defended."""

    name = serializers.CharField()
    choices = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField()


@with_fields_of(NotWorkedOut)
class NotWorkedOutOut(Serializer):
    """Why there are no spreads."""


class RobustnessOut(ThinnedOut):
    """The `level` at the end of `day`, and its `movement` since the end of `since`, under a number
    of `settings`: combinations of the choices of the `factors`. The version of this table is
    `table`."""

    day = serializers.DateField()
    table = serializers.CharField()
    settings = serializers.IntegerField()
    level = SpreadOut(allow_null=True)
    since = serializers.DateField(allow_null=True)
    movement = SpreadOut(allow_null=True, help_text="null if there is no act")
    not_worked_out = NotWorkedOutOut(allow_null=True)
    factors = FactorOut(many=True)


class RobustnessView(Resource):
    """The spreads of one pair."""

    # A hundred folds of a series: up to some seconds.
    cost = throttling.WHOLE_COST
    stamp = reading.scores(dated_by="day")

    @read("pairs_robustness", RobustnessOut, RobustnessParameters)
    def get(self, _request: Request, query: Any, one: str, other: str) -> Response:
        """Work out a level and its movement under settings that could as well be the lens's own.

        Only lenses of `standing` have such settings. The level of a pair with more
        than about 2,000 acts, or with a situation of more than 2,000 days, is not worked out:
        choose an earlier day.
        """
        series, left_out = requested_series(one, other, query, self.reader)
        day = query.get("day", timezone.now().date())
        found = movements.robustness_of(series, day, since=query.get("since"))
        return Response(
            {
                **resolved(series, left_out),
                "day": day,
                "table": VERSION,
                "settings": len(SETTINGS),
                **_spreads(found),
                "factors": [_factor(factor) for factor in FACTORS],
            }
        )


def _spreads(found: Robustness | NotWorkedOut) -> dict[str, Any]:
    if isinstance(found, NotWorkedOut):
        return {
            "level": None,
            "since": None,
            "movement": None,
            "not_worked_out": found._asdict(),
        }
    return {
        "level": found.level._asdict(),
        "since": found.since,
        "movement": found.movement and found.movement._asdict(),
        "not_worked_out": None,
    }


def _factor(factor: Factor) -> dict[str, Any]:
    return {**factor._asdict(), "choices": [*factor.choices]}

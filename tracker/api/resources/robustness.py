"""How far the level of a pair depends on settings of the model that could as well be others."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import reading, throttling
from tracker.api.answers import with_fields_of
from tracker.api.params import DayField
from tracker.api.reading import Resource, read
from tracker.api.resources.score_fields import SinceParameters
from tracker.api.resources.scores import (
    ThinnedOut,
    WithoutParameters,
    requested_series,
    resolved,
)
from tracker.domain.robustness import (
    FACTORS,
    SETTINGS,
    VERSION,
    Factor,
    NotWorkedOut,
    Robustness,
    Spread,
)
from tracker.queries.scores import movements

Serializer = serializers.Serializer[Any]


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

        Only lenses of version 2 of `standing` have such settings. The level of a pair with more
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

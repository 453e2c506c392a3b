"""How far two lenses are apart, as it goes out."""

from typing import Any

from rest_framework import serializers

from tracker.api.parameters import AsOfField, DayField, Parameters
from tracker.api.serializers.pairs import DIRECTION, ScoreOut

Serializer = serializers.Serializer[Any]


class DivergenceParameters(Parameters):
    """A day, or a span of days."""

    lenses = serializers.CharField(
        max_length=400, help_text='two names or versions with a comma: "standing.ru,standing.rest"'
    )
    direction = serializers.RegexField(DIRECTION, required=False)
    as_of = AsOfField(required=False, default=None)
    day = DayField(required=False, help_text="today, if no day and no span is given")
    vars()["from"] = DayField(required=False, help_text="a year before `to`, if only that is given")
    to = DayField(required=False, help_text="today, if only `from` is given")
    every = serializers.ChoiceField(choices=["day", "week", "month"], default="day")


class AmountOut(Serializer):
    """The first lens's value less the second's, with its 90 % interval; `apart`: 0 is not in it."""

    amount = serializers.FloatField()
    sd = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    apart = serializers.BooleanField()


class NotShownOut(Serializer):
    reason = serializers.CharField()
    detail = serializers.CharField()


class DivergenceDay(Serializer):
    """Either a divergence or why it is not shown: each side needs five independent roots."""

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

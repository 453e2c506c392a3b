"""Responses that compare two lenses."""

from typing import Any

from rest_framework import serializers

from tracker.api.parameters import AsOfField, DayField, Parameters
from tracker.api.serializers.pairs import DIRECTION, ScoreOut

Serializer = serializers.Serializer[Any]


class DivergenceParameters(Parameters):
    """Give a day or a span of days."""

    lenses = serializers.CharField(
        max_length=400,
        help_text='two names or versions, comma-separated: "standing.ru,standing.rest"',
    )
    direction = serializers.RegexField(DIRECTION, required=False)
    as_of = AsOfField(required=False, default=None)
    day = DayField(required=False, help_text="default: today, unless a span is given")
    vars()["from"] = DayField(required=False, help_text="default: a year before `to`")
    to = DayField(required=False, help_text="default: today, if `from` is given")
    every = serializers.ChoiceField(choices=["day", "week", "month"], default="day")


class AmountOut(Serializer):
    """The value of the first lens minus that of the second, with the 90 % interval. `apart`: the
    interval does not contain 0."""

    amount = serializers.FloatField()
    sd = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
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

"""Responses with shifts."""

from datetime import date
from typing import Any

from rest_framework import serializers

from tracker.api.pagination import CursorField
from tracker.api.parameters import DayField
from tracker.api.serializers.pairs import LensParameters, OthersOut, ShiftOut

Serializer = serializers.Serializer[Any]


class ShiftParameters(LensParameters):
    """`from` and `to` refer to the day on which a shift was first seen."""

    vars()["from"] = DayField(required=False, help_text="default: a year before `to`")
    to = DayField(required=False, help_text="default: today")
    pair = serializers.RegexField(r"^[A-Za-z]{3}-[A-Za-z]{3}$", required=False)
    country = serializers.RegexField(r"^[A-Za-z]{3}$", required=False)
    limit = serializers.IntegerField(default=20, min_value=1, max_value=100)
    count = serializers.ChoiceField(
        choices=["exact"], required=False, help_text="also return the total count"
    )
    cursor = CursorField(date.fromisoformat, str, date.fromisoformat)


class MoverOut(Serializer):
    """A claim that contributed to a shift. `because`: it `began`, it `goes on` (a situation), or
    `time` wore it down."""

    claim = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.URLField()
    amount = serializers.FloatField()
    because = serializers.CharField()


class ShiftRow(ShiftOut):
    """The amounts of `claims` and `others` and `rest` (that of the start) sum to `amount`, within
    1e-9."""

    pair = serializers.CharField()
    sd = serializers.FloatField(help_text="standard deviation of the 30-day changes before it")
    claims = MoverOut(many=True)
    others = OthersOut()
    rest = serializers.FloatField()


class ShiftPage(Serializer):
    """Newest first. `waiting`: pairs that were scored since the last search for shifts."""

    lens = serializers.CharField()
    as_of = serializers.IntegerField()
    scored_through = serializers.IntegerField()
    waiting = serializers.IntegerField()
    results = ShiftRow(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)

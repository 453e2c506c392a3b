"""Shifts as they go out."""

from datetime import date
from typing import Any

from rest_framework import serializers

from tracker.api.pagination import CursorField
from tracker.api.parameters import DayField
from tracker.api.serializers.pairs import LensParameters, OthersOut, ShiftOut

Serializer = serializers.Serializer[Any]


class ShiftParameters(LensParameters):
    """`from` and `to` are about the day on which a shift was seen first."""

    vars()["from"] = DayField(required=False, help_text="a year before `to`, if not given")
    to = DayField(required=False, help_text="today, if not given")
    pair = serializers.RegexField(r"^[A-Za-z]{3}-[A-Za-z]{3}$", required=False)
    country = serializers.RegexField(r"^[A-Za-z]{3}$", required=False)
    limit = serializers.IntegerField(default=20, min_value=1, max_value=100)
    count = serializers.ChoiceField(choices=["exact"], required=False, help_text="count all")
    cursor = CursorField(date.fromisoformat, str, date.fromisoformat)


class MoverOut(Serializer):
    """A claim that gave to a shift. `because` says how: it `began`, it `goes on` as a situation
    does, or `time` wore it down."""

    claim = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.URLField()
    amount = serializers.FloatField()
    because = serializers.CharField()


class ShiftRow(ShiftOut):
    """The amounts of the claims, of the others and `rest`, which is the start's, sum to `amount`,
    within 1e-9."""

    pair = serializers.CharField()
    sd = serializers.FloatField(help_text="of the 30-day changes before it")
    claims = MoverOut(many=True)
    others = OthersOut()
    rest = serializers.FloatField()


class ShiftPage(Serializer):
    """The newest first. `waiting` pairs were scored since shifts were looked for."""

    lens = serializers.CharField()
    as_of = serializers.IntegerField()
    scored_through = serializers.IntegerField()
    waiting = serializers.IntegerField()
    results = ShiftRow(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)

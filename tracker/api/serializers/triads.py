"""Responses with triangles of countries."""

from typing import Any

from rest_framework import serializers

from tracker.api.pagination import Counted, CursorField
from tracker.api.parameters import DayField
from tracker.api.serializers.pairs import LensParameters

Serializer = serializers.Serializer[Any]


class TriadParameters(LensParameters):
    day = DayField(required=False, help_text="default: today")


class EdgeOut(Serializer):
    """The standing of one pair with its 90 % interval; `x` is the standing scaled to −1..1."""

    pair = serializers.CharField()
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    x = serializers.FloatField()
    sign = serializers.CharField()


class HistoryParameters(LensParameters):
    vars()["from"] = DayField(required=False, help_text="default: a year before `to`")
    to = DayField(required=False, help_text="default: today")
    every = serializers.ChoiceField(choices=["day", "week", "month"], default="day")


class StrainedParameters(TriadParameters, Counted):
    countries = serializers.CharField(
        max_length=200, help_text="three to thirty codes, comma-separated, such as CHN,KAZ,RUS"
    )
    cursor = CursorField(int, float, str)


class BalanceOut(Serializer):
    """The sign of the product of the three, its strength, and the pair nearest to a flip."""

    balance = serializers.CharField(source="triad.balance")
    strength = serializers.FloatField(source="triad.strength")
    edges = EdgeOut(source="triad.edges", many=True)
    nearest_flip = serializers.CharField(source="triad.nearest_flip.pair")
    undetermined = serializers.ListField(child=serializers.CharField())


class TriadOut(BalanceOut):
    """A triangle at the end of a day."""

    triad = serializers.CharField(source="name")
    lens = serializers.CharField(source="lens.label")
    as_of = serializers.IntegerField()
    scored_through = serializers.IntegerField(source="position")
    day = serializers.DateField()


class PointOut(BalanceOut):
    day = serializers.DateField()


class FlipOut(Serializer):
    """A change of balance since the previous listed day."""

    day = serializers.DateField()
    before = serializers.CharField()
    after = serializers.CharField()


class TriadHistoryOut(Serializer):
    """A triangle over a span of days, and the listed days on which its balance changed."""

    triad = serializers.CharField(source="name")
    lens = serializers.CharField(source="lens.label")
    as_of = serializers.IntegerField()
    scored_through = serializers.IntegerField(source="position")
    history = PointOut(source="points", many=True)
    flips = FlipOut(many=True)


class StrainedOut(BalanceOut):
    """`strain`: the strength of an unbalanced triangle; for an undetermined one, the highest
    strength that it can have unbalanced, with each pair within its interval."""

    triad = serializers.CharField(source="name")
    strain = serializers.FloatField()


class StrainedPage(Serializer):
    """Unbalanced triangles first, then undetermined ones, each by strain. `strained` is their total
    number. `calm`: the number that are balanced or cannot be unbalanced. `unknown`: the number with
    a pair without any record."""

    lens = serializers.CharField()
    as_of = serializers.IntegerField()
    scored_through = serializers.IntegerField()
    day = serializers.DateField()
    countries = serializers.ListField(child=serializers.CharField())
    strained = serializers.IntegerField()
    calm = serializers.IntegerField()
    unknown = serializers.IntegerField()
    results = StrainedOut(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)

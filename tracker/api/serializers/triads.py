"""Triangles of countries as they go out."""

from typing import Any

from rest_framework import serializers

from tracker.api.parameters import DayField
from tracker.api.serializers.pairs import LensParameters

Serializer = serializers.Serializer[Any]


class TriadParameters(LensParameters):
    day = DayField(required=False, help_text="today, if not given")


class EdgeOut(Serializer):
    """The standing of one pair with its 90 % interval; `x` is the standing on −1..1."""

    pair = serializers.CharField()
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    x = serializers.FloatField()
    sign = serializers.CharField()


class TriadOut(Serializer):
    """The sign of the product of the three, how strong it is, and what is nearest to a flip."""

    triad = serializers.CharField(source="name")
    lens = serializers.CharField(source="lens.label")
    as_of = serializers.IntegerField()
    scored_through = serializers.IntegerField(source="position")
    day = serializers.DateField()
    balance = serializers.CharField(source="triad.balance")
    strength = serializers.FloatField(source="triad.strength")
    edges = EdgeOut(source="triad.edges", many=True)
    nearest_flip = serializers.CharField(source="triad.nearest_flip.pair")
    undetermined = serializers.ListField(child=serializers.CharField())

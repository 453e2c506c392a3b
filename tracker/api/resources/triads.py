"""Responses with triangles of countries."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import pagination, reading, throttling
from tracker.api.pagination import Counted, CursorField
from tracker.api.params import DayField
from tracker.api.reading import Resource, read
from tracker.api.resources.pairs import LensParameters
from tracker.queries.scores import triads
from tracker.queries.scores.triads import Span

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


A_YEAR = timedelta(days=365)


class Triads(Resource):
    """The triangles among some countries."""

    stamp = reading.tables

    @read("triads_list", StrainedPage, StrainedParameters)
    def get(self, request: Request, asked: Any) -> Response:
        """List the most strained triangles among a set of countries.

        First the unbalanced ones, by strength; then those with an unknown sign, by the highest
        strength that they can have unbalanced.
        """
        found = triads.ranking(
            triads.read_countries(asked["countries"].split(",")),
            asked.get("day", timezone.now().date()),
            lens=asked["lens"],
            as_of=asked["as_of"],
        )
        after = tuple(asked["cursor"]) if "cursor" in asked else None
        rows = [one for one in found.strained if after is None or one.place > after]
        told = ("as_of", "day", "countries", "calm", "unknown")
        counted = {"count": len(found.strained)} if "count" in asked else {}
        return pagination.page(
            request,
            rows,
            limit=asked["limit"],
            place=lambda one: one.place,
            shown=lambda some: StrainedOut(some, many=True).data,
            lens=found.lens.label,
            scored_through=found.position,
            strained=len(found.strained),
            **{name: getattr(found, name) for name in told},
            **counted,
        )


class Triad(Resource):
    """Three countries."""

    stamp = reading.scores(dated_by="day")

    @read("triads_read", TriadOut, TriadParameters)
    def get(self, _request: Request, asked: Any, one: str, two: str, three: str) -> Response:
        """Read whether a triangle is balanced, how strongly, and which pair is nearest to a
        flip."""
        found = triads.triad_reading(
            triads.ordered_codes(one, two, three),
            asked.get("day", timezone.now().date()),
            lens=asked["lens"],
            as_of=asked["as_of"],
        )
        return Response(TriadOut(found).data)


class TriadHistory(Resource):
    """Three countries over days."""

    cost = throttling.BUILD_COST
    stamp = reading.scores(dated_by="to")

    @read("triads_history", TriadHistoryOut, HistoryParameters)
    def get(self, _request: Request, asked: Any, one: str, two: str, three: str) -> Response:
        """Read a triangle over a span of days, and when its balance changed.

        A response covers at most 4,000 days, weeks or months.
        """
        end = asked.get("to", timezone.now().date())
        span = Span(start=asked.get("from", end - A_YEAR), end=end, every=asked["every"])
        found = triads.history(
            triads.ordered_codes(one, two, three), span, lens=asked["lens"], as_of=asked["as_of"]
        )
        return Response(TriadHistoryOut(found).data)

"""Triangles of countries."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import pagination, params, reading, throttling
from tracker.api.answers import with_fields_of
from tracker.api.pagination import CursorField, Page, PageParameters
from tracker.api.params import DayField, LensParameters, SeriesParameters
from tracker.api.reading import Resource, read
from tracker.api.resources.pairs import DirectionOut
from tracker.api.resources.score_fields import SinceParameters
from tracker.domain.triads import Edge, Flip
from tracker.queries.scores import triads
from tracker.queries.scores.triads import TriadSpan

Serializer = serializers.Serializer[Any]


class TriadParameters(LensParameters):
    day = DayField(required=False, help_text="default: today")


class DetailedParameters(TriadParameters, SinceParameters):
    pass


@with_fields_of(Edge, only=("pair", "value", "low", "high"))
class EdgeOut(Serializer):
    """The standing of one pair with its 90 % interval; `x` is the standing scaled to −1..1,
    `positive` the probability that it is above 0."""

    positive = serializers.FloatField()
    x = serializers.FloatField()
    sign = serializers.CharField()


class HistoryParameters(LensParameters, SeriesParameters):
    pass


class StrainedParameters(TriadParameters, PageParameters):
    countries = serializers.CharField(
        max_length=200, help_text="three to thirty codes, comma-separated, such as CHN,KAZ,RUS"
    )
    cursor = CursorField(int, float, str)


class BalanceOut(Serializer):
    """Whether the product of the three signs is more probably positive (`balanced`) or negative
    (`unbalanced`), its strength, and the pair nearest to a flip. `undetermined` lists the pairs
    whose interval contains 0."""

    balance = serializers.CharField(
        source="triad.balance", help_text="undetermined if the probability is within .025 of ½"
    )
    balanced = serializers.FloatField(
        source="triad.balanced",
        help_text="the probability that it is balanced, if the three pairs are independent",
    )
    strength = serializers.FloatField(source="triad.strength")
    edges = EdgeOut(source="triad.edges", many=True)
    nearest_flip = serializers.CharField(source="triad.nearest_flip.pair")
    undetermined = serializers.ListField(child=serializers.CharField())


class TriadOut(BalanceOut):
    """A triangle at the end of a day, with the whole score and the movement of each side, in the
    order of the edges."""

    triad = serializers.CharField(source="name")
    lens = serializers.CharField(source="lens.label")
    as_of = serializers.IntegerField()
    scored_through = serializers.IntegerField(source="position")
    day = serializers.DateField()
    sides = DirectionOut(many=True)


class PointOut(BalanceOut):
    day = serializers.DateField()


@with_fields_of(Flip, only=("day", "before", "after"))
class FlipOut(Serializer):
    """A change of balance since the previous listed day."""


class TriadHistoryOut(Serializer):
    """A triangle over a span of days, and the listed days on which its balance changed."""

    triad = serializers.CharField(source="name")
    lens = serializers.CharField(source="lens.label")
    as_of = serializers.IntegerField()
    scored_through = serializers.IntegerField(source="position")
    history = PointOut(source="points", many=True)
    flips = FlipOut(many=True)


class StrainedOut(BalanceOut):
    """`strain`: the strength of a triangle that is more probably unbalanced; for others the highest
    strength that they can have unbalanced, with each pair within its interval."""

    triad = serializers.CharField(source="name")
    strain = serializers.FloatField()


class StrainedPage(Page):
    """First the triangles that are more probably unbalanced, then those that may be, each by
    strain. `strained` is their total number. `calm`: the number of those that cannot be unbalanced
    with each pair within its interval. `unknown`: the number with a pair without any record."""

    lens = serializers.CharField()
    as_of = serializers.IntegerField()
    scored_through = serializers.IntegerField()
    day = serializers.DateField()
    countries = serializers.ListField(child=serializers.CharField())
    strained = serializers.IntegerField()
    calm = serializers.IntegerField()
    unknown = serializers.IntegerField()
    results = StrainedOut(many=True)


class TriadsView(Resource):
    """The triangles among some countries."""

    stamp = reading.tables

    @read("triads_list", StrainedPage, StrainedParameters)
    def get(self, request: Request, query: Any) -> Response:
        """List the most strained triangles among a set of countries.

        First those that are more probably unbalanced, by strength; then those that may be, by the
        highest strength that they can have unbalanced.
        """
        ranking = triads.ranking(
            triads.read_countries(query["countries"].split(",")),
            query.get("day", timezone.now().date()),
            lens=query["lens"],
            as_of=query["as_of"],
        )
        after = tuple(query["cursor"]) if "cursor" in query else None
        copied = ("as_of", "day", "countries", "calm", "unknown")
        return pagination.page(
            request,
            query,
            [row for row in ranking.strained if after is None or row.place > after],
            place=lambda row: row.place,
            show=lambda rows: StrainedOut(rows, many=True).data,
            count=lambda: len(ranking.strained),
            lens=ranking.lens.label,
            scored_through=ranking.position,
            strained=len(ranking.strained),
            **{name: getattr(ranking, name) for name in copied},
        )


class TriadView(Resource):
    """Three countries."""

    stamp = reading.scores(dated_by="day")

    @read("triads_read", TriadOut, DetailedParameters)
    def get(self, _request: Request, query: Any, one: str, two: str, three: str) -> Response:
        """Read whether a triangle is balanced, how strongly, and which pair is nearest to a
        flip."""
        triad = triads.detailed(
            triads.ordered_codes(one, two, three),
            query.get("day", timezone.now().date()),
            lens=query["lens"],
            as_of=query["as_of"],
            since=query.get("since"),
        )
        return Response(TriadOut(triad).data)


class TriadHistoryView(Resource):
    """Three countries over days."""

    cost = throttling.BUILD_COST
    stamp = reading.scores(dated_by="to")

    @read("triads_history", TriadHistoryOut, HistoryParameters)
    def get(self, _request: Request, query: Any, one: str, two: str, three: str) -> Response:
        """Read a triangle over a span of days, and when its balance changed.

        A response covers at most 4,000 days, weeks or months.
        """
        start, end = params.span(query)
        span = TriadSpan(start=start, end=end, every=query["every"])
        history = triads.history(
            triads.ordered_codes(one, two, three), span, lens=query["lens"], as_of=query["as_of"]
        )
        return Response(TriadHistoryOut(history).data)

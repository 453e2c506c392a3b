"""Triangles of countries: one on a day, one over a span, and the most strained."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import limits, pagination, stamping
from tracker.api.reading import read
from tracker.api.resources import Resource
from tracker.api.serializers import triads as t
from tracker.queries.scores import triads
from tracker.queries.scores.triads import Span

A_YEAR = timedelta(days=365)


class Triads(Resource):
    """The triangles among some countries."""

    stamp = stamping.tables

    @read("triads_list", t.StrainedPage, t.StrainedParameters)
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
            shown=lambda some: t.StrainedOut(some, many=True).data,
            lens=found.lens.label,
            scored_through=found.position,
            strained=len(found.strained),
            **{name: getattr(found, name) for name in told},
            **counted,
        )


class Triad(Resource):
    """Three countries."""

    stamp = stamping.scores(dated_by="day")

    @read("triads_read", t.TriadOut, t.TriadParameters)
    def get(self, _request: Request, asked: Any, one: str, two: str, three: str) -> Response:
        """Read whether a triangle is balanced, how strongly, and which pair is nearest to a
        flip."""
        found = triads.found(
            triads.named(one, two, three),
            asked.get("day", timezone.now().date()),
            lens=asked["lens"],
            as_of=asked["as_of"],
        )
        return Response(t.TriadOut(found).data)


class TriadHistory(Resource):
    """Three countries over days."""

    cost = limits.BUILD_COST
    stamp = stamping.scores(dated_by="to")

    @read("triads_history", t.TriadHistoryOut, t.HistoryParameters)
    def get(self, _request: Request, asked: Any, one: str, two: str, three: str) -> Response:
        """Read a triangle over a span of days, and when its balance changed.

        A response covers at most 4,000 days, weeks or months.
        """
        end = asked.get("to", timezone.now().date())
        span = Span(start=asked.get("from", end - A_YEAR), end=end, every=asked["every"])
        found = triads.history(
            triads.named(one, two, three), span, lens=asked["lens"], as_of=asked["as_of"]
        )
        return Response(t.TriadHistoryOut(found).data)

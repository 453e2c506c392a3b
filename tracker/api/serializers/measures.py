"""Responses with the measures of a pair."""

from datetime import date
from typing import Any
from uuid import UUID

from rest_framework import serializers

from tracker.api.pagination import CursorField
from tracker.api.parameters import DayField
from tracker.api.serializers.claims import MagnitudeOut, OccurredOut, WitnessOut
from tracker.api.serializers.pairs import LensParameters

Serializer = serializers.Serializer[Any]


class MeasureParameters(LensParameters):
    """`from` and `to` select measures whose days may be in that span; default: all."""

    vars()["from"] = DayField(required=False)
    to = DayField(required=False)
    limit = serializers.IntegerField(default=100, min_value=1, max_value=1_000)
    cursor = CursorField(date.fromisoformat, UUID)


class BoundsOut(Serializer):
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)


class OriginOut(Serializer):
    """The document, and its sources from the publisher to the root."""

    document = serializers.UUIDField(source="citation.document")
    title = serializers.CharField(source="document.document.title")
    url = serializers.CharField(source="document.document.url", allow_null=True)
    stance = serializers.CharField(source="citation.stance")
    interest = serializers.CharField(source="citation.interest")
    provenance = WitnessOut(many=True)


class MeasureOut(Serializer):
    """A measured amount, or a change from the `baseline`. `p` is the certainty of the claim in the
    view of the lens; `title` includes the verdicts."""

    claim = serializers.UUIDField(source="sheet.filed.state.id")
    title = serializers.CharField(source="sheet.filed.title")
    url = serializers.URLField()
    magnitude = MagnitudeOut(source="sheet.claim.magnitude")
    baseline = BoundsOut(allow_null=True)
    occurred = OccurredOut(source="sheet.dated", allow_null=True)
    p = serializers.FloatField()
    sources = OriginOut(source="sheet.citations", many=True)


class MeasurePage(Serializer):
    """Newest first; measures without a date come last."""

    pair = serializers.CharField()
    lens = serializers.CharField()
    as_of = serializers.IntegerField()
    count = serializers.IntegerField()
    results = MeasureOut(many=True)
    next = serializers.URLField(allow_null=True)

"""What was measured between two countries, as it goes out."""

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
    """With `from` or `to`, measures whose days may lie in that span; without, all of them."""

    vars()["from"] = DayField(required=False)
    to = DayField(required=False)
    limit = serializers.IntegerField(default=100, min_value=1, max_value=1_000)
    cursor = CursorField(date.fromisoformat, UUID)


class BoundsOut(Serializer):
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)


class OriginOut(Serializer):
    """Where it stands, and from whom: from the document's publisher to the root."""

    document = serializers.UUIDField(source="citation.document")
    title = serializers.CharField(source="document.document.title")
    url = serializers.CharField(source="document.document.url", allow_null=True)
    stance = serializers.CharField(source="citation.stance")
    interest = serializers.CharField(source="citation.interest")
    provenance = WitnessOut(many=True)


class MeasureOut(Serializer):
    """A measured amount, or a change against the `baseline`. `p` is how sure the claim is in the
    lens's view; `title` carries the verdicts."""

    claim = serializers.UUIDField(source="sheet.filed.state.id")
    title = serializers.CharField(source="sheet.filed.title")
    url = serializers.URLField()
    magnitude = MagnitudeOut(source="sheet.claim.magnitude")
    baseline = BoundsOut(allow_null=True)
    occurred = OccurredOut(source="sheet.dated", allow_null=True)
    p = serializers.FloatField()
    sources = OriginOut(source="sheet.citations", many=True)


class MeasurePage(Serializer):
    """The latest first; those without a date come last."""

    pair = serializers.CharField()
    lens = serializers.CharField()
    as_of = serializers.IntegerField()
    count = serializers.IntegerField()
    results = MeasureOut(many=True)
    next = serializers.URLField(allow_null=True)

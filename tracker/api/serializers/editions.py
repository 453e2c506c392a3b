"""Responses with editions."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from tracker.api.pagination import CursorField, Paged
from tracker.api.parameters import AsOf, AsOfField, DayField

Serializer = serializers.Serializer[Any]


class EditionsParameters(Paged):
    """The filters of the list."""

    lens = serializers.CharField(
        required=False, max_length=200, help_text='a name or a version: "standing@1"'
    )
    day = DayField(required=False)
    as_of = AsOfField(required=False, default=None)
    cursor = CursorField(str, UUID, int)


class EditionParameters(AsOf):
    """An address with `as_of` can be cited: its response never changes."""


class EditionOut(Serializer):
    """`values` always returns the same bytes; their SHA-256 is `digest`."""

    lens = serializers.CharField(source="kept.lens.label")
    day = serializers.DateField(source="kept.day")
    position = serializers.IntegerField(
        source="kept.position", help_text="the values are as known at this position of the log"
    )
    pairs = serializers.IntegerField(source="kept.pairs")
    digest = serializers.CharField(
        source="kept.digest", help_text="SHA-256 of the CSV with the values, in hex"
    )
    made_at = serializers.DateTimeField(source="kept.made_at")
    url = serializers.URLField(help_text="the address to cite")
    values = serializers.URLField(help_text="the values, as CSV in full precision")


class EditionPage(Serializer):
    as_of = serializers.IntegerField()
    results = EditionOut(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)

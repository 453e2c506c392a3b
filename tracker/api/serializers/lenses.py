"""Responses with lenses."""

from typing import Any

from rest_framework import serializers

from tracker.api.pagination import Listed

Serializer = serializers.Serializer[Any]


class BlocOut(Serializer):
    countries = serializers.ListField(child=serializers.UUIDField())
    ownerships = serializers.ListField(child=serializers.CharField())
    rule = serializers.CharField()


class ViewOut(Serializer):
    id = serializers.CharField()
    method = serializers.CharField()
    collections = serializers.ListField(
        child=serializers.UUIDField(), help_text="empty: all curated collections"
    )
    bloc = BlocOut(allow_null=True)


class ProgressOut(Serializer):
    """The progress of the scores of a view: it is served once it has reached position `begun`, that
    of its first lens. `waiting` pairs are not up to date."""

    position = serializers.IntegerField(help_text="the last processed event")
    begun = serializers.IntegerField()
    served = serializers.BooleanField()
    waiting = serializers.IntegerField()


class LensOut(Serializer):
    """A version of a lens; `label` identifies it permanently."""

    id = serializers.UUIDField(source="lens.id")
    version = serializers.IntegerField(source="lens.version")
    label = serializers.CharField(source="lens.label")  # type: ignore[assignment]
    name = serializers.CharField(source="lens.lens.name")
    view = ViewOut(source="lens.lens.view")
    model = serializers.CharField(source="lens.lens.model")
    model_version = serializers.IntegerField(source="lens.lens.model_version")
    parameters = serializers.JSONField(source="lens.lens.parameters")
    sectors = serializers.ListField(
        child=serializers.CharField(), source="lens.lens.sectors", help_text="empty: all"
    )
    description = serializers.CharField(source="lens.lens.description")
    progress = ProgressOut()


class LensList(Listed):
    """A page of the list, by name."""


class LensPage(Serializer):
    as_of = serializers.IntegerField()
    results = LensOut(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)

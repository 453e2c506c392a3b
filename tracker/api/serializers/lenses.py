"""Lenses as they go out."""

from typing import Any

from rest_framework import serializers

Serializer = serializers.Serializer[Any]


class BlocOut(Serializer):
    countries = serializers.ListField(child=serializers.UUIDField())
    ownerships = serializers.ListField(child=serializers.CharField())
    rule = serializers.CharField()


class ViewOut(Serializer):
    id = serializers.CharField()
    method = serializers.CharField()
    collections = serializers.ListField(child=serializers.UUIDField())
    bloc = BlocOut(allow_null=True)


class LensOut(Serializer):
    """A lens at one version; `label` names it for ever."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    name = serializers.CharField(source="lens.name")
    view = ViewOut(source="lens.view")
    model = serializers.CharField(source="lens.model")
    model_version = serializers.IntegerField(source="lens.model_version")
    parameters = serializers.JSONField(source="lens.parameters")
    sectors = serializers.ListField(
        child=serializers.CharField(), source="lens.sectors", help_text="none: all"
    )
    description = serializers.CharField(source="lens.description")


class LensesOut(Serializer):
    results = LensOut(many=True)

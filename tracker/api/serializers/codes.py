"""Responses with codebooks and codes."""

from typing import Any

from rest_framework import serializers

Serializer = serializers.Serializer[Any]


class CodeOut(Serializer):
    """The meaning of a code in its scheme."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.FloatField(allow_null=True)
    quad = serializers.CharField()
    plover = serializers.CharField(help_text="the nearest PLOVER code")
    speech = serializers.BooleanField()
    requires_recipient = serializers.BooleanField()
    contexts = serializers.ListField(child=serializers.CharField())


class CodebookOut(Serializer):
    scheme = serializers.CharField()
    codes = serializers.IntegerField(help_text="the number of codes")


class CodebooksPage(Serializer):
    results = CodebookOut(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)


class CodesOut(Serializer):
    scheme = serializers.CharField()
    codes = CodeOut(many=True)

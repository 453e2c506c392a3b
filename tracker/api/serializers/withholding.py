"""What came of withholding words, without the words."""

from typing import Any

from rest_framework import serializers

from tracker.api.writing import Receipt


class PlaceOut(serializers.Serializer[Any]):
    """A place where the same text stays; `noun` and `id` name the record there, if it is one."""

    says = serializers.CharField()
    noun = serializers.CharField(allow_blank=True)
    id = serializers.UUIDField(allow_null=True)


class WithholdingOut(Receipt):
    """The receipt is that of the last event that says so."""

    deleted = serializers.ListField(
        child=serializers.IntegerField(), help_text="the events whose words are deleted"
    )
    left = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="the other events of the claim that have words; `all` deletes them too",
    )
    same_text = PlaceOut(many=True, help_text="where text of the deleted words stays")
    beyond_recall = serializers.CharField(help_text="which copies nothing here can delete")

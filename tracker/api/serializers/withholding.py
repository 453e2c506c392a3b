"""The result of withholding words, without the words."""

from typing import Any

from rest_framework import serializers

from tracker.api.writing import Receipt


class PlaceOut(serializers.Serializer[Any]):
    """A place where the same text remains; `noun` and `id` identify the record, if it is one."""

    says = serializers.CharField()
    noun = serializers.CharField(allow_blank=True)
    id = serializers.UUIDField(allow_null=True)


class WithholdingOut(Receipt):
    """The receipt is that of the last withholding event."""

    deleted = serializers.ListField(
        child=serializers.IntegerField(), help_text="the events whose words were deleted"
    )
    left = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="other events of the claim that still have words; `all` deletes them too",
    )
    same_text = PlaceOut(many=True, help_text="where the deleted text remains")
    beyond_recall = serializers.CharField(help_text="copies that cannot be deleted from here")

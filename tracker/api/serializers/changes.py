"""Responses that explain why a score moved."""

from typing import Any

from rest_framework import serializers

from tracker.api.parameters import AsOfField, DayField
from tracker.api.serializers.events import EventStamp
from tracker.api.serializers.pairs import LargestField, OthersOut, PairParameters

Serializer = serializers.Serializer[Any]


class ChangesParameters(PairParameters):
    """`from` and `to` compare two days; `known_from` and `known_to` compare what was known
    of `day`."""

    vars()["from"] = DayField(required=False, help_text="the earlier of two days")
    to = DayField(required=False, help_text="the later of two days; default: today")
    day = DayField(required=False, help_text="with `known_from`; default: today")
    known_from = AsOfField(required=False, help_text="the earlier of two positions or times")
    known_to = AsOfField(required=False, help_text="the later of the two; default: now")
    limit = LargestField()


class EndOut(Serializer):
    """One of the two scores. `as_of` is the requested position, `scored_through` the last scored
    one."""

    day = serializers.DateField()
    lens = serializers.CharField(source="series.lens.label")
    as_of = serializers.IntegerField(source="series.as_of")
    scored_through = serializers.IntegerField(source="series.position")
    value = serializers.FloatField()
    start = serializers.FloatField(source="apart.start")


class CauseOut(Serializer):
    """An event of the log that changed the effect of the claim: an event of the claim, of one of
    its links, or of a related record, such as a new grade of a source."""

    event = EventStamp(source="recorded")
    stream = serializers.UUIDField(source="recorded.stream")
    about = serializers.CharField(help_text="claim, link, source, actor, document, collection, …")
    name = serializers.CharField()
    reason = serializers.CharField()


class MovedOut(Serializer):
    """`because`: `events`; `others` (the claim is unchanged, but related claims are not);
    `began` (its first day was reached); `goes on` (further days of a situation); `time` (it fades,
    or later claims wear it down)."""

    claim = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.URLField()
    before = serializers.FloatField()
    after = serializers.FloatField()
    amount = serializers.FloatField()
    because = serializers.CharField()
    causes = CauseOut(many=True)


class ChangesOut(Serializer):
    """`start`, the amounts of `changes` and `others`, and `remainder` (rounding) sum to `amount`,
    the difference of the two values. Largest first. `start_because`: null (the start did not move),
    `events` (the lens changed), `began` (the day of its anchor was reached) or `others` (claims
    wear it down)."""

    pair = serializers.CharField()
    direction = serializers.CharField()
    before = EndOut()
    after = EndOut()
    amount = serializers.FloatField()
    start = serializers.FloatField()
    start_because = serializers.CharField(allow_null=True)
    start_causes = CauseOut(many=True)
    remainder = serializers.FloatField()
    changes = MovedOut(many=True)
    others = OthersOut()

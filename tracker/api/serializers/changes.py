"""Why a score moved, as it goes out."""

from typing import Any

from rest_framework import serializers

from tracker.api.parameters import AsOfField, DayField
from tracker.api.serializers.events import EventStamp
from tracker.api.serializers.pairs import LargestField, OthersOut, PairParameters

Serializer = serializers.Serializer[Any]


class ChangesParameters(PairParameters):
    """`from` and `to` compare two days; `known_from` and `known_to` what was known of `day`."""

    vars()["from"] = DayField(required=False, help_text="the earlier of two days")
    to = DayField(required=False, help_text="the later of two days; today, if not given")
    day = DayField(required=False, help_text="with `known_from`: today, if not given")
    known_from = AsOfField(required=False, help_text="the earlier of two positions or times")
    known_to = AsOfField(required=False, help_text="the later of them; now, if not given")
    limit = LargestField()


class EndOut(Serializer):
    """One of the two scores. `as_of` is what was asked about, `scored_through` what is in it."""

    day = serializers.DateField()
    lens = serializers.CharField(source="series.lens.label")
    as_of = serializers.IntegerField(source="series.as_of")
    scored_through = serializers.IntegerField(source="series.position")
    value = serializers.FloatField()
    start = serializers.FloatField(source="apart.start")


class CauseOut(Serializer):
    """An event of the log that changed what the claim does: the claim's own, one of its links',
    or one of a record around it, such as the new grade of a source."""

    event = EventStamp(source="recorded")
    stream = serializers.UUIDField(source="recorded.stream")
    about = serializers.CharField(help_text="claim, link, source, actor, document, collection, …")
    name = serializers.CharField()
    reason = serializers.CharField()


class MovedOut(Serializer):
    """`because`: `events`; `others` (the claim is as it was, what it is weighed with is not);
    `began` (its first day came); `goes on` (a situation's further days); `time` (it fades, or
    what came later wears it down)."""

    claim = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.URLField()
    before = serializers.FloatField()
    after = serializers.FloatField()
    amount = serializers.FloatField()
    because = serializers.CharField()
    causes = CauseOut(many=True)


class ChangesOut(Serializer):
    """`start`, the amounts, that of the others and `remainder` (rounding) sum to `amount`, which is
    the difference of the values. Largest first. `start_because` is null where the start did not
    move: `events` (the lens became another), `began` (its anchor's day came) or `others` (claims
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

"""Scores of pairs as they go out. Numbers are not rounded, so that parts still sum to values."""

from typing import Any

from rest_framework import serializers

from tracker.api.parameters import AsOfField, DayField, Parameters


class LensParameters(Parameters):
    lens = serializers.CharField(
        default="standing", max_length=200, help_text='a name, or a version of it: "standing@1"'
    )
    as_of = AsOfField(required=False, default=None)


class PairParameters(LensParameters):
    direction = serializers.RegexField(
        r"^[A-Za-z]{3}[->][A-Za-z]{3}$",
        required=False,
        help_text='"RUS>KAZ" for Russia towards Kazakhstan; without, the undirected pair',
    )


class ScoresParameters(PairParameters):
    vars()["from"] = DayField(required=False, help_text="a year before `to`, if not given")
    to = DayField(required=False, help_text="today, if not given")
    every = serializers.ChoiceField(choices=["day", "week", "month"], default="day")


class ScoreOut(serializers.Serializer[Any]):
    """A score at the end of a day, with its 90 % interval and what it rests on."""

    day = serializers.DateField()
    value = serializers.FloatField(source="score.value")
    sd = serializers.FloatField(source="score.sd")
    low = serializers.FloatField(source="score.low")
    high = serializers.FloatField(source="score.high")
    band = serializers.CharField(source="score.band", allow_null=True)
    words = serializers.CharField()
    claims = serializers.IntegerField()
    roots = serializers.IntegerField()
    state_roots = serializers.IntegerField()
    state_share = serializers.FloatField(
        allow_null=True, help_text="of the independent roots, those that a state owns"
    )
    days_since = serializers.IntegerField(
        allow_null=True, help_text="days since the last claim's day"
    )


class Resolved(serializers.Serializer[Any]):
    """What was asked, made exact: with these the same answer comes next year."""

    pair = serializers.CharField()
    direction = serializers.CharField()
    lens = serializers.CharField(source="lens.label")
    as_of = serializers.IntegerField(help_text="the position of the log that was asked about")
    scored_through = serializers.IntegerField(
        source="position",
        help_text="the position that the scores have reached; below `as_of` they lag behind it",
    )


class SeriesOut(Resolved):
    every = serializers.CharField()
    scores = ScoreOut(many=True)

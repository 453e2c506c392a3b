"""Scores of pairs as they go out. Numbers are not rounded, so that parts still sum to values."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.api.pagination import Counted, CursorField
from tracker.api.parameters import AsOf, AsOfField, DayField, Parameters
from tracker.api.serializers.fields import Many
from tracker.domain import absence

_UUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
DIRECTION = r"^[A-Za-z]{3}[->][A-Za-z]{3}$"


class LensParameters(Parameters):
    lens = serializers.CharField(
        default="standing", max_length=200, help_text='a name, or a version of it: "standing@1"'
    )
    as_of = AsOfField(required=False, default=None)


class PairParameters(LensParameters):
    direction = serializers.RegexField(
        DIRECTION,
        required=False,
        help_text='"RUS>KAZ" for Russia towards Kazakhstan; without, the undirected pair',
    )


@extend_schema_field({"type": "string", "pattern": f"^(claim|source|root):{_UUID}$"})
class AbsentField(serializers.CharField):
    """What is to be left out."""


class WithoutParameters(PairParameters):
    without = Many(
        child=AbsentField(max_length=80),
        required=False,
        default=list,
        max_length=absence.MOST,
        help_text="claim:UUID, source:UUID or root:UUID, as if it had never been on record;"
        " repeat it for several",
    )


class ScoresParameters(WithoutParameters):
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


class ThinnedOut(Resolved):
    without = serializers.ListField(
        child=serializers.CharField(), help_text="what was left out, as if it had never been"
    )


class SeriesOut(ThinnedOut):
    every = serializers.CharField()
    scores = ScoreOut(many=True)


class LargestField(serializers.IntegerField):
    """How many claims are told one by one."""

    def __init__(self) -> None:
        told = "tell the largest so many claims one by one; all, if not given"
        super().__init__(required=False, min_value=1, max_value=1000, help_text=told)


class ExplanationParameters(WithoutParameters):
    day = DayField(required=False, help_text="today, if not given")
    limit = LargestField()


class PartOut(serializers.Serializer[Any]):
    """What one claim gives to the score; `title` is printed as of the same moment."""

    claim = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.URLField()
    amount = serializers.FloatField()


class OthersOut(serializers.Serializer[Any]):
    """The claims that are not told one by one, and what they give together. Without a token
    withheld claims are among them."""

    claims = serializers.IntegerField()
    amount = serializers.FloatField()


class AnchorOut(serializers.Serializer[Any]):
    """The level at the close of a day that the start comes from, and who vouches for it."""

    day = serializers.DateField()
    level = serializers.CharField()
    citation = serializers.CharField()


class ExplanationOut(ThinnedOut):
    """`start`, the amounts and that of the others sum to `value`, within 1e-9. Largest first.
    `anchor` is null where the start rests on none, and on days before it."""

    day = serializers.DateField()
    value = serializers.FloatField()
    score = ScoreOut()
    start = serializers.FloatField()
    anchor = AnchorOut(allow_null=True)
    contributions = PartOut(many=True)
    others = OthersOut()


class DirectionOut(serializers.Serializer[Any]):
    direction = serializers.CharField()
    score = ScoreOut()


class LensReading(serializers.Serializer[Any]):
    """There are no directions while a new lens catches up with the log."""

    lens = serializers.CharField()
    scored_through = serializers.IntegerField()
    directions = DirectionOut(many=True)


class OverviewParameters(AsOf):
    day = DayField(required=False, help_text="today, if not given")


class UncountedOut(serializers.Serializer[Any]):
    """Claims between the two that are on record and that no lens counts; `more`: there are
    more than were counted."""

    collection = serializers.UUIDField(source="collection.id")
    name = serializers.CharField(source="collection.name")
    claims = serializers.IntegerField()
    more = serializers.BooleanField(source="many")


class PairOut(serializers.Serializer[Any]):
    """The undirected pair and both directions, under each lens, at the end of `day`."""

    pair = serializers.CharField()
    day = serializers.DateField()
    as_of = serializers.IntegerField()
    lenses = LensReading(many=True)
    uncounted = UncountedOut(many=True, allow_null=True, help_text="of now; null with `as_of`")


SORTS = (
    *("pair", "value", "claims", "roots", "last_claim_day"),
    *("change_7", "change_30", "change_365"),
)


class OrderParameters(Parameters):
    """Which lens, in what order, and of whom."""

    lens = serializers.CharField(default="standing", max_length=200)
    sort = serializers.ChoiceField(
        choices=[f"{sign}{column}" for column in SORTS for sign in ("", "-")],
        default="pair",
        help_text="a minus sign turns it round",
    )
    country = serializers.RegexField(r"^[A-Za-z]{3}$", required=False)
    fresh = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=100_000,
        help_text="only pairs with a claim in the last so many days",
    )
    shifted = serializers.BooleanField(
        default=False, help_text="only pairs whose score shifted in the last 14 days"
    )
    as_of = AsOfField(required=False, default=None)


class TableParameters(OrderParameters, Counted):
    """The same, page by page."""

    cursor = CursorField(str, str, str)


class ShiftOut(serializers.Serializer[Any]):
    """A move by `amount` from the close of `start` to that of `peak`; `seen` is the first day on
    which it was large for its pair."""

    start = serializers.DateField()
    seen = serializers.DateField()
    peak = serializers.DateField()
    amount = serializers.FloatField()


class RowOut(ScoreOut):
    """A line of the table of pairs, at the end of `day`. The changes are those in the last 7, 30
    and 365 days, as found when shifts were looked for last; null where nobody has yet."""

    pair = serializers.CharField()
    last_claim_day = serializers.DateField(allow_null=True)
    change_7 = serializers.FloatField(allow_null=True)
    change_30 = serializers.FloatField(allow_null=True)
    change_365 = serializers.FloatField(allow_null=True)
    shift = ShiftOut(allow_null=True, help_text="one whose peak lies in the last 14 days")


class TablePage(serializers.Serializer[Any]):
    """The pairs that are `waiting` for their scores stand as they were, or not yet at all. As of
    a past moment nothing waits, and no shifts are marked."""

    lens = serializers.CharField()
    as_of = serializers.IntegerField()
    scored_through = serializers.IntegerField()
    waiting = serializers.IntegerField()
    results = RowOut(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)

"""The shapes of scores and movements in answers."""

from typing import Any

from rest_framework import serializers

from tracker.api.answers import with_fields_of
from tracker.api.params import DayField, Parameters
from tracker.domain.movements import WindowMovement
from tracker.domain.scoring.bands import Assessment, Likely
from tracker.domain.scoring.moments import Score
from tracker.queries.scores.pairs import Reading


@with_fields_of(Likely, only=("bands", "chance"))
class LikelyOut(serializers.Serializer[Any]):
    """The two neighbouring bands that together are most probable, the more probable one first, and
    the probability that the level is in one of them."""


@with_fields_of(Assessment, only=("state", "day"))
class AssessmentOut(serializers.Serializer[Any]):
    """Whether somebody ever assessed the level, and on what day last: `never`, `fresh` (within five
    years) or `past`."""


_OF_LEVELS = "null for `tone` and `cooperation`"


@with_fields_of(Score, "score", only=("value",))
@with_fields_of(Reading, only=("day", "words", "claims", "roots", "state_roots"))
class ScoreOut(serializers.Serializer[Any]):
    """A score at the end of a day, with its evidence. A level has its standard deviation and its
    90 % interval, two `likely` bands, and whether it was `assessed`."""

    sd = serializers.FloatField(source="score.sd", allow_null=True, help_text=_OF_LEVELS)
    low = serializers.FloatField(source="score.low", allow_null=True, help_text=_OF_LEVELS)
    high = serializers.FloatField(source="score.high", allow_null=True, help_text=_OF_LEVELS)
    likely = LikelyOut(source="score.likely", allow_null=True)
    assessed = AssessmentOut(source="score.assessed", allow_null=True)
    silent = serializers.DateField(
        source="score.silent",
        allow_null=True,
        help_text="of a tone that says little, since B/(B + κ) is under .1: the last day with news;"
        " pages show no number then",
    )
    state_share = serializers.FloatField(
        allow_null=True, help_text="the share of the independent roots that are state-owned"
    )
    days_since = serializers.IntegerField(
        allow_null=True, help_text="days since the day of the last claim"
    )


class SinceParameters(Parameters):
    since = DayField(
        required=False,
        help_text="the movement is that since the end of this day; default: the day before the"
        " first act",
    )


@with_fields_of(WindowMovement)
class MovementOut(serializers.Serializer[Any]):
    """How far a level moved from the end of `since` to the end of `until`, with what may have
    happened unreported: the expected movement, its own 90 % interval, and the probabilities that
    the level `fell` and that it `rose`. They may not add up to 1, since it may not have moved.
    `acted`: an act of that time is on record; without one only what nobody reported moves it, or a
    later assessment. The first tells where the pair was, and is no movement."""


MOVEMENT = "null for a lens that measures no levels, and if there is no act"
MOVEMENT_OF_ROW = (
    f"{MOVEMENT}; without `since` also of a pair with very many claims until the next search for"
    " shifts"
)

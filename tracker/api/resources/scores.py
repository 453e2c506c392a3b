"""The scores of a pair over days, and the explanation of one. Numbers are not rounded, so that
parts sum to values. Also how often claims of each certainty were confirmed."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import params, reading, throttling
from tracker.api.answers import (
    LargestField,
    OthersOut,
    PartOut,
    contributions,
    total,
    with_fields_of,
)
from tracker.api.bodies import BoundedList
from tracker.api.params import DayField, LensParameters, SeriesParameters
from tracker.api.reading import Resource, read
from tracker.api.resources.log import ActingOut
from tracker.api.resources.score_fields import MOVEMENT, MovementOut, ScoreOut, SinceParameters
from tracker.domain import absence
from tracker.domain.calibration import Calibration, GradeCheck
from tracker.domain.disclosure import Reader
from tracker.domain.movements import AssessedLevel, assessed_level
from tracker.domain.scoring.moments import Part
from tracker.exports import readings
from tracker.queries.claims import listing
from tracker.queries.evidence import acting, calibration, what_if
from tracker.queries.records import pair_names
from tracker.queries.scores import movements, pairs

_UUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
DIRECTION = r"^[A-Za-z]{3}[->][A-Za-z]{3}$"


class PairParameters(LensParameters):
    direction = serializers.RegexField(
        DIRECTION,
        required=False,
        help_text='"RUS>KAZ" is Russia towards Kazakhstan; default: the undirected pair',
    )


@extend_schema_field({"type": "string", "pattern": f"^(claim|source|root):{_UUID}$"})
class AbsentField(serializers.CharField):
    """What to leave out."""


class WithoutParameters(PairParameters):
    without = BoundedList(
        child=AbsentField(max_length=80),
        required=False,
        default=list,
        max_length=absence.LIMIT,
        help_text="compute without claim:UUID, source:UUID or root:UUID, as if never recorded;"
        " repeat the parameter for several",
    )


class ScoresParameters(WithoutParameters, SeriesParameters, SinceParameters):
    pass


class Resolved(serializers.Serializer[Any]):
    """The request with all defaults resolved: with these values it can be reproduced."""

    pair = serializers.CharField()
    direction = serializers.CharField()
    lens = serializers.CharField(source="lens.label")
    as_of = serializers.IntegerField(help_text="the requested position of the log")
    scored_through = serializers.IntegerField(
        source="position",
        help_text="the position that the scores have reached; it can be below `as_of`",
    )


class ThinnedOut(Resolved):
    without = serializers.ListField(
        child=serializers.CharField(), help_text="what was left out, as if never recorded"
    )


class SeriesOut(ThinnedOut):
    """The `movement` is that up to the last day."""

    every = serializers.CharField()
    movement = MovementOut(allow_null=True, help_text=MOVEMENT)
    scores = ScoreOut(many=True)


class ExplanationParameters(WithoutParameters, SinceParameters):
    day = DayField(required=False, help_text="default: today")
    limit = LargestField()


@with_fields_of(AssessedLevel)
class AssessedOut(serializers.Serializer[Any]):
    """A level that the claim assesses, on −9..9 with its sd, at the end of `day`. One that names a
    `rung` says where the pair starts: it counts from the day before the first act at the latest."""


class ExplainedOut(PartOut):
    """`amount` is what is left of the claim on the day. Of the acts of a month the largest of each
    class counts in each of the 256 worlds, and what one source reports of a day counts once; the
    others confirm it: these have a `step` of less than half of `alone`. Both are in points, over
    all worlds."""

    step = serializers.FloatField(
        allow_null=True,
        help_text="by how much the claim moved the level on its day, a war also in its months; 0 of"
        " a first assessment, which tells where the pair was; null for a lens that measures no"
        " levels",
    )
    alone = serializers.FloatField(
        allow_null=True,
        help_text="what `step` would be if no other act of its month counted; null for an assessed"
        " level too",
    )
    acting = ActingOut(
        many=True, help_text="the countries of the pair for which organisations act in the claim"
    )
    level = AssessedOut(allow_null=True, help_text="null for an act or a situation")


class ExplanationOut(ThinnedOut):
    """`start` (the unknown level at the beginning), `drift` (what happened that nobody reported;
    both 0 for a flow) and the amounts of `contributions` and `others` sum to `value`, within 1e-9.
    Largest first."""

    day = serializers.DateField()
    value = serializers.FloatField()
    score = ScoreOut()
    movement = MovementOut(allow_null=True, help_text=MOVEMENT)
    start = serializers.FloatField()
    drift = serializers.FloatField()
    contributions = ExplainedOut(many=True)
    others = OthersOut()


class ScoresView(Resource):
    """The scores of a pair, day by day."""

    stamp = reading.scores(dated_by="to")

    @read("pairs_scores", SeriesOut, ScoresParameters)
    def get(self, _request: Request, query: Any, one: str, other: str) -> Response:
        """Read the scores of a pair over a span of days, now or as known at a past moment."""
        series, left_out = requested_series(one, other, query, self.reader)
        start, end = params.span(query)
        scores = series.over(start, end, every=query["every"])
        moved = movements.of_series(series, end, since=query.get("since"))
        return Response(
            {
                **resolved(series, left_out),
                "every": query["every"],
                "movement": readings.movement(moved),
                "scores": [readings.plain(score) for score in scores],
            }
        )


class ExplanationView(Resource):
    """The explanation of a score."""

    cost = throttling.BUILD_COST
    stamp = reading.day_by_day

    @read("pairs_explanation", ExplanationOut, ExplanationParameters)
    def get(self, request: Request, query: Any, one: str, other: str) -> Response:
        """Explain the score of a day, claim by claim. Titles are as of the same moment."""
        series, left_out = requested_series(one, other, query, self.reader)
        day = query.get("day", timezone.now().date())
        pulls = what_if.pulls_of(series)
        explanation = series.scorer.contributions(pulls, day)
        moved = movements.of_pulls(series, pulls, day, since=query.get("since"))
        levels = {pull.claim: level for pull in pulls if (level := assessed_level(pull))}
        claims = [part.claim for part in explanation.parts]
        titles = listing.first_titles(
            claims, at=query["as_of"].past, most=query.get("limit"), reader=self.reader
        )
        parts, others = list[Part](), list[Part]()
        for part in explanation.parts:
            (parts if part.claim in titles else others).append(part)
        return Response(
            {
                **resolved(series, left_out),
                "day": day,
                "value": explanation.value,
                "score": readings.plain(series.on(day)),
                "movement": readings.movement(moved),
                "start": explanation.start,
                "drift": explanation.drift,
                "contributions": _explained(request, series, parts, titles, levels),
                "others": total(others),
            }
        )


def _explained(
    request: Request,
    series: pairs.Series,
    parts: Sequence[Part],
    titles: Mapping[UUID, str],
    levels: Mapping[UUID, AssessedLevel],
) -> list[dict[str, Any]]:
    """The contributions of claims, as `ExplainedOut`."""
    members = acting.of_claims(
        [part.claim for part in parts],
        series.pair,
        series.lens.lens.view,
        position=series.position,
    )
    return [
        shown
        | {"level": level and level._asdict() | {"day": level.day.isoformat()}}
        | {"acting": ActingOut(members.get(part.claim, ()), many=True).data}
        | {"step": part.step, "alone": part.alone}
        for part, shown in zip(parts, contributions(request, parts, titles), strict=True)
        for level in [levels.get(part.claim)]
    ]


def resolved(series: pairs.Series, left_out: list[str]) -> dict[str, Any]:
    """The request of a series, as `ThinnedOut`."""
    return {
        "pair": series.pair,
        "direction": series.direction,
        "lens": series.lens.label,
        "as_of": series.as_of,
        "scored_through": series.position,
        "without": left_out,
    }


def requested_series(
    one: str, other: str, query: Mapping[str, Any], reader: Reader
) -> tuple[pairs.Series, list[str]]:
    """The requested series, and what is left out of it."""
    pair = pair_names.pair_name(one, other)
    direction = pairs.direction_of(pair, query.get("direction"))
    absent = absence.parse(query["without"])
    series = what_if.series(
        pair,
        direction=direction,
        lens=query["lens"],
        as_of=query["as_of"],
        absence=absent,
        reader=reader,
    )
    return series, absent.words


Serializer = serializers.Serializer[Any]


@with_fields_of(GradeCheck)
class GradeCheckOut(Serializer):
    """What verdicts say of one grade: a Beta of 20 pseudo-claims at the method's p of such claims,
    updated by the outcomes, with its mean and 90 %. `kind` and `odds`: the prior odds in p; empty
    and 1 for a method without. `in_table`: the mean without the prior odds, as a value of the table
    of grades; null above the p that no number of reports exceeds. `outside`: p has left the 90 %;
    `proposal` says then what the next table should change. Nothing is applied."""

    in_table = serializers.FloatField(allow_null=True)
    outside = serializers.BooleanField()
    proposal = serializers.CharField(allow_blank=True)


@with_fields_of(Calibration)
class JudgedOut(Serializer):
    """A record of judged claims. `missing`: how many decided claims are lacking before the figures
    mean much."""

    missing = serializers.IntegerField()
    checks = GradeCheckOut(many=True)


class CalibrationOut(Serializer):
    """`judged` counts each claim with a verdict once. `drawn` counts those of the weekly draw that
    a second person judged without sight of p, weighted by the claims that they stand for. `draws`
    is the number of claims drawn so far, `unjudged` of how many no such judgement came. The draw
    is no sample of all claims: those that somebody judged or retracted first are left out."""

    lens = serializers.CharField(source="lens.label")
    as_of = serializers.IntegerField()
    draws = serializers.IntegerField()
    unjudged = serializers.IntegerField()
    judged = JudgedOut()
    drawn = JudgedOut()


class CalibrationView(Resource):
    """The record of the certainty."""

    cost = throttling.BUILD_COST
    stamp = reading.calibration

    @read("calibration", CalibrationOut, LensParameters)
    def get(self, _request: Request, query: Any) -> Response:
        """Compare the p of judged claims with their outcomes.

        Each claim has the p that its citations gave before its first deciding verdict, under the
        certainty of a lens. A verdict by one of its own roots does not count.
        """
        found = calibration.report(lens=query["lens"], as_of=query["as_of"], reader=self.reader)
        return Response(CalibrationOut(found).data)

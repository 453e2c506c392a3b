"""How often claims of each certainty were confirmed."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import reading, throttling
from tracker.api.answers import with_fields_of
from tracker.api.params import LensParameters
from tracker.api.reading import Resource, read
from tracker.domain.calibration import Calibration, GradeCheck
from tracker.queries.evidence import calibration

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

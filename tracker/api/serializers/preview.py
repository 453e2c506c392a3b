"""Responses with the effects that a new claim would have."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.api.serializers.impacts import ImpactOut, PStepOut
from tracker.api.serializers.pairs import ScoreOut

Serializer = serializers.Serializer[Any]


class EffectOut(Serializer):
    """The certainty that the claim would have, and its impacts or why it has none, in the view of
    `lenses`."""

    lenses = serializers.ListField(child=serializers.CharField())
    p = serializers.FloatField(source="evaluation.p")
    ungraded = serializers.BooleanField(source="evaluation.certainty.ungraded")
    steps = PStepOut(source="evaluation.steps", many=True)
    impacts = ImpactOut(source="evaluation.impacts", many=True)
    silent_because = serializers.CharField(source="evaluation.silent_because")


class BeforeAfterOut(Serializer):
    """The score at the end of a day, without and with the claim."""

    day = serializers.DateField()
    before = ScoreOut()
    after = ScoreOut()


class MoveOut(Serializer):
    """A series that would move, on the first day of the claim and today."""

    pair = serializers.CharField()
    direction = serializers.CharField()
    lens = serializers.CharField()
    scored_through = serializers.IntegerField()
    on = BeforeAfterOut(many=True)


class DuplicateOut(Serializer):
    """A possible duplicate on record, with the reason."""

    claim = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.SerializerMethodField()
    reason = serializers.CharField()
    likeness = serializers.FloatField(source="likeness.share")

    @extend_schema_field(serializers.URLField())
    def get_url(self, duplicate: Any) -> str:
        return str(self.context["url"](duplicate.claim))


class StatementPreviewOut(Serializer):
    """The statement: the claim that a party says another claim, with its effects."""

    summary = serializers.CharField(source="claim.summary")
    code = serializers.CharField(source="claim.code", allow_null=True)
    occurred = serializers.CharField(
        source="claim.occurred.edtf", default=None, allow_null=True, help_text="EDTF"
    )
    effects = EffectOut(many=True)
    duplicates = DuplicateOut(many=True)


class PreviewOut(Serializer):
    """`effects` are those of the claim; with `said_by`, `statement` has those of the statement.
    `moves` is the joint effect. `left_out`: the number of further pairs that were not computed."""

    as_of = serializers.IntegerField()
    effects = EffectOut(many=True)
    moves = MoveOut(many=True)
    left_out = serializers.IntegerField()
    duplicates = DuplicateOut(many=True)
    statement = StatementPreviewOut(allow_null=True)

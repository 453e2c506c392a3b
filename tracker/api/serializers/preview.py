"""What a claim that is not on record would do, as it goes out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.api.serializers.impacts import ImpactOut, PStepOut
from tracker.api.serializers.pairs import ScoreOut

Serializer = serializers.Serializer[Any]


class EffectOut(Serializer):
    """How sure the claim would be, and what it would move or why not, in the view of `lenses`."""

    lenses = serializers.ListField(child=serializers.CharField())
    p = serializers.FloatField(source="evaluation.p")
    ungraded = serializers.BooleanField(source="evaluation.certainty.ungraded")
    steps = PStepOut(source="evaluation.steps", many=True)
    impacts = ImpactOut(source="evaluation.impacts", many=True)
    silent_because = serializers.CharField(source="evaluation.silent_because")


class BeforeAfterOut(Serializer):
    """The score at the end of a day as it is, and as it would be."""

    day = serializers.DateField()
    before = ScoreOut()
    after = ScoreOut()


class MoveOut(Serializer):
    """A series that would move, on the claim's own first day and today."""

    pair = serializers.CharField()
    direction = serializers.CharField()
    lens = serializers.CharField()
    scored_through = serializers.IntegerField()
    on = BeforeAfterOut(many=True)


class DuplicateOut(Serializer):
    """A claim on record that may say the same, and why it is thought so."""

    claim = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.SerializerMethodField()
    reason = serializers.CharField()
    likeness = serializers.FloatField(source="likeness.share")

    @extend_schema_field(serializers.URLField())
    def get_url(self, duplicate: Any) -> str:
        return str(self.context["url"](duplicate.claim))


class StatementPreviewOut(Serializer):
    """The claim that a party said another: what it would be, and what it would do."""

    summary = serializers.CharField(source="claim.summary")
    code = serializers.CharField(source="claim.code", allow_null=True)
    occurred = serializers.CharField(
        source="claim.occurred.edtf", default=None, allow_null=True, help_text="EDTF"
    )
    effects = EffectOut(many=True)
    duplicates = DuplicateOut(many=True)


class PreviewOut(Serializer):
    """`effects` are those of the claim; with `said_by`, `statement` has those of the statement.
    `moves` are what all of it does. `left_out` pairs are too many to be worked out."""

    as_of = serializers.IntegerField()
    effects = EffectOut(many=True)
    moves = MoveOut(many=True)
    left_out = serializers.IntegerField()
    duplicates = DuplicateOut(many=True)
    statement = StatementPreviewOut(allow_null=True)

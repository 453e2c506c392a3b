"""The effects that a new claim would have."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import batch_rows, writing
from tracker.api.answers import address, with_fields_of
from tracker.api.reading import reader_of
from tracker.api.resources.log import ImpactOut, PStepOut, TollOut
from tracker.api.resources.score_fields import ScoreOut
from tracker.api.writing import write
from tracker.domain import codebooks
from tracker.domain.attribution import NewClaim
from tracker.operations import entries
from tracker.queries.evidence.preview import DraftMove

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
    toll = TollOut(source="evaluation.toll", allow_null=True)


class BeforeAfterOut(Serializer):
    """The score at the end of a day, without and with the claim."""

    day = serializers.DateField()
    before = ScoreOut()
    after = ScoreOut()


@with_fields_of(DraftMove, only=("pair", "direction", "lens", "scored_through"))
class MoveOut(Serializer):
    """A series that would move, on the first day of the claim and today."""

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
        return address(self.context["request"], "claim", duplicate.claim)


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
    warnings = serializers.SerializerMethodField(
        help_text="empty, or that the code usually names a situation and this is an act, or reverse"
    )

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_warnings(self, _preview: Any) -> list[str]:
        claim = self.context["claim"]
        return list(filter(None, [codebooks.unusual_form(claim.code, claim.kind)]))


class PreviewView(APIView):
    """A draft that is evaluated and not saved."""

    scopes: ClassVar[dict[str, str]] = {"POST": "write:claims"}

    @write("claims_preview", NewClaim, PreviewOut, status=200, check=batch_rows.of_new_claim)
    def post(self, request: Request, body: NewClaim) -> Response:
        """Report the effects that a claim would have: its certainty, the scores before and after,
        and possible duplicates. Nothing is written."""
        writing.idempotency_key(request)  # can be sent with any POST
        submission = body.submission
        at = timezone.now()
        entries.check(submission.claim, submission.said_by, at=at)
        preview = entries.preview_claim(submission, at=at, reader=reader_of(request))
        context = {"request": request, "claim": submission.claim}
        return Response(PreviewOut(preview, context=context).data)

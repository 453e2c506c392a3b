"""Batches of claims: the request, and the result of each row."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.api.pagination import CursorField, Paged
from tracker.api.schema import ErrorOut
from tracker.api.serializers.fields import Many
from tracker.api.serializers.jobs import STATES
from tracker.api.serializers.preview import MoveOut
from tracker.api.serializers.strict import Strict

# The most rows that are answered directly, and the most that are accepted.
MOST_AT_ONCE = 500
MOST_ROWS = 5_000

ROW_STATES = ("recorded", "valid", "held", "refused", "waiting")

Serializer = serializers.Serializer[Any]


@extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/NewClaimBody"}})
class Rows(Many):
    """Claims that are validated one by one, so that an invalid one does not affect the others."""

    child = serializers.JSONField(allow_null=True)


class BatchBody(Strict):
    """`atomic`: all claims or none. `partial`: those that are valid."""

    claims = Rows(min_length=1, max_length=MOST_ROWS)
    mode = serializers.ChoiceField(choices=["atomic", "partial"])
    dry_run = serializers.BooleanField(
        default=False, help_text="report the result of each claim without writing anything"
    )


class BatchImpactOut(Serializer):
    """The impact of the claim on the stance of one country towards another."""

    initiator = serializers.CharField()
    recipient = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    value = serializers.FloatField()
    weight = serializers.FloatField()


class BatchEffectOut(Serializer):
    """The certainty of the claim, and its impacts or why it has none, in the view of `lenses`."""

    lenses = serializers.ListField(child=serializers.CharField())
    p = serializers.FloatField(source="evaluation.p")
    impacts = BatchImpactOut(source="evaluation.impacts", many=True)
    silent_because = serializers.CharField(source="evaluation.silent_because")


class BatchDuplicateOut(Serializer):
    """A possible duplicate, on record or in an earlier row, with the reason."""

    claim = serializers.UUIDField(allow_null=True)
    row = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    url = serializers.URLField(allow_null=True)
    reason = serializers.CharField()
    likeness = serializers.FloatField()


class BatchStatementOut(Serializer):
    """The statement: the claim that a party says the claim of the row."""

    id = serializers.UUIDField(allow_null=True)
    position = serializers.IntegerField(allow_null=True)
    url = serializers.URLField(allow_null=True)
    effects = BatchEffectOut(many=True)


class RowProblemOut(Serializer):
    """Why a row is refused: the problem that the claim alone would get. Pointers are into the
    row."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = ErrorOut(many=True)  # type: ignore[assignment] # a field, not the errors of a serializer


class BatchRowOut(Serializer):
    """The result of a row. `held`: it is valid, but other rows of the atomic batch are not."""

    row = serializers.IntegerField(help_text="counted from 0")
    status = serializers.ChoiceField(choices=ROW_STATES)
    id = serializers.UUIDField(allow_null=True)
    position = serializers.IntegerField(allow_null=True)
    url = serializers.URLField(allow_null=True)
    problem = RowProblemOut(allow_null=True)
    duplicates = BatchDuplicateOut(many=True)
    effects = BatchEffectOut(many=True)
    statement = BatchStatementOut(allow_null=True)


class BatchOut(Serializer):
    """`moves`: the joint effect of the valid claims, as of the position before them."""

    mode = serializers.CharField()
    dry_run = serializers.BooleanField()
    as_of = serializers.IntegerField()
    recorded = serializers.IntegerField()
    valid = serializers.IntegerField()
    refused = serializers.IntegerField()
    rows = BatchRowOut(many=True)
    moves = MoveOut(many=True)
    left_out = serializers.IntegerField()


class BatchJobOut(Serializer):
    """A batch in the background: `done` of `total` rows, `counts` by result."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=STATES)
    mode = serializers.CharField(source="options.mode")
    dry_run = serializers.BooleanField(source="options.dry_run")
    done = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    error = serializers.CharField()
    url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, job: Any) -> str:
        return str(self.context["url"](job.id))


class BatchJobPage(BatchJobOut):
    """The same with a page of its rows, in order."""

    results = BatchRowOut(many=True)
    next = serializers.URLField(allow_null=True)


class BatchRowsParameters(Paged):
    cursor = CursorField(int)
    count = None  # type: ignore[assignment] # `total` is always given

"""Many claims at once, as they are sent and as the answer says what became of each."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.api.pagination import CursorField, Paged
from tracker.api.schema import ErrorOut
from tracker.api.serializers.fields import Many
from tracker.api.serializers.jobs import STATES
from tracker.api.serializers.preview import MoveOut
from tracker.api.serializers.strict import Strict

# So many are answered at once, and so many are taken at all.
MOST_AT_ONCE = 500
MOST_ROWS = 5_000

ROW_STATES = ("recorded", "valid", "held", "refused", "waiting")

Serializer = serializers.Serializer[Any]


@extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/NewClaimBody"}})
class Rows(Many):
    """Claims that are read one by one, so that a wrong one spoils no other."""

    child = serializers.JSONField(allow_null=True)


class BatchBody(Strict):
    """`atomic`: all claims or none. `partial`: those that are right."""

    claims = Rows(min_length=1, max_length=MOST_ROWS)
    mode = serializers.ChoiceField(choices=["atomic", "partial"])
    dry_run = serializers.BooleanField(
        default=False, help_text="say what would become of each claim, and write nothing"
    )


class BatchImpactOut(Serializer):
    """What the claim does to one country's stance to another."""

    initiator = serializers.CharField()
    recipient = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    value = serializers.FloatField()
    weight = serializers.FloatField()


class BatchEffectOut(Serializer):
    """How sure the claim is, and what it moves or why not, in the view of `lenses`."""

    lenses = serializers.ListField(child=serializers.CharField())
    p = serializers.FloatField(source="evaluation.p")
    impacts = BatchImpactOut(source="evaluation.impacts", many=True)
    silent_because = serializers.CharField(source="evaluation.silent_because")


class BatchDuplicateOut(Serializer):
    """A claim that may say the same, on record or in an earlier row, and why it is thought so."""

    claim = serializers.UUIDField(allow_null=True)
    row = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    url = serializers.URLField(allow_null=True)
    reason = serializers.CharField()
    likeness = serializers.FloatField()


class BatchStatementOut(Serializer):
    """The claim that a party says that of the row."""

    id = serializers.UUIDField(allow_null=True)
    position = serializers.IntegerField(allow_null=True)
    url = serializers.URLField(allow_null=True)
    effects = BatchEffectOut(many=True)


class RowProblemOut(Serializer):
    """Why a row is refused, as a request with this claim alone would be; its pointers are into
    the row."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = ErrorOut(many=True)  # type: ignore[assignment] # a field, not what went wrong


class BatchRowOut(Serializer):
    """What became of a row: `held` is one that is right, but others of an atomic batch are not."""

    row = serializers.IntegerField(help_text="the first is 0")
    status = serializers.ChoiceField(choices=ROW_STATES)
    id = serializers.UUIDField(allow_null=True)
    position = serializers.IntegerField(allow_null=True)
    url = serializers.URLField(allow_null=True)
    problem = RowProblemOut(allow_null=True)
    duplicates = BatchDuplicateOut(many=True)
    effects = BatchEffectOut(many=True)
    statement = BatchStatementOut(allow_null=True)


class BatchOut(Serializer):
    """`moves`: what the claims that are right do together, as of the position before them."""

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
    """A batch that a worker is at: `done` of `total` rows, `counts` by what became of them."""

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
    """The same with a page of its rows, in their order."""

    results = BatchRowOut(many=True)
    next = serializers.URLField(allow_null=True)


class BatchRowsParameters(Paged):
    cursor = CursorField(int)
    count = None  # type: ignore[assignment] # `total` is there in any case

"""Previews of claims, and batches: all or none, or only the valid ones."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import batch_rows, pagination, params, writing
from tracker.api.answers import address, with_fields_of
from tracker.api.batch_rows import SentRow
from tracker.api.bodies import BoundedList, StrictSerializer
from tracker.api.pagination import CursorField, PageById
from tracker.api.problems import Fault, Refusal
from tracker.api.reading import reader_of
from tracker.api.resources.jobs import STATES
from tracker.api.resources.log import BatchImpactOut, ImpactOut, PStepOut, TollOut
from tracker.api.resources.score_fields import ScoreOut
from tracker.api.schema import ErrorOut
from tracker.api.writing import write
from tracker.domain import codebooks
from tracker.domain.attribution import NewClaim
from tracker.imports import queries
from tracker.imports.jobs import requests
from tracker.imports.queries import JobSummary
from tracker.operations import batches, entries, ids
from tracker.operations.idempotency import Answer
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


# The most rows that are answered directly, and the most that are accepted.
MOST_AT_ONCE = 500
MOST_ROWS = 5_000

ROW_STATES = ("recorded", "valid", "held", "refused", "waiting")


@extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/NewClaimBody"}})
class BatchRows(BoundedList):
    """Claims that are validated one by one, so that an invalid one does not affect the others."""

    child = serializers.JSONField(allow_null=True)


class BatchBody(StrictSerializer):
    """`atomic`: all claims or none. `partial`: those that are valid."""

    claims = BatchRows(min_length=1, max_length=MOST_ROWS)
    mode = serializers.ChoiceField(choices=["atomic", "partial"])
    dry_run = serializers.BooleanField(
        default=False, help_text="report the result of each claim without writing anything"
    )


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
        return address(self.context["request"], "batch-job", job.id)


class BatchJobPage(BatchJobOut):
    """The same with a page of its rows, in order."""

    results = BatchRowOut(many=True)
    next = serializers.URLField(allow_null=True)


class BatchRowsParameters(PageById):
    cursor = CursorField(int)
    count = None  # type: ignore[assignment] # `total` is always given


WRITE = "write:claims"


class BatchView(APIView):
    """Up to 500 claims are recorded directly, in one transaction; up to 5,000 by a worker."""

    scopes: ClassVar[dict[str, str]] = {"POST": WRITE}

    @write("claims_batch", BatchBody, {200: BatchOut, 202: BatchJobOut})
    def post(self, request: Request, body: Any) -> Response:
        """Record claims, or with `dry_run` report what would happen. The response has the status,
        problems, possible duplicates and effects of each row; `moves` is their joint effect. An
        atomic batch with an invalid row is refused as a whole.

        A batch of more than 500 claims gets a 202: a worker processes it, and `Location` is where
        the results can be read."""
        writing.idempotency_key(request)  # validated even if nothing is written
        if len(body["claims"]) > MOST_AT_ONCE:
            return writing.answer_once(request, lambda at: _queue(request, body, at))
        if body["dry_run"]:
            return Response(_result(request, body, timezone.now()))

        def perform(at: datetime) -> Answer:
            return Answer(status=200, data=_result(request, body, at), headers={})

        return writing.answer_once(request, perform)


class BatchJobView(APIView):
    """A batch in the background."""

    scopes: ClassVar[dict[str, str]] = {"GET": WRITE}

    @extend_schema(
        operation_id="claims_batch_read",
        parameters=[BatchRowsParameters],
        responses=BatchJobPage,
    )
    def get(self, request: Request, job_id: UUID) -> Response:
        """Read the progress of a batch and the results of its rows."""
        query = params.read(request, BatchRowsParameters)
        job = _batch(job_id)
        after = query.get("cursor", [-1])[0]
        stored = queries.batch_rows(job_id, after=after, limit=query["limit"] + 1)
        duplicates = {
            UUID(one["claim"]) for row in stored for one in row.told.get("duplicates", [])
        }
        places = queries.batch_places(job_id, duplicates)

        def show(rows: Sequence[Any]) -> Any:
            results = [batch_rows.stored_result(row, places, request) for row in rows]
            return BatchRowOut(results, many=True).data

        return pagination.page(
            request,
            query,
            stored,
            place=lambda row: [row.place],
            show=show,
            **_shown(request, job),
        )


def _queue(request: Request, body: dict[str, Any], at: datetime) -> Answer:
    """Queue the batch for a worker."""
    job = requests.request_batch(
        [json.dumps(claim) for claim in body["claims"]],
        mode=body["mode"],
        dry_run=body["dry_run"],
        at=at,
        by=request.user.get_username(),
    )
    data = _shown(request, _batch(job))
    return Answer(status=202, data=data, headers={"Location": data["url"]})


def _batch(job_id: UUID) -> JobSummary:
    job = queries.job(job_id)
    if job is None or job.kind != queries.BATCH:
        raise Refusal("not-found", f"there is no batch {job_id}")
    return job


def _shown(request: Request, job: JobSummary) -> dict[str, Any]:
    return dict(BatchJobOut(job, context={"request": request}).data)


def _result(request: Request, body: dict[str, Any], at: datetime) -> dict[str, Any]:
    """:raises Refusal: an atomic batch with an invalid row."""
    rows = batch_rows.read(body["claims"], ids.new_ids(at, len(body["claims"])), at=at)
    is_held = body["mode"] == "atomic" and any(row.faults for row in rows)
    if is_held and not body["dry_run"]:
        raise Refusal("invalid", faults=list(_faults(rows)))
    claims = {row.id: row.claim for row in rows if row.claim}
    preview = entries.preview_claims(claims, today=at.date(), reader=reader_of(request))
    by = request.user.get_username()
    events = batches.assert_claims({} if body["dry_run"] else claims, at=at, by=by)
    context = batch_rows.Context(
        request=request,
        previews=preview.drafts,
        recorded={event.stream: event for event in events},
        is_held=is_held,
        places={row.id: row.place for row in rows},
    )
    data = {
        "mode": body["mode"],
        "dry_run": body["dry_run"],
        "as_of": preview.as_of,
        "recorded": len(context.recorded.keys() & claims.keys()),
        "valid": len(claims),
        "refused": len(rows) - len(claims),
        "rows": [batch_rows.result(row, context) for row in rows],
        "moves": preview.moves,
        "left_out": preview.left_out,
    }
    return dict(BatchOut(data).data)


def _faults(rows: Sequence[SentRow]) -> Iterator[Fault]:
    for row in rows:
        for fault in row.faults:
            yield replace(fault, pointer=f"/claims/{row.place}{fault.pointer}")

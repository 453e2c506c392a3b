"""Many claims at once: all or none, or those that are right."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import rows, writing
from tracker.api.problems import Fault, Refused
from tracker.api.rows import Row
from tracker.api.serializers.batches import BatchBody, BatchOut
from tracker.operations import batches, ids
from tracker.operations.idempotency import Answer
from tracker.queries.preview import previews


class Batch(APIView):
    """Up to 500 claims, which are read one by one and recorded in one transaction."""

    scopes: ClassVar[dict[str, str]] = {"POST": "write:claims"}

    @extend_schema(operation_id="claims_batch", request=BatchBody, responses={200: BatchOut})
    def post(self, request: Request) -> Response:
        """Put claims on record, or say what would become of them. Each row is answered with its
        status, what is wrong, likely duplicates, and what it does; `moves` is what all of them
        do together. An atomic batch with a wrong row is refused as a whole."""
        sent = writing.body(request, BatchBody)
        if sent["dry_run"]:
            return Response(_done(request, sent, timezone.now()))

        def write(at: datetime) -> Answer:
            return Answer(status=200, data=_done(request, sent, at), headers={})

        return writing.answered(request, write)


def _done(request: Request, sent: dict[str, Any], at: datetime) -> dict[str, Any]:
    """:raises Refused: an atomic batch in which anything is wrong."""
    batch = rows.read(sent["claims"], ids.new_ids(at, len(sent["claims"])))
    held = sent["mode"] == "atomic" and any(row.faults for row in batch)
    if held and not sent["dry_run"]:
        raise Refused("invalid", faults=list(_faults(batch)))
    right = {row.id: row.claim for row in batch if row.claim}
    ahead = previews(right, today=at.date())
    writes = right if not sent["dry_run"] else {}
    by = request.user.get_username()
    recorded = {one.stream: one for one in batches.assert_claims(writes, at=at, by=by)}
    told = [
        rows.told(
            row,
            foreseen=ahead.drafts,
            recorded=recorded,
            held=held,
            places={row.id: row.place for row in batch},
            url=request.build_absolute_uri,
        )
        for row in batch
    ]
    answer = {
        "mode": sent["mode"],
        "dry_run": sent["dry_run"],
        "as_of": ahead.as_of,
        "recorded": len(recorded),
        "valid": len(right),
        "refused": len(batch) - len(right),
        "rows": told,
        "moves": ahead.moves,
        "left_out": ahead.left_out,
    }
    return dict(BatchOut(answer).data)


def _faults(batch: Sequence[Row]) -> Iterator[Fault]:
    for row in batch:
        for one in row.faults:
            yield replace(one, pointer=f"/claims/{row.place}{one.pointer}")

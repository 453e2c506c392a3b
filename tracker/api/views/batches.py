"""Batches of claims: all or none, or only the valid ones."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import pagination, parameters, rows, writing
from tracker.api.problems import Fault, Refused
from tracker.api.rows import Row
from tracker.api.serializers import batches as s
from tracker.imports import queries
from tracker.imports.jobs import requests
from tracker.imports.queries import Job
from tracker.operations import batches, entries, ids
from tracker.operations.idempotency import Answer

WRITE = "write:claims"


class Batch(APIView):
    """Up to 500 claims are recorded directly, in one transaction; up to 5,000 by a worker."""

    scopes: ClassVar[dict[str, str]] = {"POST": WRITE}

    @extend_schema(
        operation_id="claims_batch",
        request=s.BatchBody,
        responses={200: s.BatchOut, 202: s.BatchJobOut},
    )
    def post(self, request: Request) -> Response:
        """Record claims, or with `dry_run` report what would happen. The response has the status,
        problems, possible duplicates and effects of each row; `moves` is their joint effect. An
        atomic batch with an invalid row is refused as a whole.

        A batch of more than 500 claims gets a 202: a worker processes it, and `Location` is where
        the results can be read."""
        writing.idempotency_key(request)  # validated even if nothing is written
        sent = writing.body(request, s.BatchBody)
        if len(sent["claims"]) > s.MOST_AT_ONCE:
            return writing.answered(request, lambda at: _asked(request, sent, at))
        if sent["dry_run"]:
            return Response(_done(request, sent, timezone.now()))

        def write(at: datetime) -> Answer:
            return Answer(status=200, data=_done(request, sent, at), headers={})

        return writing.answered(request, write)


class BatchJob(APIView):
    """A batch in the background."""

    scopes: ClassVar[dict[str, str]] = {"GET": WRITE}

    @extend_schema(
        operation_id="claims_batch_read",
        parameters=[s.BatchRowsParameters],
        responses=s.BatchJobPage,
    )
    def get(self, request: Request, job_id: UUID) -> Response:
        """Read the progress of a batch and the results of its rows."""
        asked = parameters.read(request, s.BatchRowsParameters)
        job = _batch(job_id)
        after, limit = asked.get("cursor", [-1])[0], asked["limit"]
        found = queries.batch_rows(job_id, after=after, limit=limit + 1)
        alike = {UUID(one["claim"]) for row in found for one in row.told.get("duplicates", [])}
        places = queries.batch_places(job_id, alike)
        url = request.build_absolute_uri
        return pagination.page(
            request,
            found,
            limit=limit,
            place=lambda row: [row.place],
            shown=lambda some: (
                s.BatchRowOut([rows.reported(row, places, url) for row in some], many=True).data
            ),
            **_shown(request, job),
        )


def _asked(request: Request, sent: dict[str, Any], at: datetime) -> Answer:
    """Queue the batch for a worker."""
    job = requests.ask_batch(
        [json.dumps(one) for one in sent["claims"]],
        mode=sent["mode"],
        dry_run=sent["dry_run"],
        at=at,
        by=request.user.get_username(),
    )
    data = _shown(request, _batch(job))
    return Answer(status=202, data=data, headers={"Location": data["url"]})


def _batch(job_id: UUID) -> Job:
    job = queries.job(job_id)
    if job is None or job.kind != queries.BATCH:
        raise Refused("not-found", f"there is no batch {job_id}")
    return job


def _shown(request: Request, job: Job) -> dict[str, Any]:
    def url(job_id: UUID) -> str:
        return str(request.build_absolute_uri(reverse("api:batch-job", args=[job_id])))

    return dict(s.BatchJobOut(job, context={"url": url}).data)


def _done(request: Request, sent: dict[str, Any], at: datetime) -> dict[str, Any]:
    """:raises Refused: an atomic batch with an invalid row."""
    batch = rows.read(sent["claims"], ids.new_ids(at, len(sent["claims"])))
    held = sent["mode"] == "atomic" and any(row.faults for row in batch)
    if held and not sent["dry_run"]:
        raise Refused("invalid", faults=list(_faults(batch)))
    right = {row.id: row.claim for row in batch if row.claim}
    ahead = entries.foresee_all(right, today=at.date())
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
        "recorded": sum(row.id in recorded for row in batch),
        "valid": len(right),
        "refused": len(batch) - len(right),
        "rows": told,
        "moves": ahead.moves,
        "left_out": ahead.left_out,
    }
    return dict(s.BatchOut(answer).data)


def _faults(batch: Sequence[Row]) -> Iterator[Fault]:
    for row in batch:
        for one in row.faults:
            yield replace(one, pointer=f"/claims/{row.place}{one.pointer}")

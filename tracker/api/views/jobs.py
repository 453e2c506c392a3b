"""Jobs: progress, results and cancellation."""

from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.http import FileResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import pagination, parameters, writing
from tracker.api.parameters import Parameters
from tracker.api.problems import Refused
from tracker.api.serializers import jobs as s
from tracker.imports import queries, spool
from tracker.imports.flags import COMPARED, REPEATS, UNDATED
from tracker.imports.jobs import requests
from tracker.imports.queries import IMPORT, Job
from tracker.operations.idempotency import Answer

SCOPE = "import"
FLAGS = (UNDATED, REPEATS, COMPARED)


class Jobs(APIView):
    """Work that a worker does on request. Files and their rows are not on record, so reading jobs
    requires the scope too."""

    scopes: ClassVar[dict[str, str]] = {"GET": SCOPE}

    @extend_schema(operation_id="jobs_list", parameters=[s.JobsParameters], responses=s.JobPage)
    def get(self, request: Request) -> Response:
        """List jobs, newest first."""
        asked = parameters.read(request, s.JobsParameters)
        before = asked["cursor"][0] if "cursor" in asked else None
        counted = {"count": queries.count()} if "count" in asked else {}
        return pagination.page(
            request,
            queries.listing(limit=asked["limit"] + 1, before=before),
            limit=asked["limit"],
            place=lambda one: [one.id],
            shown=lambda rows: [shown(request, one) for one in rows],
            **counted,
        )


class OneJob(APIView):
    """One job."""

    scopes: ClassVar[dict[str, str]] = {"GET": SCOPE}

    @extend_schema(operation_id="jobs_read", responses=s.JobOut)
    def get(self, request: Request, job_id: UUID) -> Response:
        """Read the progress of a job: rows processed, total, rate, and counts by outcome."""
        parameters.read(request, Parameters)
        return Response(shown(request, _found(job_id)))


class Cancellation(APIView):
    """The cancellation of a job."""

    scopes: ClassVar[dict[str, str]] = {"POST": SCOPE}

    @extend_schema(operation_id="jobs_cancel", request=s.NothingBody, responses={202: s.JobOut})
    def post(self, request: Request, job_id: UUID) -> Response:
        """Cancel a job: immediately if it is waiting, otherwise after the current rows.

        What it has written stays. Importing the same file again continues from there; the
        `withdrawal` of its import retracts it.
        """
        writing.body(request, s.NothingBody)

        def cancel(at: Any) -> Answer:
            requests.cancel(job_id, at=at)
            return accepted(request, job_id)

        return writing.answered(request, cancel)


class Csv(JSONRenderer):
    """Accepts text/csv; problems are still returned as JSON."""

    media_type = "text/csv"
    format = "csv"


class Rejected(APIView):
    """The rows that a job refused."""

    scopes: ClassVar[dict[str, str]] = {"GET": SCOPE}
    renderer_classes = (Csv, JSONRenderer)

    @extend_schema(operation_id="jobs_rejected", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, job_id: UUID) -> FileResponse:
        """Download line, column, value and reason of each refused row, once the job has ended. An
        apostrophe precedes values that a spreadsheet would read as a formula."""
        parameters.read(request, Parameters)
        path = spool.rejected_of(job_id)
        return _download(_found(job_id), path, kind="text/csv; charset=utf-8")


class Review(APIView):
    """The rows that need a decision before a file is imported."""

    scopes: ClassVar[dict[str, str]] = {"GET": SCOPE}
    renderer_classes = (Csv, JSONRenderer)

    @extend_schema(operation_id="jobs_review", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, job_id: UUID) -> FileResponse:
        """Download line, column, value and reason of each row that has no date or is a possible
        duplicate of a claim on record, once a dry run has ended."""
        parameters.read(request, Parameters)
        path = spool.review_of(job_id)
        return _download(_found(job_id), path, kind="text/csv; charset=utf-8")


class ToMend(APIView):
    """The refused rows of a table, to be fixed."""

    scopes: ClassVar[dict[str, str]] = {"GET": SCOPE}
    renderer_classes = (Csv, JSONRenderer)

    @extend_schema(operation_id="jobs_to_mend", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, job_id: UUID) -> FileResponse:
        """Download the refused rows of a table as they are in the file, with the reason in an
        additional last column. Once fixed, the file can be imported with the same mapping; the
        column of reasons is ignored, as are the apostrophes that precede values that a spreadsheet
        would read as a formula."""
        parameters.read(request, Parameters)
        # In the encoding of the table.
        return _download(_found(job_id), spool.to_mend_of(job_id), kind="text/csv")


def _download(job: Job, path: Path, *, kind: str) -> FileResponse:
    try:
        file = path.open("rb")
    except FileNotFoundError as problem:
        says = "the job has not ended yet" if job.unfinished else "none exist, or they were deleted"
        raise Refused("not-found", f"no such rows: {says}") from problem
    name = f"{job.id}.{path.name}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)


def accepted(request: Request, job_id: UUID) -> Answer:
    """The response to a request for a job: its state and its address."""
    body = shown(request, _found(job_id))
    return Answer(status=202, data=body, headers={"Location": body["links"]["self"]})


def shown(request: Request, job: Job) -> Any:
    """A job as JSON."""
    told = job.told
    return s.JobOut(
        {
            "job": job,
            "file": job if job.kind == IMPORT else None,
            "options": {name: one for name, one in job.options.items() if one is not None},
            "reasons": _said(told.get("reasons", {})),
            "remarks": _said(told.get("remarks", {})),
            "rejected": told.get("rejected", 0),
            "rows": told.get("rows", []),
            **{name: told.get("flags", {}).get(name, 0) for name in FLAGS},
            "review": told.get("review", 0),
            "lens": told.get("lens", ""),
            "uncounted": told.get("uncounted", []),
            "links": {
                name: request.build_absolute_uri(reverse(f"api:{route}", args=[key]))
                for name, route, key in _links(job)
            },
        }
    ).data


def _said(said: dict[str, int]) -> list[dict[str, Any]]:
    ranked = sorted(said.items(), key=lambda one: (-one[1], one[0]))
    return [{"says": says, "rows": rows} for says, rows in ranked]


def _links(job: Job) -> list[tuple[str, str, UUID]]:
    found = [("self", "job", job.id)]
    if job.unfinished:
        found.append(("cancellation", "cancellation", job.id))
    if job.told.get("rejected"):
        found.append(("rejected", "rejected", job.id))
    if job.told.get("review"):
        found.append(("review", "review", job.id))
    if job.told.get("to_mend"):
        found.append(("to_mend", "to-mend", job.id))
    if job.run:
        found.append(("import", "import", job.run))
        if job.withdrawable:
            found.append(("withdrawal", "withdrawal", job.run))
    return found


def _found(job_id: UUID) -> Job:
    found = queries.job(job_id)
    if found is None:
        raise Refused("not-found", f"there is no job {job_id}")
    return found

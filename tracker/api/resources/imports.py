"""Imports: list and start them, and withdraw one."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import pagination, params, parsers, writing
from tracker.api.answers import address
from tracker.api.params import Parameters
from tracker.api.problems import Refusal
from tracker.api.resources import jobs
from tracker.api.resources.jobs import SCOPE, accepted
from tracker.api.writing import write
from tracker.domain import codec
from tracker.imports import queries
from tracker.imports.jobs import requests
from tracker.imports.jobs.requests import Options
from tracker.imports.queries import Run
from tracker.imports.spool import Received
from tracker.operations.idempotency import Answer


class ImportsView(APIView):
    """All imports, finished and running."""

    scopes: ClassVar[dict[str, str]] = {"GET": SCOPE, "POST": SCOPE}
    parser_classes = (parsers.UploadParser,)
    # DRF checks token and scope before the parser reads.
    takes_uploads = True

    @extend_schema(
        operation_id="imports_list", parameters=[jobs.ImportsParameters], responses=jobs.ImportPage
    )
    def get(self, request: Request) -> Response:
        """List imports, newest first."""
        query = params.read(request, jobs.ImportsParameters)
        return pagination.page(
            request,
            query,
            queries.runs(limit=query["limit"] + 1, before=_place(query)),
            place=lambda run: [run.started_at.isoformat(), run.id],
            show=lambda runs: [_shown(request, run) for run in runs],
            count=queries.count_runs,
        )

    @extend_schema(
        operation_id="imports_create",
        request={"multipart/form-data": jobs.UploadBody},
        responses={202: jobs.JobOut},
    )
    def post(self, request: Request) -> Response:
        """Import a file: an archive (GDELT, ICEWS, POLECAT, our NDJSON; also .gz and .zip), or a
        table with its mapping. A worker imports it; the response has the address of the job.

        An invalid file is refused as a whole, and the job says why; an invalid row is refused on
        its own. Importing the same file again adds nothing and continues an import that was
        interrupted. If the same import is already running, the response is its job.
        """
        try:
            received, options = writing.read_body(request, jobs.UploadBody)
            return _queue(request, received, options)
        finally:
            parsers.clear(request)


class ImportView(APIView):
    """One import."""

    scopes: ClassVar[dict[str, str]] = {"GET": SCOPE}

    @extend_schema(operation_id="imports_read", responses=jobs.ImportOut)
    def get(self, request: Request, run: UUID) -> Response:
        """Read the state of an import."""
        params.read(request, Parameters)
        record = queries.run(run)
        if record is None:
            raise Refusal("not-found", f"there is no import {run}")
        return Response(_shown(request, record))


class WithdrawalView(APIView):
    """The withdrawal of an import."""

    scopes: ClassVar[dict[str, str]] = {"POST": SCOPE}

    @write("imports_withdraw", jobs.WithdrawalBody, jobs.JobOut, status=202)
    def post(self, request: Request, body: jobs.WithdrawalBody, run: UUID) -> Response:
        """Retract all claims that an import added and that still stand, with one event for each."""

        def perform(at: datetime) -> Answer:
            by = request.user.get_username()
            job_id = requests.request_withdrawal(run, reason=body.reason, at=at, by=by)
            return accepted(request, job_id)

        return writing.answer_once(request, perform)


def _queue(request: Request, received: Received, options: Options) -> Response:
    """Queue the import. The digest of the file replaces the body, which was not kept."""

    def perform(at: datetime) -> Answer:
        by = request.user.get_username()
        return accepted(request, requests.request_import(received, options, at=at, by=by))

    body = codec.canonical([received.sha256, received.name, asdict(options)])
    return writing.answer_once(request, perform, body=body.encode())


def _place(query: dict[str, Any]) -> tuple[datetime, UUID] | None:
    """Where the last page ended."""
    if "cursor" not in query:
        return None
    at, run = query["cursor"]
    if at.tzinfo is None:
        raise params.refusal("cursor", "invalid cursor")
    return at, run


def _shown(request: Request, run: Run) -> Any:
    links = {"self": address(request, "import", run.id)}
    if run.state != "withdrawn":
        links["withdrawal"] = address(request, "withdrawal", run.id)
    return jobs.ImportOut({"run": run, "links": links}).data

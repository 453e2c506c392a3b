"""Responses with jobs and imports; uploads and other requests for jobs."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.http import FileResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import pagination, params, writing
from tracker.api.bodies import Strict
from tracker.api.pagination import CursorField, Paged
from tracker.api.params import Parameters
from tracker.api.problems import Refused
from tracker.domain.fields import RequiredReason
from tracker.imports import queries, spool
from tracker.imports.flags import COMPARED, REPEATS, UNDATED
from tracker.imports.formats import mappings
from tracker.imports.formats.recognise import FORMATS
from tracker.imports.formats.sections import BadMapping
from tracker.imports.jobs import requests
from tracker.imports.jobs.requests import Options
from tracker.imports.queries import IMPORT, Job
from tracker.operations.idempotency import Answer

Serializer = serializers.Serializer[Any]
KINDS = ("import", "withdrawal", "batch")
STATES = ("waiting", "running", "done", "failed", "cancelled")
RUN_STATES = ("running", "done", "stopped", "failed", "withdrawn")


class JobsParameters(Paged):
    """A page of the list, newest first."""


class ImportsParameters(Paged):
    """A page of the list, newest first."""

    cursor = CursorField(datetime.fromisoformat, UUID)


@extend_schema_field({"type": "string", "format": "binary", "minLength": 1})
class MappingField(serializers.FileField):
    """A mapping: a TOML file, of which the text is kept."""

    def to_internal_value(self, data: Any) -> Any:
        file: Any = super().to_internal_value(data)
        try:
            text = file.read().decode("utf-8")
            mappings.read(text)
        except UnicodeDecodeError as problem:
            raise ValidationError(f"is not UTF-8: {problem}", code="invalid") from problem
        except BadMapping as problem:
            raise ValidationError(str(problem), code="invalid") from problem
        return text


class UploadBody(Strict):
    """A file to import: an archive in a known format, or a table with its mapping."""

    typed = False

    file = serializers.FileField()
    format = serializers.ChoiceField(
        choices=list(FORMATS), required=False, help_text="default: detected"
    )
    mapping = MappingField(required=False, help_text="for a table: a TOML file")
    apply_changes = serializers.BooleanField(
        default=False, help_text="correct claims on record that differ from the file"
    )
    dry_run = serializers.BooleanField(
        default=False, help_text="check the file without writing anything"
    )
    skip_undated = serializers.BooleanField(
        default=False, help_text="skip rows without a date: they are listed as refused"
    )
    skip_repeats = serializers.BooleanField(
        default=False,
        help_text="skip possible duplicates of claims on record: they are listed as refused",
    )

    def made(self, values: dict[str, Any]) -> Any:
        """The received file and the import options."""
        if "format" in values and "mapping" in values:
            says = "a mapping is only for a table: send either format or mapping"
            raise ValidationError({"format": [says]}, code="invalid")
        return values.pop("file").received, Options(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalBody:
    """Why an import is withdrawn."""

    reason: RequiredReason


class NothingBody(Strict):
    """An empty object."""


class FileOut(Serializer):
    name = serializers.CharField(source="file_name")
    size = serializers.IntegerField(source="file_size", help_text="bytes")
    sha256 = serializers.CharField(source="file_sha256")


class OptionsOut(Serializer):
    """The requested options; for a withdrawal the reason."""

    format = serializers.CharField(required=False)
    mapping = serializers.CharField(required=False, help_text="TOML")
    apply_changes = serializers.BooleanField(required=False)
    dry_run = serializers.BooleanField(required=False)
    skip_undated = serializers.BooleanField(required=False)
    skip_repeats = serializers.BooleanField(required=False)
    reason = serializers.CharField(required=False)


class SaidOut(Serializer):
    says = serializers.CharField()
    rows = serializers.IntegerField()


class SampleOut(Serializer):
    """A row of a dry run and the claim that it would become."""

    line = serializers.IntegerField()
    outcome = serializers.CharField()
    occurred = serializers.CharField(help_text="EDTF; empty if unknown")
    parties = serializers.CharField(help_text="as named in the file")
    code = serializers.CharField()
    summary = serializers.CharField()


class JobOut(Serializer):
    """`counts`: rows by outcome (new, known, changed, repeated, refused); for a withdrawal, claims
    (retracted, already). `links`: what can be read and done next."""

    id = serializers.UUIDField(source="job.id")
    kind = serializers.ChoiceField(choices=KINDS, source="job.kind")
    state = serializers.ChoiceField(choices=STATES, source="job.state")
    cancel_wanted = serializers.BooleanField(
        source="job.cancel_wanted",
        help_text="cancelled while running: it ends after the current rows",
    )
    asked_by = serializers.CharField(source="job.by")
    asked_at = serializers.DateTimeField(source="job.asked_at")
    begun_at = serializers.DateTimeField(source="job.begun_at", allow_null=True)
    ended_at = serializers.DateTimeField(source="job.ended_at", allow_null=True)
    file = FileOut(allow_null=True)
    options = OptionsOut()
    format = serializers.CharField(
        source="job.format", help_text="the detected format; empty until then"
    )
    done = serializers.IntegerField(source="job.done")
    total = serializers.IntegerField(source="job.total", allow_null=True)
    rate = serializers.FloatField(source="job.rate", allow_null=True, help_text="rows per second")
    seconds_left = serializers.FloatField(source="job.seconds_left", allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), source="job.counts")
    reasons = SaidOut(many=True, help_text="why rows are refused; most frequent first, up to 100")
    remarks = SaidOut(many=True, help_text="further remarks on rows")
    rejected = serializers.IntegerField(help_text="rows in `links.rejected`, up to 100,000")
    rows = SampleOut(many=True, help_text="dry run: the first 50 rows that are not refused")
    undated = serializers.IntegerField(help_text="new rows without a date")
    repeats = serializers.IntegerField(help_text="possible duplicates of claims on record")
    compared = serializers.IntegerField(
        help_text="rows that were compared with claims on record: in a dry run the first 10,000 new"
        " rows; none for an archive"
    )
    review = serializers.IntegerField(
        help_text="dry run: rows in `links.review`, undated or duplicates, up to 100,000"
    )
    lens = serializers.CharField(
        help_text="the lens that was created for the collection, or would be (dry run), if any"
    )
    uncounted = serializers.ListField(
        child=serializers.CharField(),
        help_text="collections that no lens counts, so that their claims move no score; to count"
        " one, POST to collections/{id}/lens/",
    )
    error = serializers.CharField(source="job.error", help_text="why it failed or waits")
    attempts = serializers.IntegerField(source="job.attempts")
    links = serializers.DictField(child=serializers.URLField())


class JobPage(Serializer):
    results = JobOut(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)


class ImportOut(Serializer):
    """One imported file. `counts`: processed rows by outcome."""

    id = serializers.UUIDField(source="run.id")
    name = serializers.CharField(source="run.name")
    format = serializers.CharField(source="run.format")
    sha256 = serializers.CharField(source="run.file_sha256")
    collection = serializers.UUIDField(
        source="run.collection", allow_null=True, help_text="null: each claim names its collection"
    )
    recorded_by = serializers.CharField(source="run.by")
    state = serializers.ChoiceField(choices=RUN_STATES, source="run.state")
    rows = serializers.IntegerField(source="run.rows", allow_null=True)
    done = serializers.IntegerField(source="run.done")
    counts = serializers.DictField(child=serializers.IntegerField(), source="run.counts")
    error = serializers.CharField(source="run.error")
    started_at = serializers.DateTimeField(source="run.started_at")
    moved_at = serializers.DateTimeField(source="run.moved_at")
    links = serializers.DictField(child=serializers.URLField())


class ImportPage(Serializer):
    results = ImportOut(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)


SCOPE = "import"
FLAGS = (UNDATED, REPEATS, COMPARED)


class Jobs(APIView):
    """Work that a worker does on request. Files and their rows are not on record, so reading jobs
    requires the scope too."""

    scopes: ClassVar[dict[str, str]] = {"GET": SCOPE}

    @extend_schema(operation_id="jobs_list", parameters=[JobsParameters], responses=JobPage)
    def get(self, request: Request) -> Response:
        """List jobs, newest first."""
        asked = params.read(request, JobsParameters)
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

    @extend_schema(operation_id="jobs_read", responses=JobOut)
    def get(self, request: Request, job_id: UUID) -> Response:
        """Read the progress of a job: rows processed, total, rate, and counts by outcome."""
        params.read(request, Parameters)
        return Response(shown(request, _found(job_id)))


class Cancellation(APIView):
    """The cancellation of a job."""

    scopes: ClassVar[dict[str, str]] = {"POST": SCOPE}

    @extend_schema(operation_id="jobs_cancel", request=NothingBody, responses={202: JobOut})
    def post(self, request: Request, job_id: UUID) -> Response:
        """Cancel a job: immediately if it is waiting, otherwise after the current rows.

        What it has written stays. Importing the same file again continues from there; the
        `withdrawal` of its import retracts it.
        """
        writing.body(request, NothingBody)

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
        params.read(request, Parameters)
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
        params.read(request, Parameters)
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
        params.read(request, Parameters)
        # In the encoding of the table.
        return _download(_found(job_id), spool.to_fix_of(job_id), kind="text/csv")


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
    return JobOut(
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

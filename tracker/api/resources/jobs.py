"""Jobs: their progress, and the rows that they refused. The shapes of imports."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import pagination, params, writing
from tracker.api.answers import CsvRenderer, address, with_fields_of
from tracker.api.bodies import StrictSerializer
from tracker.api.pagination import CursorField, Page, PageById
from tracker.api.params import Parameters
from tracker.api.problems import Refusal
from tracker.api.writing import write
from tracker.domain.fields import RequiredReason
from tracker.imports import queries, spool
from tracker.imports.flags import COMPARED, NO_ACT, REPEATS, THIRD_STATE, UNDATED
from tracker.imports.formats import generic, mappings
from tracker.imports.formats.recognise import FORMATS
from tracker.imports.formats.sections import BadMapping
from tracker.imports.jobs import requests
from tracker.imports.jobs.requests import Options
from tracker.imports.queries import IMPORT, JobSummary, Run
from tracker.operations.idempotency import Answer

Serializer = serializers.Serializer[Any]
KINDS = ("import", "withdrawal", "batch")
STATES = ("waiting", "running", "done", "failed", "cancelled")
RUN_STATES = ("running", "done", "stopped", "failed", "withdrawn")


class JobsParameters(PageById):
    """A page of the list, newest first."""


class ImportsParameters(PageById):
    """A page of the list, newest first."""

    cursor = CursorField(datetime.fromisoformat, UUID)


@extend_schema_field({"type": "string", "format": "binary", "minLength": 1})
class MappingField(serializers.FileField):
    """A mapping: a TOML file, of which the text is kept."""

    def to_internal_value(self, data: Any) -> Any:
        file: Any = super().to_internal_value(data)
        try:
            text = file.read().decode("utf-8")
            generic.format_for(mappings.read(text))
        except UnicodeDecodeError as problem:
            raise ValidationError(f"is not UTF-8: {problem}", code="invalid") from problem
        except BadMapping as problem:
            raise ValidationError(str(problem), code="invalid") from problem
        return text


class UploadBody(StrictSerializer):
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

    def build(self, values: dict[str, Any]) -> Any:
        """The received file and the import options."""
        if "format" in values and "mapping" in values:
            message = "a mapping is only for a table: send either format or mapping"
            raise ValidationError({"format": [message]}, code="invalid")
        return values.pop("file").received, Options(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalBody:
    """Why an import is withdrawn."""

    reason: RequiredReason


class NothingBody(StrictSerializer):
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


class ReasonOut(Serializer):
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


_JOB = ("id", "done", "total", "error", "attempts", "asked_at", "begun_at", "ended_at")


@with_fields_of(JobSummary, "job", only=_JOB)
class JobOut(Serializer):
    """`counts`: rows by outcome (new, known, changed, repeated, refused); for a withdrawal, claims
    (retracted, already). `links`: what can be read and done next."""

    kind = serializers.ChoiceField(choices=KINDS, source="job.kind")
    state = serializers.ChoiceField(choices=STATES, source="job.state")
    cancel_wanted = serializers.BooleanField(
        source="job.cancel_wanted",
        help_text="cancelled while running: it ends after the current rows",
    )
    asked_by = serializers.CharField(source="job.by")
    file = FileOut(allow_null=True)
    options = OptionsOut()
    format = serializers.CharField(
        source="job.format", help_text="the detected format; empty until then"
    )
    rate = serializers.FloatField(source="job.rate", allow_null=True, help_text="rows per second")
    seconds_left = serializers.FloatField(source="job.seconds_left", allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), source="job.counts")
    reasons = ReasonOut(
        many=True, help_text="why cells are invalid; most frequent first, up to 100"
    )
    remarks = ReasonOut(many=True, help_text="further remarks on rows")
    rejected = serializers.IntegerField(help_text="rows in `links.rejected`, up to 100,000")
    rows = SampleOut(many=True, help_text="dry run: the first 50 rows that are not refused")
    undated = serializers.IntegerField(help_text="new rows without a date")
    repeats = serializers.IntegerField(help_text="possible duplicates of claims on record")
    compared = serializers.IntegerField(
        help_text="rows that were compared with claims on record: in a dry run the first 10,000 new"
        " rows; none for an archive"
    )
    third_state = serializers.IntegerField(
        help_text="dry run: rows whose text names a state for which no party acts"
    )
    no_act = serializers.IntegerField(help_text="dry run: rows whose text has no word for an act")
    review = serializers.IntegerField(
        help_text="dry run: rows in `links.review`, with one of these flags, up to 100,000"
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
    links = serializers.DictField(child=serializers.URLField())


class JobPage(Page):
    results = JobOut(many=True)


@with_fields_of(
    Run, "run", only=("id", "name", "format", "rows", "done", "error", "started_at", "moved_at")
)
class ImportOut(Serializer):
    """One imported file. `counts`: processed rows by outcome."""

    sha256 = serializers.CharField(source="run.file_sha256")
    collection = serializers.UUIDField(
        source="run.collection", allow_null=True, help_text="null: each claim names its collection"
    )
    recorded_by = serializers.CharField(source="run.by")
    state = serializers.ChoiceField(choices=RUN_STATES, source="run.state")
    counts = serializers.DictField(child=serializers.IntegerField(), source="run.counts")
    links = serializers.DictField(child=serializers.URLField())


class ImportPage(Page):
    results = ImportOut(many=True)


SCOPE = "import"
FLAGS = (UNDATED, REPEATS, COMPARED, THIRD_STATE, NO_ACT)


class JobsView(APIView):
    """Work that a worker does on request. Files and their rows are not on record, so reading jobs
    requires the scope too."""

    scopes: ClassVar[dict[str, str]] = {"GET": SCOPE}

    @extend_schema(operation_id="jobs_list", parameters=[JobsParameters], responses=JobPage)
    def get(self, request: Request) -> Response:
        """List jobs, newest first."""
        query = params.read(request, JobsParameters)
        before = query["cursor"][0] if "cursor" in query else None
        return pagination.page(
            request,
            query,
            queries.listing(limit=query["limit"] + 1, before=before),
            place=lambda job: [job.id],
            show=lambda jobs: [shown(request, job) for job in jobs],
            count=queries.count,
        )


class JobView(APIView):
    """One job."""

    scopes: ClassVar[dict[str, str]] = {"GET": SCOPE}

    @extend_schema(operation_id="jobs_read", responses=JobOut)
    def get(self, request: Request, job_id: UUID) -> Response:
        """Read the progress of a job: rows processed, total, rate, and counts by outcome."""
        params.read(request, Parameters)
        return Response(shown(request, _found(job_id)))


class CancellationView(APIView):
    """The cancellation of a job."""

    scopes: ClassVar[dict[str, str]] = {"POST": SCOPE}

    @write("jobs_cancel", NothingBody, JobOut, status=202)
    def post(self, request: Request, _body: Any, job_id: UUID) -> Response:
        """Cancel a job: immediately if it is waiting, otherwise after the current rows.

        What it has written stays. Importing the same file again continues from there; the
        `withdrawal` of its import retracts it.
        """

        def cancel(at: Any) -> Answer:
            requests.cancel(job_id, at=at)
            return accepted(request, job_id)

        return writing.answer_once(request, cancel)


class RowsFileView(APIView):
    """A file with rows of a job."""

    scopes: ClassVar[dict[str, str]] = {"GET": SCOPE}
    renderer_classes = (CsvRenderer, JSONRenderer)

    def download(
        self, request: Request, job_id: UUID, path: Path, *, kind: str = "text/csv; charset=utf-8"
    ) -> FileResponse:
        params.read(request, Parameters)
        job = _found(job_id)
        try:
            file = path.open("rb")
        except FileNotFoundError as problem:
            reason = "none exist, or they were deleted"
            if job.unfinished:
                reason = "the job has not ended yet"
            raise Refusal("not-found", f"no such rows: {reason}") from problem
        name = f"{job.id}.{path.name}"
        return FileResponse(file, as_attachment=True, filename=name, content_type=kind)


def _csv(operation_id: str) -> Any:
    return extend_schema(operation_id=operation_id, responses={(200, "text/csv"): OpenApiTypes.STR})


class RejectedView(RowsFileView):
    """The refused rows of a job."""

    @_csv("jobs_rejected")
    def get(self, request: Request, job_id: UUID) -> FileResponse:
        """Download line, column, value and reason of each invalid cell, once the job has ended. An
        apostrophe precedes values that a spreadsheet would read as a formula."""
        return self.download(request, job_id, spool.rejected_of(job_id))


class ReviewView(RowsFileView):
    """The rows that need a decision before a file is imported."""

    @_csv("jobs_review")
    def get(self, request: Request, job_id: UUID) -> FileResponse:
        """Download line, column, value and reason of each row that has no date or is a possible
        duplicate of a claim on record, once a dry run has ended."""
        return self.download(request, job_id, spool.review_of(job_id))


class RowsToFixView(RowsFileView):
    """The refused rows of a table, to be fixed."""

    @_csv("jobs_to_mend")
    def get(self, request: Request, job_id: UUID) -> FileResponse:
        """Download the refused rows of a table as they are in the file, with the reason in an
        additional last column. Once fixed, the file can be imported with the same mapping; the
        column of reasons is ignored, as are the apostrophes that precede values that a spreadsheet
        would read as a formula."""
        # In the encoding of the table.
        return self.download(request, job_id, spool.to_fix_of(job_id), kind="text/csv")


def accepted(request: Request, job_id: UUID) -> Answer:
    """The response to a request for a job: its state and its address."""
    data = shown(request, _found(job_id))
    return Answer(status=202, data=data, headers={"Location": data["links"]["self"]})


def shown(request: Request, job: JobSummary) -> Any:
    """A job as JSON."""
    report = job.told
    return JobOut(
        {
            "job": job,
            "file": job if job.kind == IMPORT else None,
            "options": {name: value for name, value in job.options.items() if value is not None},
            "reasons": _ranked(report.get("reasons", {})),
            "remarks": _ranked(report.get("remarks", {})),
            "rejected": report.get("rejected", 0),
            "rows": report.get("rows", []),
            **{name: report.get("flags", {}).get(name, 0) for name in FLAGS},
            "review": report.get("review", 0),
            "lens": report.get("lens", ""),
            "uncounted": report.get("uncounted", []),
            "links": {name: address(request, route, key) for name, route, key in _links(job)},
        }
    ).data


def _ranked(counts: dict[str, int]) -> list[dict[str, Any]]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"says": text, "rows": rows} for text, rows in ranked]


def _links(job: JobSummary) -> list[tuple[str, str, UUID]]:
    links = [("self", "job", job.id)]
    if job.unfinished:
        links.append(("cancellation", "cancellation", job.id))
    for name, route in (("rejected", "rejected"), ("review", "review"), ("to_mend", "to-mend")):
        if job.told.get(name):
            links.append((name, route, job.id))
    if job.run:
        links.append(("import", "import", job.run))
        if job.withdrawable:
            links.append(("withdrawal", "withdrawal", job.run))
    return links


def _found(job_id: UUID) -> JobSummary:
    job = queries.job(job_id)
    if job is None:
        raise Refusal("not-found", f"there is no job {job_id}")
    return job

"""Responses with jobs and imports; uploads and other requests for jobs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from tracker.api.pagination import CursorField, Paged
from tracker.api.serializers.fields import words
from tracker.api.serializers.strict import Strict
from tracker.imports.formats import mappings
from tracker.imports.formats.recognise import FORMATS
from tracker.imports.formats.sections import BadMapping
from tracker.imports.jobs.requests import Options

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


class WithdrawalBody(Strict):
    reason = words("ClaimRetracted.reason", required=True)


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

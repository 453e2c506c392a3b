"""Jobs and imports as they go out, and the uploads and wishes that come in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from tracker.api.pagination import CursorField, Paged
from tracker.api.serializers.fields import words
from tracker.api.serializers.strict import Strict
from tracker.importers import FORMATS, mappingfile
from tracker.importers.sections import BadMapping
from tracker.operations.jobs import Options

Serializer = serializers.Serializer[Any]
KINDS = ("import", "withdrawal", "batch")
STATES = ("waiting", "running", "done", "failed", "cancelled")
RUN_STATES = ("running", "done", "stopped", "failed", "withdrawn")


class JobsParameters(Paged):
    """How much of the list, which begins with the last."""


class ImportsParameters(Paged):
    """How much of the list, which begins with the last."""

    cursor = CursorField(datetime.fromisoformat, UUID)


@extend_schema_field({"type": "string", "format": "binary", "minLength": 1})
class MappingField(serializers.FileField):
    """A mapping in TOML, as a file; becomes its text."""

    def to_internal_value(self, data: Any) -> Any:
        file: Any = super().to_internal_value(data)
        try:
            text = file.read().decode("utf-8")
            mappingfile.read(text)
        except UnicodeDecodeError as problem:
            raise ValidationError(f"is not UTF-8: {problem}", code="invalid") from problem
        except BadMapping as problem:
            raise ValidationError(str(problem), code="invalid") from problem
        return text


class UploadBody(Strict):
    """A file to be taken in: an archive of a known format, or a table with its mapping."""

    typed = False

    file = serializers.FileField()
    format = serializers.ChoiceField(
        choices=list(FORMATS), required=False, help_text="if it is not to be recognised"
    )
    mapping = MappingField(required=False, help_text="of a table: a file in TOML")
    apply_changes = serializers.BooleanField(
        default=False, help_text="correct claims that are on record otherwise than in the file"
    )
    dry_run = serializers.BooleanField(default=False, help_text="look at it, and write nothing")
    skip_undated = serializers.BooleanField(
        default=False, help_text="leave out rows without a date: they are refused with that reason"
    )
    skip_repeats = serializers.BooleanField(
        default=False,
        help_text="leave out rows that may repeat claims on record: they are refused so",
    )

    def made(self, values: dict[str, Any]) -> Any:
        """The received file and how it is to be taken in."""
        if "format" in values and "mapping" in values:
            says = "a mapping means a table: leave out the one or the other"
            raise ValidationError({"format": [says]}, code="invalid")
        return values.pop("file").received, Options(**values)


class WithdrawalBody(Strict):
    reason = words("ClaimRetracted.reason", required=True)


class NothingBody(Strict):
    """Nothing is to be said."""


class FileOut(Serializer):
    name = serializers.CharField(source="file_name")
    size = serializers.IntegerField(source="file_size", help_text="bytes")
    sha256 = serializers.CharField(source="file_sha256")


class OptionsOut(Serializer):
    """What was asked for; of a withdrawal the reason."""

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
    """A row that was looked at, and the claim that it becomes."""

    line = serializers.IntegerField()
    outcome = serializers.CharField()
    occurred = serializers.CharField(help_text="EDTF; empty where it is unknown")
    parties = serializers.CharField(help_text="as the file names them")
    code = serializers.CharField()
    summary = serializers.CharField()


class JobOut(Serializer):
    """`counts` are rows by outcome (new, known, changed, repeated, refused), of a withdrawal claims
    (retracted, already). `links` lead to what can be read and done next."""

    id = serializers.UUIDField(source="job.id")
    kind = serializers.ChoiceField(choices=KINDS, source="job.kind")
    state = serializers.ChoiceField(choices=STATES, source="job.state")
    cancel_wanted = serializers.BooleanField(
        source="job.cancel_wanted", help_text="while it runs: it ends after the rows it is at"
    )
    asked_by = serializers.CharField(source="job.by")
    asked_at = serializers.DateTimeField(source="job.asked_at")
    begun_at = serializers.DateTimeField(source="job.begun_at", allow_null=True)
    ended_at = serializers.DateTimeField(source="job.ended_at", allow_null=True)
    file = FileOut(allow_null=True)
    options = OptionsOut()
    format = serializers.CharField(
        source="job.format", help_text="as it was recognised; empty until then"
    )
    done = serializers.IntegerField(source="job.done")
    total = serializers.IntegerField(source="job.total", allow_null=True)
    rate = serializers.FloatField(source="job.rate", allow_null=True, help_text="a second")
    seconds_left = serializers.FloatField(source="job.seconds_left", allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), source="job.counts")
    reasons = SaidOut(many=True, help_text="why rows are refused; most rows first, up to 100")
    remarks = SaidOut(many=True, help_text="what else there is to say of rows")
    rejected = serializers.IntegerField(help_text="rows in `links.rejected`, up to 100,000")
    rows = SampleOut(many=True, help_text="of a dry run: the first 50 that are not refused")
    undated = serializers.IntegerField(help_text="rows without a date that would be added")
    repeats = serializers.IntegerField(help_text="rows that may repeat claims on record")
    compared = serializers.IntegerField(
        help_text="rows that were compared with claims on record: of a dry run the first 10,000"
        " that would be added, of archives none"
    )
    review = serializers.IntegerField(
        help_text="of a dry run: rows in `links.review`, undated or repeats, up to 100,000"
    )
    lens = serializers.CharField(
        help_text="the one that was made for the collection, or by a dry run would be, if any"
    )
    uncounted = serializers.ListField(
        child=serializers.CharField(),
        help_text="collections that no lens counts: their claims move no score;"
        " POST to collections/{id}/lens/ counts one",
    )
    error = serializers.CharField(source="job.error", help_text="why it failed, or waits")
    attempts = serializers.IntegerField(source="job.attempts")
    links = serializers.DictField(child=serializers.URLField())


class JobPage(Serializer):
    results = JobOut(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)


class ImportOut(Serializer):
    """One file that was taken in, or is being. `counts` are of the rows done, by outcome."""

    id = serializers.UUIDField(source="run.id")
    name = serializers.CharField(source="run.name")
    format = serializers.CharField(source="run.format")
    sha256 = serializers.CharField(source="run.file_sha256")
    collection = serializers.UUIDField(
        source="run.collection", allow_null=True, help_text="null: each claim names its own"
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

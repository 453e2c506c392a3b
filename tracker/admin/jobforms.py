"""The forms by which a file is brought, and an import withdrawn."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tracker.admin.fields import Pick, Text, Tick
from tracker.domain.limits import WORDS
from tracker.imports import queries as on_record
from tracker.imports import spool
from tracker.imports.formats import mappings
from tracker.imports.formats.recognise import FORMATS
from tracker.imports.formats.sections import BadMapping
from tracker.imports.jobs.requests import Options
from tracker.imports.queries import Job
from tracker.imports.spool import Received

PASTED = "pasted table"
MOST_MAPPINGS = 20


class BringForm(forms.Form):
    """A file or a pasted table, and how it is to be taken in."""

    file = forms.FileField(
        required=False,
        widget=forms.FileInput(attrs={"class": "desk-file"}),
        help_text="CSV, XLSX, or an archive: GDELT, ICEWS, POLECAT, our NDJSON; .gz and .zip too.",
    )
    table = Text(
        rows=6,
        strip=False,
        label="Or a table",
        help_text="Pasted from a spreadsheet, with its header.",
    )
    mapping = forms.FileField(
        required=False,
        widget=forms.FileInput(attrs={"class": "desk-file", "accept": ".toml"}),
        help_text="For a table: which column is what, in TOML. Archives need none.",
    )
    as_before = Pick((), empty="—", label="Or the mapping of an earlier file")
    format = Pick(FORMATS, empty="detected from its content")
    apply_changes = Tick(label="Correct claims that differ from the record")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._before = {str(one.id): one for one in on_record.mappings(limit=MOST_MAPPINGS)}
        field = self.fields["as_before"]
        assert isinstance(field, Pick)  # noqa: S101 # as it stands above
        field.choices = [("", "—"), *((key, _named(one)) for key, one in self._before.items())]

    def clean_mapping(self) -> str | None:
        """Give the text of the mapping."""
        file: Any = self.cleaned_data["mapping"]
        if not file:
            return None
        try:
            text: str = file.read().decode("utf-8")
            mappings.read(text)
        except UnicodeDecodeError as problem:
            raise ValidationError(f"is not UTF-8: {problem}") from problem
        except BadMapping as problem:
            raise ValidationError(str(problem)) from problem
        return text

    def clean(self) -> None:
        """Say what is missing, or said twice."""
        said = self.cleaned_data
        if "file" in said and bool(said["file"]) == bool(said.get("table", "").strip()):
            self.add_error("file", "choose a file, or paste a table; not both")
        chosen = [name for name in ("mapping", "as_before", "format") if said.get(name)]
        for name in chosen[1:]:
            self.add_error(name, f"{chosen[0].replace('_', ' ')} says it already")

    def options(self) -> Options:
        """Look first, and write nothing."""
        said = self.cleaned_data
        before = self._before.get(said["as_before"])
        return Options(
            format=said["format"] or None,
            mapping=before.options["mapping"] if before else said["mapping"],
            apply_changes=said["apply_changes"],
            dry_run=True,
        )

    def received(self) -> Received:
        """The file in the spool."""
        if file := self.cleaned_data["file"]:
            received: Received = file.received
            return received
        return spool.receive(self.cleaned_data["table"].encode(), name=PASTED)


class WithdrawForm(forms.Form):
    reason = Text(
        required=True,
        max_length=WORDS["ClaimRetracted.reason"].longest,
        help_text="It is recorded permanently with your name and each retraction.",
    )


def _named(job: Job) -> str:
    text = job.options["mapping"]
    name = mappings.read(text).collection.name
    return f"{name}: {job.file_name}, {job.asked_at:%-d %B %Y}"

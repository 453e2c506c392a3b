"""Imports at the desk: upload a file, check it, load it and withdraw it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, reverse
from django.urls import path as at
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from unfold.decorators import display

from tracker.admin import access, import_pages
from tracker.admin.base import AppendOnlyAdmin, stamp
from tracker.admin.fields import Pick, Text, Tick
from tracker.admin.import_pages import ADD_JOB
from tracker.domain.events import ClaimRetracted
from tracker.domain.fields import limit
from tracker.imports import queries, spool
from tracker.imports.formats import generic, mappings
from tracker.imports.formats.recognise import FORMATS
from tracker.imports.formats.sections import BadMapping
from tracker.imports.jobs import requests
from tracker.imports.jobs.requests import FileDeleted, NoSuchJob, NotPossibleNow, Options
from tracker.imports.queries import JobSummary
from tracker.imports.spool import Received, SpoolHandler, TooLarge
from tracker.imports.withdrawal import NoSuchImport

PASTED = "pasted table"
MOST_MAPPINGS = 20


class ImportForm(forms.Form):
    """A file or a pasted table, with the options of its import."""

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
        self._before = {str(job.id): job for job in queries.mappings(limit=MOST_MAPPINGS)}
        field = self.fields["as_before"]
        assert isinstance(field, Pick)  # noqa: S101 # as it stands above
        field.choices = [
            ("", "—"),
            *((key, _mapping_label(job)) for key, job in self._before.items()),
        ]

    def clean_mapping(self) -> str | None:
        """The text of the mapping, checked."""
        file: Any = self.cleaned_data["mapping"]
        if not file:
            return None
        try:
            text: str = file.read().decode("utf-8")
            generic.format_for(mappings.read(text))
        except UnicodeDecodeError as problem:
            raise ValidationError(f"is not UTF-8: {problem}") from problem
        except BadMapping as problem:
            raise ValidationError(str(problem)) from problem
        return text

    def clean(self) -> None:
        """Check that there is one source, and at most one of mapping and format."""
        values = self.cleaned_data
        if "file" in values and bool(values["file"]) == bool(values.get("table", "").strip()):
            self.add_error("file", "choose a file, or paste a table; not both")
        chosen = [name for name in ("mapping", "as_before", "format") if values.get(name)]
        for name in chosen[1:]:
            self.add_error(name, f"leave this empty: {chosen[0].replace('_', ' ')} is given")

    def options(self) -> Options:
        """The options of a dry run."""
        values = self.cleaned_data
        before = self._before.get(values["as_before"])
        return Options(
            format=values["format"] or None,
            mapping=before.options["mapping"] if before else values["mapping"],
            apply_changes=values["apply_changes"],
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
        max_length=limit(ClaimRetracted, "reason").longest,
        help_text="It is recorded permanently with your name and each retraction.",
    )


def _mapping_label(job: JobSummary) -> str:
    text = job.options["mapping"]
    name = mappings.read(text).collection.name
    return f"{name}: {job.file_name}, {job.asked_at:%-d %B %Y}"


MOST_IMPORTS = 200


class JobAdmin(AppendOnlyAdmin):
    """The jobs. Their actions need the permission to add one."""

    search_fields = ("file_name", "recorded_by")
    ordering = ("-id",)
    list_display = ("about", "state", "progress", "recorded_by", "asked_at")

    @display(description="Job")
    def about(self, row: Any) -> str:
        return import_pages.title(row)

    @display(description="Rows")
    def progress(self, row: Any) -> str:
        return f"{row.done} of {row.total}" if row.total is not None else "—"

    def get_urls(self) -> list[URLResolver | URLPattern]:
        views: dict[str, tuple[str, Callable[..., HttpResponseBase]]] = {
            "state": ("<uuid:job_id>/state/", self.state_of),
            "load": ("<uuid:job_id>/load/", self.load),
            "cancel": ("<uuid:job_id>/cancel/", self.cancel),
            "rejected": ("<uuid:job_id>/rejected.csv", self.rejected),
            "review": ("<uuid:job_id>/review.csv", self.review),
            "mend": ("<uuid:job_id>/mend.csv", self.to_fix),
            "withdraw": ("imports/<uuid:run>/withdrawal/", self.withdraw),
            "imports": ("imports/", self.imports),
        }
        own = [
            at(route, self.admin_site.admin_view(view), name=f"desk_job_{name}")
            for name, (route, view) in views.items()
        ]
        return [*own, *super().get_urls()]

    def row_page(self, request: HttpRequest, row_id: UUID) -> HttpResponse:
        job = _job(row_id)
        return self.page(
            request, "job", title=import_pages.title(job), **import_pages.context(request, job)
        )

    def state_of(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Render the part of the page that the browser reloads while the job runs."""
        self.require("view", request)
        context = import_pages.context(request, _job(job_id))
        return render(request, "desk/jobstate.html", context)

    # The permission is checked before the upload starts, and the CSRF token after it.
    @method_decorator(csrf_exempt)
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Upload a file, which is written to the spool while it arrives."""
        _require_permission(request)
        handler = SpoolHandler()
        request.upload_handlers = [handler]
        try:
            response: HttpResponse = csrf_protect(self._upload)(request)
        except (TooLarge, RequestDataTooBig) as problem:
            message = f"This is too much at once. {problem}"
            return self._form(request, ImportForm(), general=[message], status=413)
        finally:
            handler.clear()
        return response

    def _upload(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self._form(request, ImportForm())
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._form(request, form)
        received = form.received()
        try:
            job_id = requests.request_import(received, form.options(), **stamp(request))
        finally:
            received.discard()
        return HttpResponseRedirect(self.link(job_id))

    # Read by the limits of requests; the admin keeps the attribute on the wrapped view.
    add_view.takes_uploads = True  # type: ignore[attr-defined]

    def _form(self, request: HttpRequest, form: ImportForm, **more: Any) -> HttpResponse:
        return self.page(request, "importform", title="Import a file", form=form, **more)

    def load(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Load the file of a dry run, without the rows that the user skips."""
        sent = request.POST
        skips: dict[str, Any] = {name: name in sent for name in ("skip_undated", "skip_repeats")}
        return self._respond(
            request,
            lambda: requests.request_load(job_id, **skips, **stamp(request)),
            back=self.link(job_id),
        )

    def cancel(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Cancel a job."""

        def act() -> UUID:
            requests.cancel(job_id, at=timezone.now())
            return job_id

        return self._respond(request, act, back=self.link(job_id))

    def _respond(self, request: HttpRequest, act: Callable[[], UUID], *, back: str) -> HttpResponse:
        """Run an action and show the job that it returns, or the error."""
        _require_permission(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            return HttpResponseRedirect(self.link(act()))
        except NoSuchJob as problem:
            raise Http404(str(problem)) from problem
        except (FileDeleted, NotPossibleNow) as problem:
            messages.error(request, f"{problem}.")
            return HttpResponseRedirect(back)

    def rejected(self, request: HttpRequest, job_id: UUID) -> FileResponse:
        """Download the refused rows with their reasons."""
        return self._download(request, spool.rejected_of(job_id))

    def review(self, request: HttpRequest, job_id: UUID) -> FileResponse:
        """Download the rows that need a decision."""
        return self._download(request, spool.review_of(job_id))

    def to_fix(self, request: HttpRequest, job_id: UUID) -> FileResponse:
        """Download the refused rows of a table, in the form of the table."""
        return self._download(request, spool.to_fix_of(job_id))

    def _download(self, request: HttpRequest, path: Path) -> FileResponse:
        self.require("view", request)
        try:
            file = path.open("rb")
        except FileNotFoundError as problem:
            raise Http404("there are no such rows, or they are no longer kept") from problem
        return FileResponse(file, as_attachment=True, filename=path.name)

    def imports(self, request: HttpRequest) -> HttpResponse:
        """List the imports, including those from the command line."""
        self.require("view", request)
        runs = queries.runs(limit=MOST_IMPORTS)
        may = request.user.has_perm(ADD_JOB)
        return self.page(request, "imports", title="Imports", runs=runs, may=may)

    def withdraw(self, request: HttpRequest, run: UUID) -> HttpResponse:
        """Withdraw what an import added."""
        _require_permission(request)
        import_run = queries.run(run)
        if import_run is None:
            raise Http404(f"there is no import {run}")
        form = WithdrawForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                job_id = requests.request_withdrawal(run, reason=reason, **stamp(request))
            except (NotPossibleNow, NoSuchImport) as problem:
                form.add_error(None, f"{problem}.")
            else:
                return HttpResponseRedirect(self.link(job_id))
        back = reverse("admin:desk_job_imports")
        title = f"Withdraw {import_run.name}"
        return self.page(request, "withdraw", title=title, form=form, run=import_run, back=back)


def _require_permission(request: HttpRequest) -> None:
    access.require(request, ADD_JOB)


def _job(job_id: UUID) -> JobSummary:
    job = queries.job(job_id)
    if job is None:
        raise Http404(f"there is no job {job_id}")
    return job

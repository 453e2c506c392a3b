"""Files at the desk: bringing one, looking at what would come of it, loading and withdrawing it."""

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
from tracker.admin.appendonly import AppendOnly, stamp
from tracker.admin.fields import Pick, Text, Tick
from tracker.admin.import_pages import MAY
from tracker.domain.limits import WORDS
from tracker.imports import queries, spool
from tracker.imports import queries as on_record
from tracker.imports.formats import mappings
from tracker.imports.formats.recognise import FORMATS
from tracker.imports.formats.sections import BadMapping
from tracker.imports.jobs import requests
from tracker.imports.jobs.requests import Gone, NoSuchJob, NotNow, Options
from tracker.imports.queries import Job
from tracker.imports.spool import Received, SpoolHandler, TooLarge
from tracker.imports.withdrawal import NoSuchImport

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


# Imports that are listed.
MOST_LISTED = 200


class JobAdmin(AppendOnly):
    """Whoever may `add` one may do all of this."""

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
            "mend": ("<uuid:job_id>/mend.csv", self.to_mend),
            "withdraw": ("imports/<uuid:run>/withdrawal/", self.withdraw),
            "imports": ("imports/", self.imports),
        }
        own = [
            at(route, self.admin_site.admin_view(view), name=f"desk_job_{name}")
            for name, (route, view) in views.items()
        ]
        return [*own, *super().get_urls()]

    def shown(self, request: HttpRequest, row_id: UUID) -> HttpResponse:
        job = _found(row_id)
        return self.page(
            request, "job", title=import_pages.title(job), **import_pages.context(request, job)
        )

    def state_of(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """The part of the page that changes, which the browser asks for while it does."""
        self.require("view", request)
        context = import_pages.context(request, _found(job_id))
        return render(request, "desk/jobstate.html", context)

    # The sender is known before the file is taken, and the token is asked for while it comes in.
    @method_decorator(csrf_exempt)
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Import a file: it goes to the spool as it comes in."""
        _allowed(request)
        handler = SpoolHandler()
        request.upload_handlers = [handler]
        try:
            answer: HttpResponse = csrf_protect(self._bring)(request)
        except (TooLarge, RequestDataTooBig) as problem:
            says = f"This is too much at once. {problem}"
            return self._form(request, BringForm(), general=[says], status=413)
        finally:
            handler.clear()
        return answer

    def _bring(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self._form(request, BringForm())
        form = BringForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._form(request, form)
        received = form.received()
        try:
            job_id = requests.ask_import(received, form.options(), **stamp(request))
        finally:
            received.discard()
        return HttpResponseRedirect(self.link(job_id))

    # Read by the ceilings of requests; it stays with the view that the admin makes of the method.
    add_view.takes_uploads = True  # type: ignore[attr-defined]

    def _form(self, request: HttpRequest, form: BringForm, **more: Any) -> HttpResponse:
        return self.page(request, "bring", title="Import a file", form=form, **more)

    def load(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Take in the file that was looked at, without the rows that somebody left out."""
        sent = request.POST
        skips: dict[str, Any] = {name: name in sent for name in ("skip_undated", "skip_repeats")}
        return self._acted(
            request,
            lambda: requests.ask_in_earnest(job_id, **skips, **stamp(request)),
            back=self.link(job_id),
        )

    def cancel(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """End a job before its time."""

        def act() -> UUID:
            requests.cancel(job_id, at=timezone.now())
            return job_id

        return self._acted(request, act, back=self.link(job_id))

    def _acted(self, request: HttpRequest, act: Callable[[], UUID], *, back: str) -> HttpResponse:
        """Do something and show the job that it makes; or say why it cannot be done."""
        _allowed(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            return HttpResponseRedirect(self.link(act()))
        except NoSuchJob as problem:
            raise Http404(str(problem)) from problem
        except (Gone, NotNow) as problem:
            messages.error(request, f"{problem}.")
            return HttpResponseRedirect(back)

    def rejected(self, request: HttpRequest, job_id: UUID) -> FileResponse:
        """Download the rows that were refused, with their reasons."""
        return self._download(request, spool.rejected_of(job_id))

    def review(self, request: HttpRequest, job_id: UUID) -> FileResponse:
        """Download the rows that somebody should decide on."""
        return self._download(request, spool.review_of(job_id))

    def to_mend(self, request: HttpRequest, job_id: UUID) -> FileResponse:
        """Download the refused rows of a table as they stand in it."""
        return self._download(request, spool.to_mend_of(job_id))

    def _download(self, request: HttpRequest, path: Path) -> FileResponse:
        self.require("view", request)
        try:
            file = path.open("rb")
        except FileNotFoundError as problem:
            raise Http404("there are no such rows, or they are no longer kept") from problem
        return FileResponse(file, as_attachment=True, filename=path.name)

    def imports(self, request: HttpRequest) -> HttpResponse:
        """The imports, those from the terminal too."""
        self.require("view", request)
        found = queries.runs(limit=MOST_LISTED)
        may = request.user.has_perm(MAY)
        return self.page(request, "imports", title="Imports", runs=found, may=may)

    def withdraw(self, request: HttpRequest, run: UUID) -> HttpResponse:
        """Take back what an import added."""
        _allowed(request)
        found = queries.run(run)
        if found is None:
            raise Http404(f"there is no import {run}")
        form = WithdrawForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                job_id = requests.ask_withdrawal(run, reason=reason, **stamp(request))
            except (NotNow, NoSuchImport) as problem:
                form.add_error(None, f"{problem}.")
            else:
                return HttpResponseRedirect(self.link(job_id))
        back = reverse("admin:desk_job_imports")
        title = f"Withdraw {found.name}"
        return self.page(request, "withdraw", title=title, form=form, run=found, back=back)


def _allowed(request: HttpRequest) -> None:
    access.require(request, MAY)


def _found(job_id: UUID) -> Job:
    found = queries.job(job_id)
    if found is None:
        raise Http404(f"there is no job {job_id}")
    return found

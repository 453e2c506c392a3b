"""Lenses at the desk: the list, a lens's page with its versions, and how one is defined anew."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from unfold.decorators import display

from tracker.admin import lensforms, roles
from tracker.admin.appendonly import AppendOnly
from tracker.admin.entry import show_in
from tracker.admin.fields import Directories
from tracker.admin.trying import Outcome, attempt
from tracker.domain import state as f
from tracker.domain.lenses import Lens
from tracker.operations import lenses as operations
from tracker.queries import progress
from tracker.queries.scores import lenses

REDEFINES = "desk.change_lens"


class LensAdmin(AppendOnly):
    """Whoever may `change` one may define its next version; none is ever changed."""

    search_fields = ("name",)
    ordering = ("name", "id")
    list_display = ("name", "model", "version")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(noun="lens")

    @display(description="Model")
    def model(self, row: Any) -> str:
        return str(row.state["versions"][-1]["model"])

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.define)
        own = path("<uuid:lens_id>/version/", view, name="desk_lens_version")
        return [own, *super().get_urls()]

    def shown(self, request: HttpRequest, row_id: UUID) -> HttpResponse:
        state = _state(row_id)
        directories = Directories()
        [seen] = progress.seen([lenses.latest_of(state)])
        view = seen.lens.lens.view
        listed = view.bloc.countries if view.bloc else ()
        return self.page(
            request,
            "lens",
            title=seen.lens.label,
            lens=seen.lens.lens,
            progress=seen.progress,
            collections=[directories.of("collection").label(one) for one in view.collections],
            countries=[directories.of("actor").label(one) for one in listed],
            versions=list(enumerate(state.versions, start=1)),
            define=self.link(row_id, "version") if request.user.has_perm(REDEFINES) else None,
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require("add", request)
        directories = Directories()
        form = lensforms.LensForm(request.POST or None, directories=directories)
        given: dict[str, Any] = {"form": form}
        if request.method == "POST" and form.is_valid():
            outcome = _defined(request, form, form.cleaned_data["name"])
            if outcome.recorded:
                return self._done(request, outcome.recorded.stream)
            given["general"] = show_in(form, outcome.problems, lensforms.field_of)
        return self.page(request, "recordform", title="Define a lens", **given)

    def define(self, request: HttpRequest, lens_id: UUID) -> HttpResponse:
        """Define the next version; the form is filled with the last one."""
        roles.require(request, REDEFINES)
        state = _state(lens_id)
        last = state.versions[-1]
        directories = Directories()
        form = lensforms.VersionForm(
            request.POST or None, initial=lensforms.initial(last), directories=directories
        )
        seen = _version(request, state)
        given: dict[str, Any] = {"form": form}
        if request.method == "POST" and form.is_valid():
            outcome = _defined(request, form, last.name, lens_id=lens_id, expected=seen)
            if outcome.recorded:
                return self._done(request, lens_id)
            given["general"] = show_in(form, outcome.problems, lensforms.field_of)
            if outcome.overtaken:
                given["general"].append("A new version was defined meanwhile: start again.")
        title = f"Define {last.name}@{seen + 1}"
        return self.page(request, "recordform", title=title, version=seen, **given)

    def _done(self, request: HttpRequest, lens_id: UUID) -> HttpResponse:
        messages.success(request, "The lens is on record: its pairs are being scored.")
        return HttpResponseRedirect(self.link(lens_id))


def _defined(request: HttpRequest, form: Any, name: str, **which: Any) -> Outcome:
    if problems := list(form.problems(name)):
        return Outcome(problems=problems)
    lens: Lens = form.lens(name)
    stamp: dict[str, Any] = {"at": timezone.now(), "by": request.user.get_username()}
    return attempt(lambda: operations.define_lens(lens, **which, **stamp))


def _version(request: HttpRequest, state: f.LensState) -> int:
    """The version that the person saw: the one that the form was made for."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() else len(state.versions)


def _state(lens_id: UUID) -> f.LensState:
    found = next((one for one in lenses.states() if one.id == lens_id), None)
    if found is None:
        raise Http404(f"there is no lens {lens_id}")
    return found

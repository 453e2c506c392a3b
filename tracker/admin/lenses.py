"""Lenses at the desk: the list, the page of a lens with its versions, and forms to define one."""

import json
from collections.abc import Iterator
from typing import Any, get_args
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from tracker.admin import access
from tracker.admin.base import AppendOnlyAdmin, WriteResult, attempt, read_number, stamp
from tracker.admin.claim_entry import show_in
from tracker.admin.claim_forms import DeskForm
from tracker.admin.fields import Directories, LineField, NamedLines, Pick, Text
from tracker.domain import codec, scoring, validity
from tracker.domain import state as f
from tracker.domain.lenses import METHOD, Bloc, Lens, View
from tracker.domain.records import Ownership, Sector
from tracker.domain.validity import Problem
from tracker.operations import lenses as operations
from tracker.queries import progress
from tracker.queries.scores import lenses

RULES = (("only", "Count only these roots"), ("except", "Count all roots except these"))
# The field of a problem, by the start of its pointer.
_FIELDS = {
    "/view/collections": "collections",
    "/view/bloc/ownerships": "ownerships",
    "/view/bloc": "countries",
}


class PickSeveral(forms.MultipleChoiceField):
    """Several of a few words."""

    def __init__(self, words: Any, **options: Any) -> None:
        super().__init__(
            choices=[(arg, arg) for arg in get_args(words)],
            required=False,
            widget=UnfoldAdminCheckboxSelectMultipleWidget(),
            **options,
        )


class Json(Text):
    """A JSON object; None where nothing is typed."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            parsed = json.loads(text)
        except (ValueError, RecursionError) as problem:
            raise ValidationError(f"cannot be read as JSON: {problem}") from problem
        if not isinstance(parsed, dict):
            raise ValidationError('must be an object, as {"omega": "0.1"}')
        return parsed

    def prepare_value(self, value: Any) -> Any:
        return json.dumps(codec.plain(value), indent=2) if isinstance(value, dict) else value


class VersionForm(DeskForm):
    """A version of a lens, without its name, which never changes."""

    collections = NamedLines(
        "collection",
        help_text="Which claims count, one collection per line. If empty: every curated collection,"
        " including later ones. Machine-coded ones must be named.",
    )
    countries = NamedLines(
        "actor",
        label="Bloc: roots in these countries",
        help_text="One per line. Without countries and ownerships every root counts.",
    )
    ownerships = PickSeveral(Ownership, label="Bloc: roots of this ownership")
    rule = Pick(RULES, label="The bloc's rule")
    sectors = PickSeveral(Sector, label="Sectors that act", help_text="If none is ticked: all.")
    model = Pick(scoring.MODELS)
    parameters = Json(
        rows=6,
        help_text="As JSON, decimals in quotes. Missing ones take the model's defaults.",
    )
    description = Text()

    def lens(self, name: str) -> Lens:
        """The lens in the form, without the fields that cannot be read; those have an error."""
        values = self.cleaned_data
        model = scoring.MODELS[values["model"]]
        return Lens(
            name=name,
            view=View(method=METHOD, collections=values.get("collections", ()), bloc=_bloc(values)),
            model=model.name,
            model_version=model.version,
            parameters={**model.defaults, **(values.get("parameters") or {})},
            sectors=tuple(values["sectors"]),
            description=values["description"],
        )

    def problems(self, name: str) -> Iterator[Problem]:
        yield from validity.lens_problems(self.lens(name))


class LensForm(VersionForm):
    """A new lens."""

    name = LineField(
        help_text="It is used in addresses: lower-case letters, digits, dots and dashes."
    )
    field_order = ("name",)


def initial_values(lens: Lens) -> dict[str, Any]:
    """The initial values of the form of the next version."""
    bloc = lens.view.bloc or Bloc()
    return {
        "collections": lens.view.collections,
        "countries": bloc.countries,
        "ownerships": list(bloc.ownerships),
        "rule": bloc.rule,
        "sectors": list(lens.sectors),
        "model": lens.model,
        "parameters": dict(lens.parameters),
        "description": lens.description,
    }


def field_of(pointer: str) -> str:
    """The field of a problem, by its pointer."""
    for start, field in _FIELDS.items():
        if pointer.startswith(start):
            return field
    return pointer.strip("/").split("/")[0]


def _bloc(values: dict[str, Any]) -> Bloc | None:
    countries, ownerships = values.get("countries", ()), tuple(values["ownerships"])
    if not countries and not ownerships:
        return None
    return Bloc(countries=countries, ownerships=ownerships, rule=values["rule"])


REDEFINE = "desk.change_lens"


class LensAdmin(AppendOnlyAdmin):
    """The lenses. The permission to change one allows its next version; versions never change."""

    search_fields = ("name",)
    ordering = ("name", "id")
    list_display = ("name", "scored_by", "version")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(noun="lens")

    @display(description="Model")
    def scored_by(self, row: Any) -> str:
        return str(row.state["versions"][-1]["model"])

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.define)
        own = path("<uuid:lens_id>/version/", view, name="desk_lens_version")
        return [own, *super().get_urls()]

    def row_page(self, request: HttpRequest, row_id: UUID) -> HttpResponse:
        state = _state(row_id)
        directories = Directories()
        [latest] = progress.lens_progress([lenses.latest_of(state)])
        view = latest.lens.lens.view
        bloc_countries = view.bloc.countries if view.bloc else ()
        return self.page(
            request,
            "lens",
            title=latest.lens.label,
            lens=latest.lens.lens,
            progress=latest.progress,
            collections=[
                directories.of("collection").label(collection) for collection in view.collections
            ],
            countries=[directories.of("actor").label(country) for country in bloc_countries],
            versions=list(enumerate(state.versions, start=1)),
            define=self.link(row_id, "version") if request.user.has_perm(REDEFINE) else None,
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require("add", request)
        directories = Directories()
        form = LensForm(request.POST or None, directories=directories)
        context: dict[str, Any] = {"form": form}
        if request.method == "POST" and form.is_valid():
            outcome = _define(request, form, form.cleaned_data["name"])
            if outcome.recorded:
                return self._done(request, outcome.recorded.stream)
            context["general"] = show_in(form, outcome.problems, field_of)
        return self.page(request, "recordform", title="Define a lens", **context)

    def define(self, request: HttpRequest, lens_id: UUID) -> HttpResponse:
        """Define the next version, in a form with the values of the last one."""
        access.require(request, REDEFINE)
        state = _state(lens_id)
        last = state.versions[-1]
        directories = Directories()
        form = VersionForm(
            request.POST or None, initial=initial_values(last), directories=directories
        )
        seen = _version(request, state)
        context: dict[str, Any] = {"form": form}
        if request.method == "POST" and form.is_valid():
            outcome = _define(request, form, last.name, lens_id=lens_id, expected=seen)
            if outcome.recorded:
                return self._done(request, lens_id)
            context["general"] = show_in(form, outcome.problems, field_of)
            if outcome.conflict:
                context["general"].append("A new version was defined meanwhile: start again.")
        title = f"Define {last.name}@{seen + 1}"
        return self.page(request, "recordform", title=title, version=seen, **context)

    def _done(self, request: HttpRequest, lens_id: UUID) -> HttpResponse:
        messages.success(request, "The lens is on record: its pairs are being scored.")
        return HttpResponseRedirect(self.link(lens_id))


def _define(request: HttpRequest, form: Any, name: str, **which: Any) -> WriteResult:
    if problems := list(form.problems(name)):
        return WriteResult(problems=problems)
    lens: Lens = form.lens(name)
    return attempt(lambda: operations.define_lens(lens, **which, **stamp(request)))


def _version(request: HttpRequest, state: f.LensState) -> int:
    """The version that the form showed."""
    version = read_number(request.POST.get("version", ""))
    return len(state.versions) if version is None else version


def _state(lens_id: UUID) -> f.LensState:
    state = next((state for state in lenses.states() if state.id == lens_id), None)
    if state is None:
        raise Http404(f"there is no lens {lens_id}")
    return state

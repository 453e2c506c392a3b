"""Lenses at the desk: the list, a lens's page with its versions, and how one is defined anew."""

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
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from tracker.admin import access
from tracker.admin.appendonly import AppendOnly
from tracker.admin.claim_entry import show_in
from tracker.admin.claim_forms import Sharing
from tracker.admin.fields import Directories, Line, NamedLines, Pick, Text
from tracker.admin.write_result import Outcome, attempt
from tracker.domain import codec, scoring, validity
from tracker.domain import state as f
from tracker.domain.lenses import METHODS, Bloc, Lens, View
from tracker.domain.records import Ownership, Sector
from tracker.domain.validity import Problem
from tracker.operations import lenses as operations
from tracker.queries import progress
from tracker.queries.scores import lenses

RULES = (("only", "Count only these roots"), ("except", "Count all roots except these"))
# Where a problem's pointer begins, and the field that it belongs to.
_FIELDS = {
    "/view/collections": "collections",
    "/view/bloc/ownerships": "ownerships",
    "/view/bloc": "countries",
}


class Several(forms.MultipleChoiceField):
    """Some of a few words."""

    def __init__(self, words: Any, **options: Any) -> None:
        super().__init__(
            choices=[(one, one) for one in get_args(words)],
            required=False,
            widget=UnfoldAdminCheckboxSelectMultipleWidget(),
            **options,
        )


class Json(Text):
    """A JSON object; None where nothing was typed."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as problem:
            raise ValidationError(f"cannot be read as JSON: {problem}") from problem
        if not isinstance(found, dict):
            raise ValidationError('must be an object, as {"omega": "0.1"}')
        return found

    def prepare_value(self, value: Any) -> Any:
        return json.dumps(codec.plain(value), indent=2) if isinstance(value, dict) else value


class VersionForm(Sharing):
    """What a lens says beside its name, which it keeps."""

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
    ownerships = Several(Ownership, label="Bloc: roots of this ownership")
    rule = Pick(RULES, label="The bloc's rule")
    sectors = Several(Sector, label="Sectors that act", help_text="If none is ticked: all.")
    model = Pick(scoring.MODELS)
    parameters = Json(
        rows=6,
        help_text="As JSON, decimals in quotes. Missing ones take the model's defaults.",
    )
    description = Text()

    def lens(self, name: str) -> Lens:
        """The lens as far as it can be read; what cannot has its error already."""
        said = self.cleaned_data
        model = scoring.MODELS[said["model"]]
        return Lens(
            name=name,
            view=View(
                method=METHODS[-1], collections=said.get("collections", ()), bloc=_bloc(said)
            ),
            model=model.name,
            model_version=model.version,
            parameters={**model.defaults, **(said.get("parameters") or {})},
            sectors=tuple(said["sectors"]),
            description=said["description"],
        )

    def problems(self, name: str) -> Iterator[Problem]:
        yield from validity.lens_problems(self.lens(name))


class LensForm(VersionForm):
    """A new lens."""

    name = Line(help_text="It is used in addresses: lower-case letters, digits, dots and dashes.")
    field_order = ("name",)


def initial(lens: Lens) -> dict[str, Any]:
    """What the form of the next version begins with."""
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
    """The field that a problem belongs to."""
    for start, field in _FIELDS.items():
        if pointer.startswith(start):
            return field
    return pointer.strip("/").split("/")[0]


def _bloc(said: dict[str, Any]) -> Bloc | None:
    countries, ownerships = said.get("countries", ()), tuple(said["ownerships"])
    if not countries and not ownerships:
        return None
    return Bloc(countries=countries, ownerships=ownerships, rule=said["rule"])


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
        form = LensForm(request.POST or None, directories=directories)
        given: dict[str, Any] = {"form": form}
        if request.method == "POST" and form.is_valid():
            outcome = _defined(request, form, form.cleaned_data["name"])
            if outcome.recorded:
                return self._done(request, outcome.recorded.stream)
            given["general"] = show_in(form, outcome.problems, field_of)
        return self.page(request, "recordform", title="Define a lens", **given)

    def define(self, request: HttpRequest, lens_id: UUID) -> HttpResponse:
        """Define the next version; the form is filled with the last one."""
        access.require(request, REDEFINES)
        state = _state(lens_id)
        last = state.versions[-1]
        directories = Directories()
        form = VersionForm(request.POST or None, initial=initial(last), directories=directories)
        seen = _version(request, state)
        given: dict[str, Any] = {"form": form}
        if request.method == "POST" and form.is_valid():
            outcome = _defined(request, form, last.name, lens_id=lens_id, expected=seen)
            if outcome.recorded:
                return self._done(request, lens_id)
            given["general"] = show_in(form, outcome.problems, field_of)
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

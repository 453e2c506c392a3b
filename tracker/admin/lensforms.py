"""The form that a lens is typed into, and the lens that it makes."""

import json
from collections.abc import Iterator
from typing import Any, get_args

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from tracker.admin.claimforms import Sharing
from tracker.admin.fields import Line, NamedLines, Pick, Text
from tracker.domain import codec, scoring, validity
from tracker.domain.lenses import METHODS, Bloc, Lens, View
from tracker.domain.records import Ownership, Sector
from tracker.domain.validity import Problem

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

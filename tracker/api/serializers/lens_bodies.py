"""Request bodies that define a lens; each becomes a record of the domain."""

from typing import Any

from rest_framework import serializers

from tracker.api.serializers.fields import (
    Many,
    choice,
    ids,
    item,
    line,
    version,
    with_version,
    words,
)
from tracker.api.serializers.strict import Shaped, Strict
from tracker.domain import scoring
from tracker.domain.lenses import METHODS, Bloc, Lens, View
from tracker.domain.limits import MOST
from tracker.domain.records import Ownership, Sector


class BlocBody(Shaped):
    """The roots that count: those of the countries or ownerships, or all except those."""

    shape = Bloc
    countries = ids("Bloc.countries")
    ownerships = Many(child=choice(Ownership), required=False, max_length=MOST["Bloc.ownerships"])
    rule = choice(Bloc.__annotations__["rule"], default="only")


class ViewBody(Shaped):
    shape = View
    method = line("View.method", default=METHODS[-1])
    collections = ids("View.collections")
    bloc = BlocBody(required=False, allow_null=True)

    def made(self, values: dict[str, Any]) -> Any:
        given = {name: value for name, value in values.items() if value is not None}
        return super().made({"collections": (), "method": METHODS[-1], **given})


class ParametersField(serializers.DictField):
    """The parameters of a model; the domain validates them for each model."""


class Nameless(Strict):
    """The fields of a lens except its name."""

    view = ViewBody()
    model = serializers.ChoiceField(choices=list(scoring.MODELS))
    model_version = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="default: the newest"
    )
    parameters = ParametersField(
        required=False,
        allow_null=True,
        help_text="decimals in quotes; omitted ones have the defaults of the model",
    )
    sectors = Many(
        child=choice(Sector),
        required=False,
        max_length=MOST["Lens.sectors"],
        help_text="empty: all count",
    )
    description = words("Lens.description")


class LensBody(Nameless):
    """A new lens."""

    name = item("Lens.name")

    def made(self, values: dict[str, Any]) -> Any:
        return Lens(**_whole(values))


class VersionBody(Nameless):
    """The whole new version: omitted fields have their defaults."""

    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, _whole)


def _whole(values: dict[str, Any]) -> dict[str, Any]:
    """The fields of a lens, with the defaults of its model filled in for the record."""
    given = {name: value for name, value in values.items() if value is not None}
    model = scoring.MODELS[given["model"]]
    return {
        "model_version": model.version,
        **given,
        "parameters": {**model.defaults, **given.get("parameters", {})},
        "sectors": tuple(given.get("sectors", ())),
    }

"""What people send to define a lens; the body becomes the domain's record."""

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
from tracker.domain.parties import Sector
from tracker.domain.publications import Ownership


class BlocBody(Shaped):
    """The roots that are listened to: those of the countries or ownerships, or all but those."""

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
    """The parameters of a model; each model has its own, with their checks in the domain."""


class Nameless(Strict):
    """What a lens says beside its name."""

    view = ViewBody()
    model = serializers.ChoiceField(choices=list(scoring.MODELS))
    model_version = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="the newest, if not given"
    )
    parameters = ParametersField(
        required=False,
        allow_null=True,
        help_text="decimals in quotes; those left out are the model's usual ones",
    )
    sectors = Many(
        child=choice(Sector),
        required=False,
        max_length=MOST["Lens.sectors"],
        help_text="none: all count",
    )
    description = words("Lens.description")


class LensBody(Nameless):
    """A new lens."""

    name = item("Lens.name")

    def made(self, values: dict[str, Any]) -> Any:
        return Lens(**_whole(values))


class VersionBody(Nameless):
    """The whole lens anew: what is left out is as if it had never been said."""

    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, _whole)


def _whole(values: dict[str, Any]) -> dict[str, Any]:
    """The fields of a lens, with all that its model leaves open filled in: it is recorded."""
    given = {name: value for name, value in values.items() if value is not None}
    model = scoring.MODELS[given["model"]]
    return {
        "model_version": model.version,
        **given,
        "parameters": {**model.defaults, **given.get("parameters", {})},
        "sectors": tuple(given.get("sectors", ())),
    }

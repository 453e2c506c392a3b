"""Lenses: list, read with the progress of their scores, define and redefine."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import pagination, reading, writing
from tracker.api.bodies import (
    MOST,
    Many,
    Shaped,
    Strict,
    choice,
    ids,
    item,
    line,
    version,
    with_version,
    words,
)
from tracker.api.pagination import Listed
from tracker.api.params import AsOf
from tracker.api.problems import Refused
from tracker.api.reading import Resource, read
from tracker.api.resources.records import CURATE
from tracker.domain import scoring
from tracker.domain.lenses import METHODS, Bloc, Lens, LensVersion, View
from tracker.domain.lenses import Lens as DomainLens
from tracker.domain.records import Ownership, Sector
from tracker.operations import lenses as operations
from tracker.queries import progress
from tracker.queries.moment import AsOf as MomentAsked
from tracker.queries.moment import resolve
from tracker.queries.scores import lenses as queries


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


Serializer = serializers.Serializer[Any]


class BlocOut(Serializer):
    countries = serializers.ListField(child=serializers.UUIDField())
    ownerships = serializers.ListField(child=serializers.CharField())
    rule = serializers.CharField()


class ViewOut(Serializer):
    id = serializers.CharField()
    method = serializers.CharField()
    collections = serializers.ListField(
        child=serializers.UUIDField(), help_text="empty: all curated collections"
    )
    bloc = BlocOut(allow_null=True)


class ProgressOut(Serializer):
    """The progress of the scores of a view: it is served once it has reached position `begun`, that
    of its first lens. `waiting` pairs are not up to date."""

    position = serializers.IntegerField(help_text="the last processed event")
    begun = serializers.IntegerField()
    served = serializers.BooleanField()
    waiting = serializers.IntegerField()


class LensOut(Serializer):
    """A version of a lens; `label` identifies it permanently."""

    id = serializers.UUIDField(source="lens.id")
    version = serializers.IntegerField(source="lens.version")
    label = serializers.CharField(source="lens.label")  # type: ignore[assignment]
    name = serializers.CharField(source="lens.lens.name")
    view = ViewOut(source="lens.lens.view")
    model = serializers.CharField(source="lens.lens.model")
    model_version = serializers.IntegerField(source="lens.lens.model_version")
    parameters = serializers.JSONField(source="lens.lens.parameters")
    sectors = serializers.ListField(
        child=serializers.CharField(), source="lens.lens.sectors", help_text="empty: all"
    )
    description = serializers.CharField(source="lens.lens.description")
    progress = ProgressOut()


class LensList(Listed):
    """A page of the list, by name."""


class LensPage(Serializer):
    as_of = serializers.IntegerField()
    results = LensOut(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)


class Lenses(Resource):
    """All lenses."""

    stamp = reading.tables

    scopes: ClassVar[dict[str, str]] = {"POST": CURATE}

    @read("lenses_list", LensPage, LensList)
    def get(self, request: Request, asked: Any) -> Response:
        """List the lenses, each in its latest version."""
        as_of = asked["as_of"]
        found = progress.seen(queries.latest() if as_of is None else queries.in_force(as_of))
        return pagination.sliced(
            request,
            asked,
            found,
            name=lambda one: one.lens.lens.name,
            shown=lambda rows: LensOut(rows, many=True).data,
            as_of=self.stamped.reached if as_of is None else as_of,
        )

    @extend_schema(operation_id="lenses_create", request=LensBody, responses={201: writing.Receipt})
    def post(self, request: Request) -> Response:
        """Define a lens. Every pair is scored under it in the background; a new view first
        processes the log, and is served once it has caught up."""
        lens = writing.body(request, LensBody)
        return writing.record(
            request,
            lambda **stamp: operations.define_lens(lens, **stamp),
            route="api:lens",
            key=lens.name,
        )


class LensResource(Resource):
    """One lens."""

    stamp = reading.tables

    @read("lenses_read", LensOut, AsOf)
    def get(self, _request: Request, asked: Any, label: str) -> Response:
        """Read a lens by name ("standing") or version ("standing@1"), with the progress of its
        scores."""
        [found] = progress.seen([_lens(label, as_of=asked["as_of"])])
        headers = {"ETag": f'"{found.lens.version}"'}
        return Response(LensOut(found).data, headers=headers)


class LensVersions(APIView):
    """The versions of a lens: all are kept, and each score names its version."""

    versioned = True
    scopes: ClassVar[dict[str, str]] = {"POST": CURATE}

    @extend_schema(
        operation_id="lenses_define_version",
        request=VersionBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request, label: str) -> Response:
        """Define the next version of a lens. It is used wherever no version is named, and every
        pair is rescored."""
        sent = writing.body(request, VersionBody)
        found = _lens(label, as_of=None)
        seen = writing.expected_version(request, sent["expected_version"])
        lens = DomainLens(name=found.lens.name, **sent["record"])
        return writing.record(
            request,
            lambda **stamp: operations.define_lens(lens, lens_id=found.id, expected=seen, **stamp),
            route="api:lens",
            key=lens.name,
        )


def _lens(label: str, *, as_of: MomentAsked) -> LensVersion:
    try:
        return queries.defined(label, position=resolve(as_of))
    except queries.NoSuchLens as problem:
        raise Refused("not-found", str(problem)) from problem

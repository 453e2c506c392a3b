"""Lenses: list, read with the progress of their scores, define and redefine."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, ClassVar, Literal

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import pagination, reading, writing
from tracker.api.answers import with_fields_of
from tracker.api.bodies import Version
from tracker.api.pagination import Page, PageByNameAsOf
from tracker.api.params import AsOf
from tracker.api.problems import Refusal
from tracker.api.reading import Resource, read
from tracker.api.resources.records import CURATE
from tracker.api.writing import write
from tracker.domain import codec, scoring
from tracker.domain.fields import SLUG, NumberRange, Reason, limit
from tracker.domain.json_values import WIDEST
from tracker.domain.lenses import METHOD, Lens, LensVersion, View
from tracker.domain.records import Sector
from tracker.lens_names import reader_name
from tracker.operations import lenses as operations
from tracker.queries import progress
from tracker.queries.moment import At, now
from tracker.queries.scores import lenses as queries


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewBody(View):
    """Which evidence counts."""

    method: Annotated[str, limit(View, "method")] = METHOD


Model: Any = Literal[tuple(scoring.MODELS)]  # known at run time


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameless:
    """The fields of a lens except its name."""

    view: ViewBody
    model: Model
    model_version: Annotated[
        int | None,
        NumberRange(1, WIDEST, "must be at least 1", code="min_value"),
        "default: that of the program",
    ] = None
    parameters: Annotated[
        Mapping[str, Any] | None,
        limit(Lens, "parameters"),
        "decimals in quotes; omitted ones have the defaults of the model",
    ] = None
    sectors: Annotated[tuple[Sector, ...], limit(Lens, "sectors"), "empty: all count"] = ()
    description: Reason = ""

    def lens(self, name: str) -> Lens:
        """The lens, with the defaults of its model filled in for the record."""
        model = scoring.MODELS[self.model]
        version = model.version if self.model_version is None else self.model_version
        return Lens(
            name=name,
            view=codec.base(View, self.view),
            model=self.model,
            model_version=version,
            parameters={**model.defaults, **(self.parameters or {})},
            sectors=self.sectors,
            description=self.description,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LensBody(Nameless):
    """A new lens."""

    name: Annotated[str, SLUG._replace(required="a lens requires a name")]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionBody(Nameless):
    """The whole new version: omitted fields have their defaults."""

    expected_version: Version | None = None


Serializer = serializers.Serializer[Any]


@with_fields_of(View)
class ViewOut(Serializer):
    id = serializers.CharField()
    collections = serializers.ListField(
        child=serializers.UUIDField(), help_text="empty: all curated collections"
    )


@with_fields_of(progress.Progress, only=("begun", "waiting"))
class ProgressOut(Serializer):
    """The progress of the scores of a view: it is served once it has reached position `begun`, that
    of its first lens. `waiting` pairs are not up to date."""

    position = serializers.IntegerField(help_text="the last processed event")
    served = serializers.BooleanField()


@with_fields_of(Lens, "lens.lens")
class LensOut(Serializer):
    """A version of a lens; `label` identifies it permanently. `title` is its name on pages."""

    id = serializers.UUIDField(source="lens.id")
    version = serializers.IntegerField(source="lens.version")
    label = serializers.CharField(source="lens.label")  # type: ignore[assignment]
    title = serializers.SerializerMethodField()
    view = ViewOut(source="lens.lens.view")
    sectors = serializers.ListField(
        child=serializers.CharField(), source="lens.lens.sectors", help_text="empty: all"
    )
    progress = ProgressOut()

    def get_title(self, shown: Any) -> str:
        return reader_name(shown.lens)


class LensPage(Page):
    as_of = serializers.IntegerField()
    results = LensOut(many=True)


class LensesView(Resource):
    """All lenses."""

    stamp = reading.tables

    scopes: ClassVar[dict[str, str]] = {"POST": CURATE}

    @read("lenses_list", LensPage, PageByNameAsOf)
    def get(self, request: Request, query: Any) -> Response:
        """List the lenses, each in its latest version."""
        as_of = query["as_of"]
        listed = queries.latest() if as_of.is_now else queries.in_force(as_of.position)
        versions = progress.lens_progress(listed)
        return pagination.page_of_all(
            request,
            query,
            versions,
            name=lambda row: row.lens.lens.name,
            show=lambda rows: LensOut(rows, many=True).data,
            as_of=as_of.position,
        )

    @write("lenses_create", LensBody)
    def post(self, request: Request, body: LensBody) -> Response:
        """Define a lens. Every pair is scored under it in the background; a new view first
        processes the log, and is served once it has caught up."""
        lens = body.lens(body.name)
        define = partial(operations.define_lens, lens)
        return writing.record(request, define, route="lens", key=lens.name)


class LensView(Resource):
    """One lens."""

    stamp = reading.tables

    @read("lenses_read", LensOut, AsOf)
    def get(self, _request: Request, query: Any, label: str) -> Response:
        """Read a lens by name ("standing") or version ("standing@1"), with the progress of its
        scores."""
        [found] = progress.lens_progress([_lens(label, as_of=query["as_of"])])
        headers = {"ETag": f'"{found.lens.version}"'}
        return Response(LensOut(found).data, headers=headers)


class LensVersionsView(APIView):
    """The versions of a lens: all are kept, and each score names its version."""

    versioned = True
    scopes: ClassVar[dict[str, str]] = {"POST": CURATE}

    @write("lenses_define_version", VersionBody)
    def post(self, request: Request, body: VersionBody, label: str) -> Response:
        """Define the next version of a lens. It is used wherever no version is named, and every
        pair is rescored."""
        current = _lens(label, as_of=now())
        expected = writing.expected_version(request, body.expected_version)
        lens = body.lens(current.lens.name)
        define = partial(operations.define_lens, lens, lens_id=current.id, expected=expected)
        return writing.record(request, define, route="lens", key=lens.name)


def _lens(label: str, *, as_of: At) -> LensVersion:
    try:
        return queries.find_existing(label, position=as_of.position)
    except queries.NoSuchLens as problem:
        raise Refusal("not-found", str(problem)) from problem

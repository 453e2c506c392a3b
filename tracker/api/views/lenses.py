"""Lenses: list, read with the progress of their scores, define and redefine."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import pagination, stamping, writing
from tracker.api.parameters import AsOf
from tracker.api.problems import Refused
from tracker.api.reading import read
from tracker.api.resources import Resource
from tracker.api.serializers import lens_bodies, lenses
from tracker.api.views.records import CURATE
from tracker.domain.lenses import Lens as DomainLens
from tracker.domain.lenses import LensVersion
from tracker.operations import lenses as operations
from tracker.queries import progress
from tracker.queries.moment import AsOf as MomentAsked
from tracker.queries.moment import resolve
from tracker.queries.scores import lenses as queries


class Lenses(Resource):
    """All lenses."""

    stamp = stamping.tables

    scopes: ClassVar[dict[str, str]] = {"POST": CURATE}

    @read("lenses_list", lenses.LensPage, lenses.LensList)
    def get(self, request: Request, asked: Any) -> Response:
        """List the lenses, each in its latest version."""
        as_of = asked["as_of"]
        found = progress.seen(queries.latest() if as_of is None else queries.in_force(as_of))
        return pagination.sliced(
            request,
            asked,
            found,
            name=lambda one: one.lens.lens.name,
            shown=lambda rows: lenses.LensOut(rows, many=True).data,
            as_of=self.stamped.reached if as_of is None else as_of,
        )

    @extend_schema(
        operation_id="lenses_create", request=lens_bodies.LensBody, responses={201: writing.Receipt}
    )
    def post(self, request: Request) -> Response:
        """Define a lens. Every pair is scored under it in the background; a new view first
        processes the log, and is served once it has caught up."""
        lens = writing.body(request, lens_bodies.LensBody)
        return writing.record(
            request,
            lambda **stamp: operations.define_lens(lens, **stamp),
            route="api:lens",
            key=lens.name,
        )


class Lens(Resource):
    """One lens."""

    stamp = stamping.tables

    @read("lenses_read", lenses.LensOut, AsOf)
    def get(self, _request: Request, asked: Any, label: str) -> Response:
        """Read a lens by name ("standing") or version ("standing@1"), with the progress of its
        scores."""
        [found] = progress.seen([_lens(label, as_of=asked["as_of"])])
        headers = {"ETag": f'"{found.lens.version}"'}
        return Response(lenses.LensOut(found).data, headers=headers)


class LensVersions(APIView):
    """The versions of a lens: all are kept, and each score names its version."""

    versioned = True
    scopes: ClassVar[dict[str, str]] = {"POST": CURATE}

    @extend_schema(
        operation_id="lenses_define_version",
        request=lens_bodies.VersionBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request, label: str) -> Response:
        """Define the next version of a lens. It is used wherever no version is named, and every
        pair is rescored."""
        sent = writing.body(request, lens_bodies.VersionBody)
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

"""The root, the kinds of problem, and unknown addresses."""

from typing import Any

from django.http import HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import resolve, reverse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import pagination, stamping
from tracker.api.problem_kinds import KINDS
from tracker.api.problems import Refused
from tracker.api.reading import read
from tracker.api.resources import Resource

RESOURCES = (
    "claims",
    "actors",
    "sources",
    "documents",
    "collections",
    "lenses",
    "codebooks",
    "pairs",
    "editions",
    "events",
    "imports",
    "jobs",
    "webhooks",
    "shifts",
    "problems",
    "openapi",
    "docs",
)


class KindOut(serializers.Serializer[Any]):
    """A kind of problem and how to fix it."""

    code = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()
    mend = serializers.CharField(source="fix")


KIND = {(200, "application/json"): KindOut, (200, "text/html"): OpenApiTypes.STR}


class KindsPage(serializers.Serializer[Any]):
    results = KindOut(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)


class RootOut(serializers.Serializer[Any]):
    resources = serializers.DictField(child=serializers.URLField())


class Root(Resource):
    """The root of the API."""

    stamp = stamping.program
    permission_classes = (AllowAny,)

    @read("root", RootOut)
    def get(self, request: Request, _asked: Any) -> Response:
        """List the resources with their addresses."""
        found = {name: request.build_absolute_uri(reverse(f"api:{name}")) for name in RESOURCES}
        return Response({"resources": found})


class Problems(Resource):
    """All kinds of problem that a response can have as its `type`."""

    stamp = stamping.program
    permission_classes = (AllowAny,)

    @read("problems_list", KindsPage, pagination.Short)
    def get(self, request: Request, asked: Any) -> Response:
        """List the kinds of problem."""
        return pagination.sliced(
            request,
            asked,
            list(KINDS.values()),
            name=lambda kind: kind.code,
            shown=lambda kinds: KindOut(kinds, many=True).data,
        )


class Html(BaseRenderer):
    """A kind of problem as a page for browsers."""

    media_type = "text/html"
    format = "html"

    def render(self, data: Any, _type: str | None = None, _context: Any = None) -> Any:
        if "mend" not in data:
            return JSONRenderer().render(data)
        return render_to_string("api/problem.html", data)


class Problem(Resource):
    """One kind of problem."""

    stamp = stamping.program
    permission_classes = (AllowAny,)
    renderer_classes = (JSONRenderer, Html)

    @read("problems_read", KIND)
    def get(self, _request: Request, _asked: Any, code: str) -> Response:
        """Read what a kind of problem means and how to fix it."""
        if code not in KINDS:
            raise Refused(
                "not-found",
                f"unknown kind of problem {code[:40]!r}; expected one of: {', '.join(KINDS)}",
            )
        return Response(KindOut(KINDS[code]).data)


class Elsewhere(APIView):
    """Any other address under `/api/`; one that lacks only the final slash
    is redirected."""

    permission_classes = (AllowAny,)
    schema = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if _known(f"{request.path_info}/"):
            query = request.META.get("QUERY_STRING", "")
            place = f"{request.path}/{'?' if query else ''}{query}"
            return HttpResponsePermanentRedirect(place, preserve_request=True)
        return super().dispatch(request, *args, **kwargs)

    @property
    def default_response_headers(self) -> dict[str, str]:
        """None: no method is allowed."""
        return {}

    def initial(self, request: Request, *_args: Any, **_kwargs: Any) -> None:
        raise Refused("not-found", f"there is nothing at {request.path}")


def _known(path: str) -> bool:
    return getattr(resolve(path).func, "cls", None) is not Elsewhere

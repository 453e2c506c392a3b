"""The description of the API: as OpenAPI, as a page, and the catalogue of both (RFC 9727)."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import reference, stamping
from tracker.api.problem_kinds import KINDS
from tracker.api.reading import read
from tracker.api.resources import Resource

LINKSET = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'


def document() -> Any:
    """The description; it depends only on the program and on `ANONYMOUS_READERS`."""
    return _document(settings.ANONYMOUS_READERS)


@cache
def _document(_open: bool) -> Any:  # noqa: FBT001 # a key of the cache
    generator: Any = SchemaGenerator
    return generator().get_schema(request=None, public=True)


class OpenApi(Resource):
    """The description as OpenAPI."""

    schema = None
    stamp = stamping.described
    permission_classes = (AllowAny,)
    renderer_classes = (OpenApiJsonRenderer,)

    @read("openapi", {})
    def get(self, _request: Request, _asked: Any) -> Response:
        return Response(document())


def docs(request: HttpRequest) -> HttpResponse:
    """The description as a page."""
    shown = {"groups": reference.groups(document()), "kinds": KINDS.values()}
    return render(request, "api/reference.html", shown)


def catalog(request: HttpRequest) -> HttpResponse:
    """The address of the API and of its descriptions."""
    root, described, told, ready = (
        request.build_absolute_uri(place)
        for place in (
            reverse("api:root"),
            reverse("api:openapi"),
            reverse("api:docs"),
            reverse("readyz"),
        )
    )
    links = {
        "anchor": root,
        "service-desc": [{"href": described, "type": "application/vnd.oai.openapi+json"}],
        "service-doc": [{"href": told, "type": "text/html"}],
        "status": [{"href": ready, "type": "application/json"}],
    }
    own = f'<{request.build_absolute_uri(request.path)}>; rel="api-catalog"'
    answer = JsonResponse({"linkset": [links]}, content_type=LINKSET)
    answer.headers["Link"] = own
    return answer

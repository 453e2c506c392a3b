"""What the API says about itself: its resources, its problems, and what is not there."""

from typing import Any

from django.http import HttpResponsePermanentRedirect
from django.urls import resolve, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api.problem_kinds import KINDS
from tracker.api.problems import Refused

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
    "problems",
    "openapi",
)


class KindOut(serializers.Serializer[Any]):
    """A kind of problem, and what to do about it."""

    code = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()
    mend = serializers.CharField()


class KindsOut(serializers.Serializer[Any]):
    results = KindOut(many=True)


class RootOut(serializers.Serializer[Any]):
    resources = serializers.DictField(child=serializers.URLField())


class Root(APIView):
    """Where everything is."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="root", responses=RootOut)
    def get(self, request: Request) -> Response:
        """List the resources with their addresses."""
        found = {name: request.build_absolute_uri(reverse(f"api:{name}")) for name in RESOURCES}
        return Response({"resources": found})


class Problems(APIView):
    """Every kind of problem that an answer can name as its `type`."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="problems_list", responses=KindsOut)
    def get(self, _request: Request) -> Response:
        """List the kinds of problem."""
        return Response({"results": KindOut(KINDS.values(), many=True).data})


class Problem(APIView):
    """One kind of problem."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="problems_read", responses=KindOut)
    def get(self, _request: Request, code: str) -> Response:
        """Read what a kind of problem means and what to do about it."""
        if code not in KINDS:
            raise Refused("not-found", f"kinds of problem: {', '.join(KINDS)}")
        return Response(KindOut(KINDS[code]).data)


class Elsewhere(APIView):
    """Any other address under `/api/`; one that only lacks its last slash is shown the way."""

    permission_classes = (AllowAny,)
    schema = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if _known(f"{request.path_info}/"):
            query = request.META.get("QUERY_STRING", "")
            place = f"{request.path}/{'?' if query else ''}{query}"
            return HttpResponsePermanentRedirect(place, preserve_request=True)
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *_args: Any, **_kwargs: Any) -> None:
        raise Refused("not-found", f"there is nothing at {request.path}")


def _known(path: str) -> bool:
    return getattr(resolve(path).func, "cls", None) is not Elsewhere

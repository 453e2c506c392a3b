"""Lenses, codebooks and triangles."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import parameters
from tracker.api.parameters import AsOf
from tracker.api.problems import Refused
from tracker.api.serializers import codes, lenses, triads
from tracker.domain.codebooks import CODEBOOKS
from tracker.queries import lenses as queries
from tracker.queries import triads as triangles
from tracker.queries.moment import resolve


class Lenses(APIView):
    """The ways of looking that there are."""

    @extend_schema(operation_id="lenses_list", responses=lenses.LensesOut)
    def get(self, request: Request) -> Response:
        """List the lenses in their latest version."""
        parameters.read(request, parameters.Parameters)
        return Response({"results": lenses.LensOut(queries.latest(), many=True).data})


class Lens(APIView):
    """One way of looking."""

    @extend_schema(operation_id="lenses_read", parameters=[AsOf], responses=lenses.LensOut)
    def get(self, request: Request, label: str) -> Response:
        """Read a lens by its name ("standing") or one of its versions ("standing@1")."""
        asked = parameters.read(request, AsOf)
        try:
            found = queries.named(label, position=resolve(asked["as_of"]))
        except queries.NoSuchLens as problem:
            raise Refused("not-found", str(problem)) from problem
        return Response(lenses.LensOut(found).data)


class Codebooks(APIView):
    """The schemes that say what kind of act it is, each in its edition."""

    @extend_schema(
        operation_id="codebooks_list",
        responses=codes.CodebooksOut,
    )
    def get(self, request: Request) -> Response:
        """List the codebooks."""
        parameters.read(request, parameters.Parameters)
        found = [{"scheme": book.scheme, "codes": len(book.codes)} for book in CODEBOOKS.values()]
        return Response({"results": found})


class Codebook(APIView):
    """One scheme in one edition."""

    @extend_schema(
        operation_id="codebooks_read",
        responses=codes.CodesOut,
    )
    def get(self, request: Request, scheme: str) -> Response:
        """Read all codes of a codebook with their values."""
        parameters.read(request, parameters.Parameters)
        book = CODEBOOKS.get(scheme)
        if book is None:
            raise Refused("not-found", f"codebooks: {', '.join(CODEBOOKS)}")
        shown = codes.CodeOut(list(book.codes.values()), many=True).data
        return Response({"scheme": scheme, "codes": shown})


class Triad(APIView):
    """Three countries."""

    @extend_schema(
        operation_id="triads_read",
        parameters=[triads.TriadParameters],
        responses=triads.TriadOut,
    )
    def get(self, request: Request, one: str, two: str, three: str) -> Response:
        """Read whether a triangle is balanced, how strongly, and what is nearest to a flip."""
        asked = parameters.read(request, triads.TriadParameters)
        found = triangles.found(
            triangles.named(one, two, three),
            asked.get("day", timezone.now().date()),
            lens=asked["lens"],
            as_of=asked["as_of"],
        )
        return Response(triads.TriadOut(found).data)

"""Codebooks and triangles."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import parameters
from tracker.api.problems import Refused
from tracker.api.serializers import codes, triads
from tracker.domain.codebooks import CODEBOOKS
from tracker.queries import triads as triangles


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

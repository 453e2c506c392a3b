"""Codebooks: the schemes that say what kind of act it is."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import parameters
from tracker.api.problems import Refused
from tracker.api.serializers import codes
from tracker.domain.codebooks import CODEBOOKS


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

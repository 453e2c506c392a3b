"""Codebooks: the schemes that classify acts."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import pagination, stamping
from tracker.api.problems import Refused
from tracker.api.reading import read
from tracker.api.resources import Resource
from tracker.api.serializers import codes
from tracker.domain.codebooks import CODEBOOKS


class Codebooks(Resource):
    """The schemes that classify acts, each in its edition."""

    stamp = stamping.program

    @read("codebooks_list", codes.CodebooksPage, pagination.Short)
    def get(self, request: Request, asked: Any) -> Response:
        """List the codebooks."""
        return pagination.sliced(
            request,
            asked,
            list(CODEBOOKS.values()),
            name=lambda book: book.scheme,
            shown=lambda books: [{"scheme": one.scheme, "codes": len(one.codes)} for one in books],
        )


class Codebook(Resource):
    """One scheme in one edition."""

    stamp = stamping.program

    @read("codebooks_read", codes.CodesOut)
    def get(self, _request: Request, _asked: Any, scheme: str) -> Response:
        """Read all codes of a codebook with their values."""
        book = CODEBOOKS.get(scheme)
        if book is None:
            raise Refused(
                "not-found",
                f"unknown codebook {scheme[:40]!r}; expected one of: {', '.join(CODEBOOKS)}",
            )
        shown = codes.CodeOut(list(book.codes.values()), many=True).data
        return Response({"scheme": scheme, "codes": shown})

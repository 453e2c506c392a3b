"""All claims in one answer, line by line, however many there are."""

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from tracker.api import parameters
from tracker.api.parameters import AsOf
from tracker.exports import offers
from tracker.exports.offers import Asked
from tracker.exports.tables import Table
from tracker.queries.names import NotFound

# Lines that are sent together.
LINES = 100


class ExportParameters(AsOf):
    """What is exported."""

    collection = serializers.CharField(
        required=False, max_length=200, help_text="by its name or id; without, all claims"
    )


class Ndjson(JSONRenderer):
    """For whoever asks for application/x-ndjson; problems are still written as JSON."""

    media_type = "application/x-ndjson"
    format = "ndjson"


class ClaimLines(APIView):
    """Claims as they stand or stood, one JSON object a line, in the order of their ids."""

    renderer_classes = (Ndjson, JSONRenderer)

    @extend_schema(
        operation_id="claims_export",
        parameters=[ExportParameters],
        responses={(200, "application/x-ndjson"): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """Download claims, each as `claims/{id}/` gives it, and with the `records` that another log
        needs to take it in. `Entente-Position` is the position as of which all of them hold, also
        where none was asked for."""
        asked = parameters.read(request, ExportParameters)
        try:
            table = offers.table(
                Asked(table="claims", as_of=asked["as_of"], collection=asked.get("collection"))
            )
        except NotFound as problem:
            raise parameters.refused("collection", str(problem)) from problem
        position = table.facts.position
        return StreamingHttpResponse(
            _sent(table),
            content_type="application/x-ndjson",
            headers={
                "Content-Disposition": f'attachment; filename="claims-{position}.ndjson"',
                "Entente-Position": str(position),
            },
        )


def _sent(table: Table[Any]) -> Iterator[bytes]:
    lines: list[str] = []
    for row in table.rows:
        lines.append(table.line(row))
        if len(lines) == LINES:
            yield _joined(lines)
            lines = []
    yield _joined(lines)


def _joined(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()

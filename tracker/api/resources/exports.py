"""Downloads: whole tables, streamed, and the metadata of each."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import params, reading, throttling
from tracker.api.params import AsOf
from tracker.api.problems import Refusal
from tracker.api.reading import POSITION, Resource, read
from tracker.api.resources import pairs
from tracker.api.resources.scores import ScoresParameters, requested_series
from tracker.exports import metadata, requests, scores
from tracker.exports.formats import FORMATS, ExtraMissing
from tracker.exports.requests import TableRequest
from tracker.exports.tables import Table
from tracker.queries.records.names import NoSuchName
from tracker.queries.scores import movements

FILES = {
    (200, "text/csv"): OpenApiTypes.STR,
    (200, "application/x-ndjson"): OpenApiTypes.STR,
    (200, "application/vnd.apache.parquet"): OpenApiTypes.BINARY,
}
ABOUT = ".metadata.json"
AS_JSON = (JSONRenderer,)


class ClaimsParameters(AsOf):
    """The claims to download."""

    collection = serializers.CharField(
        required=False, max_length=200, help_text="name or id; default: all claims"
    )


_TEXT = {"type": "string"}
_NAMES = ("name", "type", "unit", "says")
_COLUMN = {
    "type": "object",
    "properties": dict.fromkeys(_NAMES, _TEXT),
    "required": ["name", "type"],
}


@extend_schema_field({"oneOf": [{"type": "array", "items": _COLUMN}, _TEXT]})
class Columns(serializers.ListSerializer[Any]):
    """A list, or a text."""


class ColumnOut(serializers.Serializer[Any]):
    class Meta:
        list_serializer_class = Columns

    name = serializers.CharField()
    type = serializers.CharField()
    unit = serializers.CharField(required=False)
    says = serializers.CharField(required=False)


class AboutOut(serializers.Serializer[Any]):
    """The metadata of a download, to read and cite it independently of this site. `url` includes
    the position, so that its response never changes. `columns` is a text if lines are nested."""

    title = serializers.CharField()
    citation = serializers.CharField()
    url = serializers.URLField()
    file = serializers.CharField()
    format = serializers.CharField()
    media_type = serializers.CharField()
    log = serializers.UUIDField()
    as_of = serializers.IntegerField()
    recorded_at = serializers.DateTimeField(allow_null=True)
    collection = serializers.CharField(allow_null=True)
    lenses = serializers.ListField(child=serializers.CharField())
    columns = ColumnOut(many=True)
    notes = serializers.ListField(child=serializers.CharField())


def _renderer(kind: str, name: str) -> type[JSONRenderer]:
    """A renderer that accepts a media type; problems are still returned as JSON."""
    return type(name.title(), (JSONRenderer,), {"media_type": kind, "format": name})


class DownloadView(Resource):
    """A table as a file."""

    cost = throttling.BUILD_COST
    renderer_classes = (
        *(_renderer(form.media_type.partition(";")[0], form.name) for form in FORMATS.values()),
        JSONRenderer,
    )

    def stream(self, table: Table[Any], form: str) -> StreamingHttpResponse:
        try:
            chunks = self.chunks(table, form)
        except ExtraMissing as problem:
            raise Refusal("not-acceptable", str(problem)) from problem
        return StreamingHttpResponse(
            chunks,
            content_type=FORMATS[form].media_type,
            headers={
                "Content-Disposition": f'attachment; filename="{_name(table, form)}"',
                POSITION: str(table.facts.position),
            },
        )

    def chunks(self, table: Table[Any], form: str) -> Iterable[bytes]:
        return FORMATS[form].chunks(table)

    def about(self, request: Request, table: Table[Any], form: str, **pinned: Any) -> Response:
        """The metadata of a table; `pinned`: further parameters that make its address permanent."""
        query = {**request.query_params.dict(), **pinned, "as_of": table.facts.position}
        place = request.build_absolute_uri(request.path.removesuffix(ABOUT))
        about = metadata.of_download(
            table,
            FORMATS[form],
            name=_name(table, form),
            address=f"{place}?{urlencode(query)}",
        )
        return Response(about, headers={POSITION: str(table.facts.position)})


def _name(table: Table[Any], form: str) -> str:
    return f"{table.name}-{table.facts.position}.{form}"


class WholeDownload(DownloadView):
    """A table that grows with the log. Only few are sent at once."""

    cost = throttling.WHOLE_COST

    def chunks(self, table: Table[Any], form: str) -> Iterable[bytes]:
        return throttling.with_slot(throttling.client_of(self.request), super().chunks(table, form))


class ClaimsDownload(WholeDownload):
    """Claims, now or as of a past moment, ordered by id."""

    def table(self, query: Mapping[str, Any]) -> Table[Any]:
        wanted = TableRequest(
            table="claims", as_of=query["as_of"], collection=query.get("collection")
        )
        try:
            return requests.table(wanted, reader=self.reader)
        except NoSuchName as problem:
            raise params.refusal("collection", str(problem)) from problem

    @read("claims_download", FILES, ClaimsParameters)
    def get(self, _request: Request, query: Any, form: str) -> StreamingHttpResponse:
        """Download claims. In NDJSON each line is a claim as `claims/{id}/` returns it, with the
        `records` that another log needs to import it and the `later` events, such as verdicts and
        its retraction. In CSV or Parquet it is a row with the names of parties and sources.
        `Entente-Position` is the position of the log that the download is as of."""
        return self.stream(self.table(query), form)


class AboutClaimsView(ClaimsDownload):
    cost = 1
    renderer_classes = AS_JSON

    @read("claims_download_about", AboutOut, ClaimsParameters)
    def get(self, request: Request, query: Any, form: str) -> Response:
        """Read the metadata of a download of claims: columns, units, position and citation."""
        return self.about(request, self.table(query), form)


class EventsDownload(WholeDownload):
    """The log, byte for byte."""

    def table(self, query: Mapping[str, Any]) -> Table[Any]:
        return requests.table(
            TableRequest(table="events", as_of=query["as_of"]), reader=self.reader
        )

    @read("log_download", FILES, AsOf)
    def get(self, _request: Request, query: Any, form: str) -> StreamingHttpResponse:
        """Download all events up to a position, with all data needed to verify them elsewhere."""
        return self.stream(self.table(query), form)


class AboutEventsView(EventsDownload):
    cost = 1
    renderer_classes = AS_JSON

    @read("log_download_about", AboutOut, AsOf)
    def get(self, request: Request, query: Any, form: str) -> Response:
        """Read the metadata of a download of the log, and how to verify it."""
        return self.about(request, self.table(query), form)


class ScoresDownload(DownloadView):
    """The scores of a pair, day by day."""

    stamp = reading.scores(dated_by="to")

    def table(self, query: Mapping[str, Any], one: str, other: str) -> Table[Any]:
        series, left_out = requested_series(one, other, query, self.reader)
        start, end = params.span(query)
        facts = requests.facts(series.position, lenses=(series.lens.label,))
        readings = series.over(start, end, every=query["every"])
        moved = movements.of_series(series, end, since=query.get("since"))
        return scores.over_days(facts, series, readings, moved=moved, without=left_out)

    @read("pairs_scores_download", FILES, ScoresParameters)
    def get(
        self, _request: Request, query: Any, one: str, other: str, form: str
    ) -> StreamingHttpResponse:
        """Download the scores of a pair, one row per day."""
        return self.stream(self.table(query, one, other), form)


class AboutScoresView(ScoresDownload):
    renderer_classes = AS_JSON

    @read("pairs_scores_download_about", AboutOut, ScoresParameters)
    def get(self, request: Request, query: Any, one: str, other: str, form: str) -> Response:
        """Read the metadata of a download of scores: columns, lens, position and citation."""
        start, end = params.span(query)
        span = {"from": start, "to": end}
        return self.about(request, self.table(query, one, other), form, **span)


class PairsDownload(DownloadView):
    """The table of pairs."""

    stamp = reading.tables

    def table(self, query: Mapping[str, Any]) -> Table[Any]:
        ranked = pairs.every_row(query, today=timezone.now().date())
        position = ranked.position if query["as_of"].is_now else query["as_of"].position
        facts = requests.facts(position, lenses=(ranked.lens.label,))
        return scores.of_pairs(facts, ranked)

    @read("pairs_download", FILES, pairs.OrderParameters)
    def get(self, _request: Request, query: Any, form: str) -> StreamingHttpResponse:
        """Download the whole table of pairs."""
        return self.stream(self.table(query), form)


class AboutPairsView(PairsDownload):
    renderer_classes = AS_JSON

    @read("pairs_download_about", AboutOut, pairs.OrderParameters)
    def get(self, request: Request, query: Any, form: str) -> Response:
        """Read the metadata of a download of the table of pairs: columns, lens and position."""
        return self.about(request, self.table(query), form)

"""Actors, sources and documents: listed, read, and described by curators."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import pagination, parameters, writing
from tracker.api.parameters import AsOf
from tracker.api.problems import Refused
from tracker.api.serializers import record_bodies as bodies
from tracker.api.serializers import records as r
from tracker.log import Recorded
from tracker.operations import actors, sources
from tracker.queries import catalogue, forecasts

CURATE = "curate"


class Curated(APIView):
    """What curators describe. A description anew is a further version, never an edit."""

    scopes: ClassVar[dict[str, str]] = {"POST": CURATE}
    noun: ClassVar[str]
    shown: ClassVar[type[r.Serializer]]

    def listing(self, request: Request) -> Response:
        asked = parameters.read(request, r.Named)
        contains, limit = asked.get("q"), asked["limit"]
        found = catalogue.listing(
            self.noun, contains=contains, after=asked.get("cursor"), limit=limit + 1
        )
        counted = (
            {"count": catalogue.count(self.noun, contains=contains)} if "count" in asked else {}
        )
        return pagination.page(
            request,
            found,
            limit=limit,
            place=lambda row: row[0],
            shown=lambda rows: self.shown([entry for _, entry in rows], many=True).data,
            **counted,
        )

    def entry(self, request: Request, record: UUID) -> Response:
        asked = parameters.read(request, AsOf)
        found = self.found(record, asked["as_of"])
        return Response(self.shown(found).data, headers={"ETag": f'"{found.version}"'})

    def found(self, record: UUID, as_of: Any = None) -> catalogue.Entry:
        found = catalogue.entry(self.noun, record, as_of=as_of)
        if found is None:
            raise Refused("not-found", f"there is no {self.noun} {record}, or not yet then")
        return found

    def describe(
        self,
        request: Request,
        record: UUID,
        sent: Mapping[str, Any],
        write: Callable[..., Recorded],
    ) -> Response:
        """Describe a record anew: the id is named by its noun in the write's parameter."""
        self.found(record)
        seen = writing.expected_version(request, sent["expected_version"])
        own = {f"{self.noun}_id": record}
        return writing.record(
            request,
            lambda **stamp: write(sent["record"], expected=seen, **own, **stamp),
            route=f"api:{self.noun}",
            key=record,
        )


class Actors(Curated):
    noun, shown = "actor", r.ActorOut

    @extend_schema(operation_id="actors_list", parameters=[r.Named], responses=r.ActorPage)
    def get(self, request: Request) -> Response:
        """List states, organisations, companies, public persons and groups, by name."""
        return self.listing(request)

    @extend_schema(
        operation_id="actors_create", request=bodies.ActorBody, responses={201: writing.Receipt}
    )
    def post(self, request: Request) -> Response:
        """Put an actor on record."""
        actor = writing.body(request, bodies.ActorBody)
        return writing.record(
            request, lambda **stamp: actors.describe_actor(actor, **stamp), route="api:actor"
        )


class Actor(Curated):
    noun, shown = "actor", r.ActorOut

    @extend_schema(operation_id="actors_read", parameters=[AsOf], responses=r.ActorOut)
    def get(self, request: Request, record: UUID) -> Response:
        """Read an actor with its names, its aliases and whom it speaks for."""
        return self.entry(request, record)


class ActorDescriptions(Curated):
    versioned = True
    noun, shown = "actor", r.ActorOut

    @extend_schema(
        operation_id="actors_describe",
        request=bodies.ActorAgainBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request, record: UUID) -> Response:
        """Describe an actor anew."""
        sent = writing.body(request, bodies.ActorAgainBody)
        return self.describe(request, record, sent, actors.describe_actor)


class Sources(Curated):
    noun, shown = "source", r.SourceOut

    @extend_schema(operation_id="sources_list", parameters=[r.Named], responses=r.SourcePage)
    def get(self, request: Request) -> Response:
        """List who publishes or witnesses, with their grades, by name."""
        return self.listing(request)

    @extend_schema(
        operation_id="sources_create", request=bodies.SourceBody, responses={201: writing.Receipt}
    )
    def post(self, request: Request) -> Response:
        """Put a source on record."""
        source = writing.body(request, bodies.SourceBody)
        return writing.record(
            request, lambda **stamp: sources.describe_source(source, **stamp), route="api:source"
        )


class Source(Curated):
    noun, shown = "source", r.SourceOut

    @extend_schema(operation_id="sources_read", parameters=[AsOf], responses=r.SourceOut)
    def get(self, request: Request, record: UUID) -> Response:
        """Read a source with its grades."""
        return self.entry(request, record)


class SourceDescriptions(Curated):
    versioned = True
    noun, shown = "source", r.SourceOut

    @extend_schema(
        operation_id="sources_describe",
        request=bodies.SourceAgainBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request, record: UUID) -> Response:
        """Describe a source anew."""
        sent = writing.body(request, bodies.SourceAgainBody)
        return self.describe(request, record, sent, sources.describe_source)


class Ratings(Curated):
    noun, shown = "source", r.SourceOut

    @extend_schema(
        operation_id="sources_rate", request=bodies.RatingBody, responses={201: writing.Receipt}
    )
    def post(self, request: Request, record: UUID) -> Response:
        """Grade a source from a day on; whatever rests on it is scored anew."""
        rating = writing.body(request, bodies.RatingBody)
        self.found(record)
        return writing.record(
            request,
            lambda **stamp: sources.rate_source(record, rating, **stamp),
            route="api:source",
            key=record,
        )


class SourceRecord(Curated):
    noun, shown = "source", r.RecordOut

    @extend_schema(operation_id="sources_record", parameters=[AsOf], responses=r.RecordOut)
    def get(self, request: Request, record: UUID) -> Response:
        """Read what became of a source's forecasts, with its Brier score from twenty on."""
        as_of = parameters.read(request, AsOf)["as_of"]
        self.found(record, as_of)
        return Response(r.RecordOut(forecasts.record(record, as_of=as_of)).data)


class Documents(Curated):
    noun, shown = "document", r.DocumentOut

    @extend_schema(operation_id="documents_list", parameters=[r.Named], responses=r.DocumentPage)
    def get(self, request: Request) -> Response:
        """List documents, by title."""
        return self.listing(request)

    @extend_schema(
        operation_id="documents_create",
        request=bodies.DocumentBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request) -> Response:
        """Put a document on record."""
        document = writing.body(request, bodies.DocumentBody)
        return writing.record(
            request,
            lambda **stamp: sources.describe_document(document, **stamp),
            route="api:document",
        )


class Document(Curated):
    noun, shown = "document", r.DocumentOut

    @extend_schema(operation_id="documents_read", parameters=[AsOf], responses=r.DocumentOut)
    def get(self, request: Request, record: UUID) -> Response:
        """Read a document."""
        return self.entry(request, record)


class DocumentDescriptions(Curated):
    versioned = True
    noun, shown = "document", r.DocumentOut

    @extend_schema(
        operation_id="documents_describe",
        request=bodies.DocumentAgainBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request, record: UUID) -> Response:
        """Describe a document anew."""
        sent = writing.body(request, bodies.DocumentAgainBody)
        return self.describe(request, record, sent, sources.describe_document)

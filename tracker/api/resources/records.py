"""Actors, sources and documents: list, read and describe them."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import pagination, writing
from tracker.api.params import AsOf
from tracker.api.problems import Refused
from tracker.api.reading import Resource, read
from tracker.api.resources import record_fields as bodies
from tracker.api.resources import record_fields as r
from tracker.domain import codec
from tracker.domain import records as domain
from tracker.domain.events import SourceRated
from tracker.domain.lenses import own_lens
from tracker.log import Recorded
from tracker.operations import actors, sources
from tracker.operations.lenses import count_collection
from tracker.queries import moment
from tracker.queries.moment import At
from tracker.queries.records import catalogue
from tracker.queries.records.catalogue import CollectionEntry, RecordFilter
from tracker.queries.scores import forecasts, lenses

CURATE = "curate"
OF_ACTORS = {"actors": ["affiliations.country", "members"]}
OF_SOURCES = {"actors": ["actor", "country"]}
OF_DOCUMENTS = {"sources": ["source"]}


class Curated(Resource):
    """A record that curators describe. A new description is a new version, never an edit."""

    scopes: ClassVar[dict[str, str]] = {"POST": CURATE}
    noun: ClassVar[str]
    shown: ClassVar[type[r.Serializer]]

    def listing(self, request: Request, asked: Mapping[str, Any]) -> Response:
        as_of, limit = asked["as_of"], asked["limit"]
        sought = RecordFilter(noun=self.noun, contains=asked.get("q"), as_of=as_of)
        counted = {"count": catalogue.count(sought)} if "count" in asked else {}
        return pagination.page(
            request,
            catalogue.listing(sought, after=asked.get("cursor"), limit=limit + 1),
            limit=limit,
            place=lambda row: row[0],
            shown=lambda rows: (
                self.shown([entry for _, entry in rows], many=True, context=self.beside(as_of)).data
            ),
            as_of=as_of.position,
            **counted,
        )

    def entry(self, record: UUID, asked: Mapping[str, Any]) -> Response:
        found = self.found(record, asked["as_of"])
        shown = self.shown(found, context=self.beside(asked["as_of"]))
        return Response(shown.data, headers={"ETag": f'"{found.version}"'})

    def beside(self, _as_of: At) -> dict[str, Any]:
        """Further context for the serializer."""
        return {}

    def found(self, record: UUID, as_of: At) -> catalogue.Entry:
        found = catalogue.entry(self.noun, record, as_of=as_of)
        if found is None:
            raise Refused(
                "not-found",
                f"there is no {self.noun} {record}, or it was not recorded yet at that moment",
            )
        return found

    def describe(
        self,
        request: Request,
        record: UUID,
        sent: Any,
        write: Callable[..., Recorded],
    ) -> Response:
        """Record a new description: `write` takes the id as `<noun>_id`."""
        self.found(record, moment.now())
        seen = writing.expected_version(request, sent.expected_version)
        # The class of the body adds the version to that of the record.
        described = codec.base(type(sent).__mro__[1], sent)
        own = {f"{self.noun}_id": record}
        return writing.record(
            request,
            lambda **stamp: write(described, expected=seen, **own, **stamp),
            route=f"api:{self.noun}",
            key=record,
        )


class Actors(Curated):
    noun, shown = "actor", r.ActorOut

    @read("actors_list", r.ActorPage, r.Named, expands=OF_ACTORS)
    def get(self, request: Request, asked: Any) -> Response:
        """List states, organisations, companies, public persons and groups, by name."""
        return self.listing(request, asked)

    @extend_schema(
        operation_id="actors_create", request=domain.Actor, responses={201: writing.Receipt}
    )
    def post(self, request: Request) -> Response:
        """Record an actor."""
        actor = writing.body(request, domain.Actor)
        return writing.record(
            request, lambda **stamp: actors.describe_actor(actor, **stamp), route="api:actor"
        )


class Actor(Curated):
    noun, shown = "actor", r.ActorOut

    @read("actors_read", r.ActorOut, AsOf, expands=OF_ACTORS)
    def get(self, _request: Request, asked: Any, record: UUID) -> Response:
        """Read an actor with its names, aliases and affiliations."""
        return self.entry(record, asked)


class ActorDescriptions(Curated):
    versioned = True
    noun, shown = "actor", r.ActorOut

    @extend_schema(
        operation_id="actors_describe",
        request=bodies.ActorAgainBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request, record: UUID) -> Response:
        """Replace the description of an actor."""
        sent = writing.body(request, bodies.ActorAgainBody)
        return self.describe(request, record, sent, actors.describe_actor)


class Sources(Curated):
    noun, shown = "source", r.SourceOut

    @read("sources_list", r.SourcePage, r.Named, expands=OF_SOURCES)
    def get(self, request: Request, asked: Any) -> Response:
        """List sources with their grades, by name."""
        return self.listing(request, asked)

    @extend_schema(
        operation_id="sources_create", request=domain.Source, responses={201: writing.Receipt}
    )
    def post(self, request: Request) -> Response:
        """Record a source."""
        source = writing.body(request, domain.Source)
        return writing.record(
            request, lambda **stamp: sources.describe_source(source, **stamp), route="api:source"
        )


class Source(Curated):
    noun, shown = "source", r.SourceOut

    @read("sources_read", r.SourceOut, AsOf, expands=OF_SOURCES)
    def get(self, _request: Request, asked: Any, record: UUID) -> Response:
        """Read a source with its grades."""
        return self.entry(record, asked)


class SourceDescriptions(Curated):
    versioned = True
    noun, shown = "source", r.SourceOut

    @extend_schema(
        operation_id="sources_describe",
        request=bodies.SourceAgainBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request, record: UUID) -> Response:
        """Replace the description of a source."""
        sent = writing.body(request, bodies.SourceAgainBody)
        return self.describe(request, record, sent, sources.describe_source)


class Ratings(Curated):
    noun, shown = "source", r.SourceOut

    @extend_schema(
        operation_id="sources_rate", request=bodies.RatingBody, responses={201: writing.Receipt}
    )
    def post(self, request: Request, record: UUID) -> Response:
        """Grade a source from a day on; everything that depends on it is rescored."""
        rating = codec.base(SourceRated, writing.body(request, bodies.RatingBody))
        self.found(record, moment.now())
        return writing.record(
            request,
            lambda **stamp: sources.rate_source(record, rating, **stamp),
            route="api:source",
            key=record,
        )


class SourceRecord(Curated):
    noun, shown = "source", r.RecordOut

    @read("sources_record", r.RecordOut, AsOf)
    def get(self, _request: Request, asked: Any, record: UUID) -> Response:
        """Read the record of a source's forecasts, with its Brier score if there are twenty."""
        self.found(record, asked["as_of"])
        found = forecasts.record(record, as_of=asked["as_of"], reader=self.reader)
        return Response(r.RecordOut(found).data)


class Documents(Curated):
    noun, shown = "document", r.DocumentOut

    @read("documents_list", r.DocumentPage, r.Named, expands=OF_DOCUMENTS)
    def get(self, request: Request, asked: Any) -> Response:
        """List documents, by title."""
        return self.listing(request, asked)

    @extend_schema(
        operation_id="documents_create",
        request=domain.Document,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request) -> Response:
        """Record a document."""
        document = writing.body(request, domain.Document)
        return writing.record(
            request,
            lambda **stamp: sources.describe_document(document, **stamp),
            route="api:document",
        )


class Document(Curated):
    noun, shown = "document", r.DocumentOut

    @read("documents_read", r.DocumentOut, AsOf, expands=OF_DOCUMENTS)
    def get(self, _request: Request, asked: Any, record: UUID) -> Response:
        """Read a document."""
        return self.entry(record, asked)


class DocumentDescriptions(Curated):
    versioned = True
    noun, shown = "document", r.DocumentOut

    @extend_schema(
        operation_id="documents_describe",
        request=bodies.DocumentAgainBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request, record: UUID) -> Response:
        """Replace the description of a document."""
        sent = writing.body(request, bodies.DocumentAgainBody)
        return self.describe(request, record, sent, sources.describe_document)


class Described(Curated):
    """Collections, each with the lenses in force that count it."""

    noun, shown = "collection", r.CollectionOut

    def beside(self, as_of: At) -> dict[str, Any]:
        return {"lenses": lenses.latest() if as_of.is_now else lenses.in_force(as_of.position)}


class Collections(Described):
    @read("collections_list", r.CollectionPage, r.Named)
    def get(self, request: Request, asked: Any) -> Response:
        """List the collections."""
        return self.listing(request, asked)

    @extend_schema(
        operation_id="collections_create",
        request=domain.Collection,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request) -> Response:
        """Record a collection."""
        collection = writing.body(request, domain.Collection)
        return writing.record(
            request,
            lambda **stamp: sources.describe_collection(collection, **stamp),
            route="api:collection",
        )


class Collection(Described):
    @read("collections_read", r.CollectionOut, AsOf)
    def get(self, _request: Request, asked: Any, record: UUID) -> Response:
        """Read a collection."""
        return self.entry(record, asked)


class CollectionDescriptions(Curated):
    versioned = True
    noun, shown = "collection", r.CollectionOut

    @extend_schema(
        operation_id="collections_describe",
        request=bodies.CollectionAgainBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request, record: UUID) -> Response:
        """Replace the description of a collection. A change of `review` moves scores."""
        sent = writing.body(request, bodies.CollectionAgainBody)
        return self.describe(request, record, sent, sources.describe_collection)


class CollectionLens(Curated):
    """A lens for a collection that no lens counts."""

    noun, shown = "collection", r.CollectionOut

    @extend_schema(
        operation_id="collections_count",
        request=bodies.CountBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request, record: UUID) -> Response:
        """Let a lens count a collection: the next version of the named lens, or by default a new
        lens named "standing-" and the name of the collection. Its pairs are scored in the
        background."""
        sent = writing.body(request, bodies.CountBody)
        found = self.found(record, moment.now())
        assert isinstance(found, CollectionEntry)  # noqa: S101 # by its noun
        own = own_lens(record, found.collection).name
        return writing.record(
            request,
            lambda **stamp: count_collection(record, lens=sent.lens, **stamp),
            route="api:lens",
            key=sent.lens or own,
        )

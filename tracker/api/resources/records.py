"""Actors, sources, documents and collections: list, read and describe them."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import pagination, writing
from tracker.api.params import AsOf
from tracker.api.problems import Refusal
from tracker.api.reading import Resource, read
from tracker.api.resources import record_fields as r
from tracker.api.writing import write
from tracker.domain import codec, records
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
OF_ACTORS = {
    "actors": ["affiliations.country", "members", "memberships.country"],
    "documents": ["memberships.document"],
}
OF_SOURCES = {"actors": ["actor", "country"]}
OF_DOCUMENTS = {"sources": ["source"]}

type Handler = Callable[..., Any]


class CuratedView(Resource):
    """A record that curators describe. A new description is a new version, never an edit."""

    scopes: ClassVar[Mapping[str, str | tuple[str, ...]]] = {"POST": CURATE}
    noun: ClassVar[str]
    answer: ClassVar[type[r.Serializer]]

    def context(self, _as_of: At) -> dict[str, Any]:
        """Further context for the serializer."""
        return {}

    def found(self, record: UUID, as_of: At) -> catalogue.Entry:
        entry = catalogue.entry(self.noun, record, as_of=as_of)
        if entry is None:
            raise Refusal(
                "not-found",
                f"there is no {self.noun} {record}, or it was not recorded yet at that moment",
            )
        return entry


def _listing(operation_id: str, page: type[r.Serializer], doc: str, **options: Any) -> Handler:
    """The handler that lists the records of a view's noun."""

    def get(view: CuratedView, request: Request, query: Any) -> Response:
        as_of, limit = query["as_of"], query["limit"]
        sought = RecordFilter(noun=view.noun, contains=query.get("q"), as_of=as_of)

        def show(rows: Any) -> Any:
            entries = [entry for _, entry in rows]
            return view.answer(entries, many=True, context=view.context(as_of)).data

        return pagination.page(
            request,
            query,
            catalogue.listing(sought, after=query.get("cursor"), limit=limit + 1),
            place=lambda row: row[0],
            show=show,
            count=lambda: catalogue.count(sought),
            as_of=as_of.position,
        )

    get.__doc__ = doc
    return read(operation_id, page, r.RecordsParameters, **options)(get)


def _entry(operation_id: str, answer: type[r.Serializer], doc: str, **options: Any) -> Handler:
    """The handler that reads a record."""

    def get(view: CuratedView, _request: Request, query: Any, record: UUID) -> Response:
        entry = view.found(record, query["as_of"])
        shown = view.answer(entry, context=view.context(query["as_of"]))
        return Response(shown.data, headers={"ETag": f'"{entry.version}"'})

    get.__doc__ = doc
    return read(operation_id, answer, AsOf, **options)(get)


def _creation(
    operation_id: str, shape: type[Any], describe: Callable[..., Recorded], doc: str
) -> Handler:
    """The handler that records something new."""

    def post(view: CuratedView, request: Request, body: Any) -> Response:
        return writing.record(request, lambda **stamp: describe(body, **stamp), route=view.noun)

    post.__doc__ = doc
    return write(operation_id, shape)(post)


def _description(
    operation_id: str, shape: type[Any], describe: Callable[..., Recorded], doc: str
) -> Handler:
    """The handler that replaces a description. `describe` takes the id as `<noun>_id`."""

    def post(view: CuratedView, request: Request, body: Any, record: UUID) -> Response:
        view.found(record, moment.now())
        expected = writing.expected_version(request, body.expected_version)
        # The class of the body adds the version to that of the record.
        described = codec.base(shape.__mro__[1], body)
        id_ = {f"{view.noun}_id": record}
        return writing.record(
            request,
            lambda **stamp: describe(described, expected=expected, **id_, **stamp),
            route=view.noun,
            key=record,
        )

    post.__doc__ = doc
    return write(operation_id, shape)(post)


class OfActorsView(CuratedView):
    noun, answer = "actor", r.ActorOut


class ActorsView(OfActorsView):
    get = _listing(
        "actors_list",
        r.ActorPage,
        "List states, organisations, companies, public persons and groups, by name.",
        expands=OF_ACTORS,
    )
    post = _creation("actors_create", records.Actor, actors.describe_actor, "Record an actor.")


class ActorView(OfActorsView):
    get = _entry(
        "actors_read",
        r.ActorOut,
        "Read an actor with its names, aliases, affiliations and memberships.",
        expands=OF_ACTORS,
    )


class ActorDescriptionsView(OfActorsView):
    versioned = True
    post = _description(
        "actors_describe",
        r.ActorAgainBody,
        actors.describe_actor,
        "Replace the description of an actor.",
    )


class OfSourcesView(CuratedView):
    noun, answer = "source", r.SourceOut


# Who enters claims brings the articles that they cite. A new source has no grade.
BRINGS = {"POST": (CURATE, "write:claims")}


class SourcesView(OfSourcesView):
    scopes = BRINGS
    get = _listing(
        "sources_list",
        r.SourcePage,
        "List sources with their grades, by name.",
        expands=OF_SOURCES,
    )
    post = _creation("sources_create", records.Source, sources.describe_source, "Record a source.")


class SourceView(OfSourcesView):
    get = _entry("sources_read", r.SourceOut, "Read a source with its grades.", expands=OF_SOURCES)


class SourceDescriptionsView(OfSourcesView):
    versioned = True
    post = _description(
        "sources_describe",
        r.SourceAgainBody,
        sources.describe_source,
        "Replace the description of a source.",
    )


class RatingsView(OfSourcesView):
    @write("sources_rate", r.RatingBody)
    def post(self, request: Request, body: r.RatingBody, record: UUID) -> Response:
        """Grade a source from a day on; everything that depends on it is rescored."""
        rating = codec.base(SourceRated, body)
        self.found(record, moment.now())
        return writing.record(
            request,
            lambda **stamp: sources.rate_source(record, rating, **stamp),
            route="source",
            key=record,
        )


class SourceRecordView(OfSourcesView):
    @read("sources_record", r.RecordOut, AsOf)
    def get(self, _request: Request, query: Any, record: UUID) -> Response:
        """Read the record of a source's forecasts, with its Brier score if there are twenty."""
        self.found(record, query["as_of"])
        record_of_forecasts = forecasts.record(record, as_of=query["as_of"], reader=self.reader)
        return Response(r.RecordOut(record_of_forecasts).data)


class OfDocumentsView(CuratedView):
    noun, answer = "document", r.DocumentOut


class DocumentsView(OfDocumentsView):
    scopes = BRINGS
    get = _listing(
        "documents_list", r.DocumentPage, "List documents, by title.", expands=OF_DOCUMENTS
    )
    post = _creation(
        "documents_create", records.Document, sources.describe_document, "Record a document."
    )


class DocumentView(OfDocumentsView):
    get = _entry("documents_read", r.DocumentOut, "Read a document.", expands=OF_DOCUMENTS)


class DocumentDescriptionsView(OfDocumentsView):
    versioned = True
    post = _description(
        "documents_describe",
        r.DocumentAgainBody,
        sources.describe_document,
        "Replace the description of a document.",
    )


class OfCollectionsView(CuratedView):
    """Collections, each with the lenses in force that count it."""

    noun, answer = "collection", r.CollectionOut

    def context(self, as_of: At) -> dict[str, Any]:
        return {"lenses": lenses.latest() if as_of.is_now else lenses.in_force(as_of.position)}


class CollectionsView(OfCollectionsView):
    get = _listing("collections_list", r.CollectionPage, "List the collections.")
    post = _creation(
        "collections_create",
        records.Collection,
        sources.describe_collection,
        "Record a collection.",
    )


class CollectionView(OfCollectionsView):
    get = _entry("collections_read", r.CollectionOut, "Read a collection.")


class CollectionDescriptionsView(OfCollectionsView):
    versioned = True
    post = _description(
        "collections_describe",
        r.CollectionAgainBody,
        sources.describe_collection,
        "Replace the description of a collection. A change of `review` moves scores.",
    )


class CollectionLensView(OfCollectionsView):
    """A lens for a collection that no lens counts."""

    @write("collections_count", r.CountBody)
    def post(self, request: Request, body: r.CountBody, record: UUID) -> Response:
        """Let a lens count a collection: the next version of the named lens, or by default a new
        lens named "standing-", or for a machine-coded one "machine-", and the name of the
        collection. Its pairs are scored in the background."""
        entry = self.found(record, moment.now())
        assert isinstance(entry, CollectionEntry)  # noqa: S101 # by its noun
        own = own_lens(record, entry.collection).name
        return writing.record(
            request,
            lambda **stamp: count_collection(record, lens=body.lens, **stamp),
            route="lens",
            key=body.lens or own,
        )

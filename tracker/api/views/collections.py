"""Collections of claims: how they are coded, and whether they need review."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import writing
from tracker.api.parameters import AsOf
from tracker.api.reading import read
from tracker.api.serializers import record_bodies as bodies
from tracker.api.serializers import records as r
from tracker.api.views.records import Curated
from tracker.domain.lenses import own_lens
from tracker.operations import sources
from tracker.operations.lenses import count_collection
from tracker.queries.moment import resolve
from tracker.queries.records.catalogue import CollectionEntry
from tracker.queries.scores import lenses


class Described(Curated):
    """Collections, each with the lenses in force that count it."""

    noun, shown = "collection", r.CollectionOut

    def beside(self, as_of: Any) -> dict[str, Any]:
        return {"lenses": lenses.latest() if as_of is None else lenses.in_force(resolve(as_of))}


class Collections(Described):
    @read("collections_list", r.CollectionPage, r.Named)
    def get(self, request: Request, asked: Any) -> Response:
        """List the collections."""
        return self.listing(request, asked)

    @extend_schema(
        operation_id="collections_create",
        request=bodies.CollectionBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request) -> Response:
        """Record a collection."""
        collection = writing.body(request, bodies.CollectionBody)
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
        found = self.found(record)
        assert isinstance(found, CollectionEntry)  # noqa: S101 # by its noun
        own = own_lens(record, found.collection).name
        return writing.record(
            request,
            lambda **stamp: count_collection(record, lens=sent.get("lens") or None, **stamp),
            route="api:lens",
            key=sent.get("lens") or own,
        )

"""Collections: where claims are kept, by what rule, and whether they need review."""

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
from tracker.operations import sources


class Collections(Curated):
    noun, shown = "collection", r.CollectionOut

    @read("collections_list", r.CollectionPage, r.Named)
    def get(self, request: Request, asked: Any) -> Response:
        """List where claims are kept, and by what rule."""
        return self.listing(request, asked)

    @extend_schema(
        operation_id="collections_create",
        request=bodies.CollectionBody,
        responses={201: writing.Receipt},
    )
    def post(self, request: Request) -> Response:
        """Put a collection on record."""
        collection = writing.body(request, bodies.CollectionBody)
        return writing.record(
            request,
            lambda **stamp: sources.describe_collection(collection, **stamp),
            route="api:collection",
        )


class Collection(Curated):
    noun, shown = "collection", r.CollectionOut

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
        """Describe a collection anew; whether its claims need review moves its scores."""
        sent = writing.body(request, bodies.CollectionAgainBody)
        return self.describe(request, record, sent, sources.describe_collection)

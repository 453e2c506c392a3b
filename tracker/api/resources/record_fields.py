"""Bodies and responses with actors, sources, documents and collections."""

from dataclasses import dataclass
from typing import Annotated, Any, get_args
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.api.answers import of, with_fields_of
from tracker.api.bodies import Version
from tracker.api.pagination import CursorField, Page, PageById
from tracker.api.params import AsOfField
from tracker.domain import events as e
from tracker.domain import records as p
from tracker.domain.fields import SLUG
from tracker.domain.forecasts import Record
from tracker.queries.records.catalogue import CollectionEntry, NamedMembership
from tracker.queries.scores import uncounted

# The grades, for all fields that have one (named in the settings).
RELIABILITIES = get_args(p.Reliability)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingBody(e.SourceRated):
    """The grade of a source, from a day on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountBody:
    """The lens that should count a collection."""

    lens: Annotated[str, SLUG] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorAgainBody(p.Actor):
    """The whole new description: omitted fields are removed."""

    expected_version: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAgainBody(p.Source):
    """The whole new description: omitted fields are removed."""

    expected_version: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAgainBody(p.Document):
    """The whole new description: omitted fields are removed."""

    expected_version: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionAgainBody(p.Collection):
    """The whole new description: omitted fields are removed."""

    expected_version: Version | None = None


Serializer = serializers.Serializer[Any]


class RecordsParameters(PageById):
    """A page of the list, by name."""

    cursor = CursorField(str, UUID)
    as_of = AsOfField(required=False, default=None)
    q = serializers.CharField(
        required=False,
        max_length=100,
        help_text="text contained in a name, alias, title or address",
    )


class LabelOut(Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    code = serializers.CharField(allow_null=True)


@with_fields_of(p.Affiliation, "affiliation")
class AffiliationOut(Serializer):
    name = serializers.CharField(source="country.name")
    code = serializers.CharField(source="country.code", allow_null=True)


@with_fields_of(p.Membership, "membership")
class MembershipOut(Serializer):
    name = serializers.CharField(source="country.name")
    code = serializers.CharField(source="country.code", allow_null=True)
    title = serializers.SerializerMethodField(help_text="of the document; empty if there is none")

    @extend_schema_field(serializers.CharField())
    def get_title(self, named: NamedMembership) -> str:
        return named.document.name if named.document else ""


@with_fields_of(p.Actor, "actor")
class ActorOut(Serializer):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    name = serializers.CharField(source="actor.name")
    affiliations = AffiliationOut(source="voices", many=True)
    memberships = MembershipOut(source="belonging", many=True)
    listed = LabelOut(source="members", many=True, help_text="the members with their names")


@with_fields_of(p.Source, "source")
class SourceOut(Serializer):
    """`ratings` are in the order in which they were given."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    country_code = serializers.CharField(source="country.code", allow_null=True)
    ratings = of(p.Rating)(many=True)


@with_fields_of(
    Record, "record", only=("counted", "happened", "open", "void", "brier", "reference")
)
class RecordOut(Serializer):
    """The record of a source: its standing forecasts, each counted once.

    `counted` forecasts have a likelihood and are resolved. `brier` is the mean of (f − o)² over
    them, `reference` the score of always forecasting their base rate. Both require twenty
    forecasts; `missing` is the number still needed.
    """

    source = serializers.UUIDField()  # type: ignore[assignment] # a field of ours
    as_of = serializers.IntegerField(help_text="the position of the log")
    unjudged = serializers.IntegerField(
        source="record.unjudged", help_text="resolved, but the source gave no likelihood"
    )
    missing = serializers.IntegerField(source="record.missing")


@with_fields_of(p.Document, "document")
class DocumentOut(Serializer):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    source_name = serializers.CharField(source="publisher.name")
    earliest = serializers.DateField(source="bounds.earliest", allow_null=True)
    latest = serializers.DateField(source="bounds.latest", allow_null=True)


@with_fields_of(p.Collection, "collection")
class CollectionOut(Serializer):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    counted_by = serializers.SerializerMethodField(
        help_text="the lenses that count it; if empty, its claims move no score"
    )

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_counted_by(self, entry: CollectionEntry) -> list[str]:
        lenses = self.context.get("lenses")
        return list(uncounted.counted_by({entry.id: entry.collection}, lenses)[entry.id])


def _page(name: str, row: type[Serializer]) -> type[Serializer]:
    return type(name, (Page,), {"as_of": serializers.IntegerField(), "results": row(many=True)})


ActorPage = _page("ActorPage", ActorOut)
SourcePage = _page("SourcePage", SourceOut)
DocumentPage = _page("DocumentPage", DocumentOut)
CollectionPage = _page("CollectionPage", CollectionOut)

"""Request bodies about actors, sources, documents and collections; each becomes a record of the
domain."""

from typing import Any, get_args

from rest_framework import serializers

from tracker.api.serializers.fields import (
    choice,
    credibility,
    ids,
    line,
    lines,
    maybe,
    version,
    with_version,
    words,
)
from tracker.api.serializers.strict import Shaped, Strict
from tracker.domain import events as e
from tracker.domain import records
from tracker.domain import records as p
from tracker.domain.limits import MOST

# The grades, for all fields that have one (named in the settings).
RELIABILITIES = get_args(p.Reliability)


class NameBody(Shaped):
    shape = records.Name
    text = words("Name.text", required=True)
    language = line("Name.language")


class AffiliationBody(Shaped):
    shape = records.Affiliation
    country = serializers.UUIDField()
    sector = choice(records.Sector)
    since = serializers.DateField(required=False, allow_null=True)
    until = serializers.DateField(required=False, allow_null=True)


class ActorBody(Shaped):
    shape = records.Actor
    kind = choice(records.ActorKind)
    names = NameBody(many=True, max_length=MOST["Actor.names"])  # type: ignore[call-arg]
    aliases = lines("Actor.aliases")
    code = line("Actor.code")
    wikidata = line("Actor.wikidata")
    affiliations = AffiliationBody(many=True, required=False, max_length=MOST["Actor.affiliations"])  # type: ignore[call-arg]
    members = ids("Actor.members")


class SourceBody(Shaped):
    shape = p.Source
    kind = choice(p.Source.__annotations__["kind"])
    name = words("Source.name")
    actor = serializers.UUIDField(required=False, allow_null=True)
    country = serializers.UUIDField(required=False, allow_null=True)
    ownership = maybe(p.Ownership)
    url = line("Source.url")


class DocumentBody(Shaped):
    shape = p.Document
    source = serializers.UUIDField()  # type: ignore[assignment]
    title = words("Document.title")
    authors = lines("Document.authors")
    date = line("Document.date")
    language = line("Document.language")
    url = line("Document.url")
    archive_url = line("Document.archive_url")
    note = words("Document.note")


class RatingBody(Shaped):
    shape = e.SourceRated
    reliability = choice(p.Reliability)
    since = serializers.DateField()
    reason = words("SourceRated.reason", required=True)


class CollectionBody(Shaped):
    shape = p.Collection
    name = line(
        "Collection.name",
        required=True,
        allow_null=False,
        help_text="used in queries, such as machine-feed",
    )
    coding = choice(p.Collection.__annotations__["coding"])
    review = serializers.BooleanField(
        help_text="whether claims must be accepted before they move scores"
    )
    description = words("Collection.description")
    default_reliability = maybe(p.Reliability)
    default_credibility = credibility()


class CountBody(Strict):
    """The lens that should count a collection."""

    lens = line("Lens.name")


class ActorAgainBody(ActorBody):
    """The whole new description: omitted fields are removed."""

    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, super().made)


class SourceAgainBody(SourceBody):
    """The whole new description: omitted fields are removed."""

    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, super().made)


class DocumentAgainBody(DocumentBody):
    """The whole new description: omitted fields are removed."""

    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, super().made)


class CollectionAgainBody(CollectionBody):
    """The whole new description: omitted fields are removed."""

    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, super().made)

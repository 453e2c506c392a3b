"""What people send about actors, sources, documents and collections; each body becomes the
domain's record."""

from typing import Any, get_args

from rest_framework import serializers

from tracker.api.serializers.fields import (
    LONGEST_EDTF,
    LONGEST_NAME,
    Many,
    choice,
    credibility,
    ids,
    item,
    line,
    maybe,
    version,
    with_version,
    words,
)
from tracker.api.serializers.strict import Shaped, Strict
from tracker.domain import events as e
from tracker.domain import parties
from tracker.domain import publications as p
from tracker.domain.limits import WORDS
from tracker.domain.validity import LONGEST, MOST_ITEMS

LONGEST_URL = 2_000
LONGEST_LENS = WORDS["Lens.name"].longest
# What a grade can be, in whichever field (named in the settings).
RELIABILITIES = get_args(p.Reliability)


class NameBody(Shaped):
    shape = parties.Name
    text = words(most=LONGEST_NAME, required=True)
    language = line(35)


class AffiliationBody(Shaped):
    shape = parties.Affiliation
    country = serializers.UUIDField()
    sector = choice(parties.Sector)
    since = serializers.DateField(required=False, allow_null=True)
    until = serializers.DateField(required=False, allow_null=True)


class ActorBody(Shaped):
    shape = parties.Actor
    kind = choice(parties.ActorKind)
    names = NameBody(many=True, max_length=MOST_ITEMS)  # type: ignore[call-arg]
    aliases = Many(child=item(LONGEST_NAME), required=False, max_length=MOST_ITEMS)
    code = line(20)
    wikidata = serializers.RegexField(r"^Q[0-9]{1,12}$", required=False, allow_null=True)
    affiliations = AffiliationBody(many=True, required=False, max_length=MOST_ITEMS)  # type: ignore[call-arg]
    members = ids()


class SourceBody(Shaped):
    shape = p.Source
    kind = choice(p.Source.__annotations__["kind"])
    name = words(most=LONGEST_NAME)
    actor = serializers.UUIDField(required=False, allow_null=True)
    country = serializers.UUIDField(required=False, allow_null=True)
    ownership = maybe(p.Ownership)
    url = line(LONGEST_URL)


class DocumentBody(Shaped):
    shape = p.Document
    source = serializers.UUIDField()  # type: ignore[assignment]
    title = words(most=500)
    authors = Many(child=item(LONGEST_NAME), required=False, max_length=MOST_ITEMS)
    date = line(LONGEST_EDTF)
    language = line(35)
    url = line(LONGEST_URL)
    archive_url = line(LONGEST_URL)
    note = words(most=LONGEST["note"])


class RatingBody(Shaped):
    shape = e.SourceRated
    reliability = choice(p.Reliability)
    since = serializers.DateField()
    reason = words(most=2_000, required=True)


class CollectionBody(Shaped):
    shape = p.Collection
    name = serializers.CharField(max_length=64, help_text="as it is asked for, as machine-feed")
    coding = choice(p.Collection.__annotations__["coding"])
    review = serializers.BooleanField(help_text="whether claims score only once accepted")
    description = words(most=2_000)
    default_reliability = maybe(p.Reliability)
    default_credibility = credibility()


class CountBody(Strict):
    """Which lens is to count a collection."""

    lens = line(LONGEST_LENS)


class ActorAgainBody(ActorBody):
    """The whole new description: what is left out is no longer said."""

    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, super().made)


class SourceAgainBody(SourceBody):
    """The whole new description: what is left out is no longer said."""

    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, super().made)


class DocumentAgainBody(DocumentBody):
    """The whole new description: what is left out is no longer said."""

    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, super().made)


class CollectionAgainBody(CollectionBody):
    """The whole new description: what is left out is no longer said."""

    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, super().made)

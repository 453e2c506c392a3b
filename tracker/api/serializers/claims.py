"""Responses with claims: the fields as they were sent, and the names of what they refer to."""

from typing import Any, get_args

from rest_framework import serializers

from tracker.api.pagination import Paged
from tracker.api.parameters import AsOfField
from tracker.api.serializers.codes import CodeOut
from tracker.api.serializers.events import EventStamp
from tracker.api.serializers.fields import DecimalText
from tracker.domain import claims as c

Serializer = serializers.Serializer[Any]


class ClaimFilters(Paged):
    """The filters of the list."""

    as_of = AsOfField(required=False, default=None)
    collection = serializers.UUIDField(required=False)
    kind = serializers.ChoiceField(choices=list(get_args(c.Kind)), required=False)
    code = serializers.CharField(required=False, max_length=100)
    status = serializers.ChoiceField(choices=["standing", "retracted"], required=False)
    actor = serializers.UUIDField(required=False)
    document = serializers.UUIDField(required=False)
    pair = serializers.RegexField(
        r"^[A-Za-z]{3}-[A-Za-z]{3}$", required=False, help_text="two countries, such as KAZ-RUS"
    )


class PartyOut(Serializer):
    actor = serializers.UUIDField(source="party.actor")
    role = serializers.CharField(source="party.role")
    responsibility = serializers.CharField(source="party.responsibility", allow_null=True)
    name = serializers.CharField(source="actor.actor.name")
    code = serializers.CharField(source="actor.actor.code", allow_null=True)
    kind = serializers.CharField(source="actor.actor.kind")


class OccurredOut(Serializer):
    edtf = serializers.CharField(source="occurred.edtf")
    phrase = serializers.CharField(source="occurred.phrase")
    basis = serializers.CharField(source="occurred.basis")
    earliest = serializers.DateField(source="bounds.earliest", allow_null=True)
    latest = serializers.DateField(source="bounds.latest", allow_null=True)
    says = serializers.CharField()


class StrengthOut(Serializer):
    grade = serializers.CharField()
    reason = serializers.CharField()


class MagnitudeOut(Serializer):
    value = DecimalText()
    unit = serializers.CharField()
    change = serializers.BooleanField()
    baseline = serializers.CharField(allow_null=True)


class WitnessOut(Serializer):
    """A source in a chain, with its grade on the date of the document."""

    source = serializers.UUIDField(source="source.id")  # type: ignore[assignment]
    name = serializers.CharField()
    grade = serializers.CharField(allow_null=True)
    ownership = serializers.CharField(source="source.source.ownership", allow_null=True)


class CitationOut(Serializer):
    document = serializers.UUIDField(source="citation.document")
    chain = serializers.ListField(child=serializers.UUIDField(), source="citation.chain")
    stance = serializers.CharField(source="citation.stance")
    interest = serializers.CharField(source="citation.interest")
    credibility = serializers.IntegerField(source="citation.credibility", allow_null=True)
    language = serializers.CharField(source="citation.language", allow_null=True)
    locator = serializers.CharField(source="citation.locator", allow_null=True)
    quote = serializers.CharField(source="citation.quote")
    translation = serializers.CharField(source="citation.translation")
    note = serializers.CharField(source="citation.note")
    document_title = serializers.CharField(source="document.document.title")
    document_date = serializers.CharField(source="document.document.date", allow_null=True)
    document_url = serializers.CharField(source="document.document.url", allow_null=True)
    provenance = WitnessOut(many=True, help_text="from the publisher of the document to the root")


class VerdictOut(Serializer):
    verdict = serializers.CharField(source="verdict.verdict")
    source = serializers.UUIDField(source="verdict.source", allow_null=True)  # type: ignore[assignment]
    document = serializers.UUIDField(source="verdict.document", allow_null=True)
    parties = serializers.ListField(child=serializers.UUIDField(), source="verdict.parties")
    reason = serializers.CharField(source="verdict.reason")
    judge = serializers.CharField()


class LinkOut(Serializer):
    """A link between two claims; `title` is that of the other."""

    id = serializers.UUIDField(source="link.id")
    type = serializers.CharField(source="link.type")
    from_claim = serializers.UUIDField(source="link.from_")
    to_claim = serializers.UUIDField(source="link.to")
    title = serializers.CharField()


class ResolutionOut(Serializer):
    """How a forecast turned out. `brier` is (f − o)²: 0 is perfect, 1 is certain and wrong."""

    outcome = serializers.CharField(source="resolution.outcome")
    resolved_on = serializers.DateField(source="resolution.resolved_on")
    document = serializers.UUIDField(source="resolution.document", allow_null=True)
    reason = serializers.CharField(source="resolution.reason")
    brier = serializers.FloatField(
        allow_null=True, help_text="null if it is void or the source gave no likelihood"
    )


class ClaimOut(Serializer):
    """`title` is the sentence as it must be printed, with speaker and verdict if required."""

    id = serializers.UUIDField(source="filed.state.id")
    version = serializers.IntegerField(source="filed.version")
    status = serializers.CharField(source="filed.state.status")
    review = serializers.CharField(source="filed.state.review", allow_null=True)
    title = serializers.CharField(source="filed.title")
    masked = serializers.BooleanField(
        source="filed.masked",
        help_text="the claim accuses a person or company and is withheld from the public; without a"
        " token its content is omitted",
    )
    asserted = EventStamp(source="filed.first")
    changed = EventStamp(source="filed.last")
    collection = serializers.UUIDField(source="claim.collection")
    collection_name = serializers.CharField(source="collection.collection.name")
    key = serializers.CharField(source="claim.key", allow_null=True)
    kind = serializers.CharField(source="claim.kind")
    summary = serializers.CharField(source="claim.summary")
    parties = PartyOut(many=True)
    code = serializers.CharField(source="claim.code", allow_null=True)
    coded = CodeOut(allow_null=True)
    contexts = serializers.ListField(child=serializers.CharField(), source="claim.contexts")
    polarity = serializers.CharField(source="claim.polarity")
    modality = serializers.CharField(source="claim.modality")
    condition = serializers.CharField(source="claim.condition")
    occurred = OccurredOut(source="dated", allow_null=True)
    strength = StrengthOut(source="claim.strength", allow_null=True)
    likelihood = serializers.CharField(source="claim.likelihood", allow_null=True)
    hedge = serializers.CharField(source="claim.hedge")
    magnitude = MagnitudeOut(source="claim.magnitude", allow_null=True)
    citations = CitationOut(many=True)
    resolves_by = serializers.CharField(source="claim.resolves_by", allow_null=True)
    criterion = serializers.CharField(source="claim.criterion")
    tags = serializers.ListField(child=serializers.CharField(), source="claim.tags")
    note = serializers.CharField(source="claim.note")
    links = LinkOut(many=True)
    verdicts = VerdictOut(many=True)
    resolution = ResolutionOut(source="resolved", allow_null=True)


class ClaimPage(Serializer):
    as_of = serializers.IntegerField()
    results = ClaimOut(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)

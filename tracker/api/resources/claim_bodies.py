"""Request bodies about claims; each becomes a record or an event of the domain."""

from typing import Any, get_args

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from tracker.api.bodies import (
    MOST,
    DecimalText,
    Shaped,
    Strict,
    choice,
    credibility,
    ids,
    item,
    line,
    lines,
    maybe,
    version,
    with_version,
    words,
)
from tracker.api.problems import DetailedCode
from tracker.domain import claims as c
from tracker.domain import events as e
from tracker.domain import records
from tracker.domain.attribution import Entered, SaidBy
from tracker.domain.dates import phrases
from tracker.domain.dates.edtf import BadDate


class PartyBody(Shaped):
    shape = records.Party
    actor = serializers.UUIDField()
    role = choice(records.Role)
    responsibility = maybe(records.Responsibility)


class OccurredBody(Shaped):
    """When it happened. A phrase without `edtf` is refused; the error has its EDTF and bounds."""

    shape = c.Occurred
    edtf = item("Occurred.edtf")
    phrase = words("Occurred.phrase")
    basis = choice(c.Basis, required=False)

    def to_internal_value(self, data: Any) -> Any:
        try:
            return super().to_internal_value(data)
        except ValidationError as problem:
            phrase = data.get("phrase") if isinstance(data, dict) else None
            if "edtf" not in problem.detail or not isinstance(phrase, str) or data.get("edtf"):
                raise
            raise _proposal(phrase, problem) from problem


def _proposal(phrase: str, problem: ValidationError) -> ValidationError:
    """The problem, with the meaning of the phrase where an EDTF is missing."""
    try:
        reading = phrases.from_phrase(phrase)
    except BadDate as why:
        wanted = ErrorDetail(str(why), code="bad_date")
    else:
        wanted = _proposed(phrase, reading)
    return ValidationError({**problem.detail, "edtf": [wanted]})  # type: ignore[dict-item]


def _proposed(phrase: str, reading: phrases.Reading) -> ErrorDetail:
    """The error with the meaning of a phrase, also for programs."""
    first, last = reading.bounds.earliest, reading.bounds.latest
    proposal = {
        "edtf": reading.edtf,
        "earliest": first.isoformat() if first else None,
        "latest": last.isoformat() if last else None,
        "says": reading.says,
    }
    says = f"{phrase!r} means {reading.edtf!r}, {reading.says}: send this as edtf"
    if not reading.edtf:
        says = f"{phrase!r} means that the date is unknown: omit `occurred`"
    return ErrorDetail(says, code=DetailedCode("edtf_wanted", reading=proposal))


class StrengthBody(Shaped):
    shape = c.Strength
    grade = choice(c.Grade)
    reason = words("Strength.reason")


class MagnitudeBody(Shaped):
    shape = c.Magnitude
    value = DecimalText()
    unit = item("Magnitude.unit")
    change = serializers.BooleanField(required=False)
    baseline = line("Magnitude.baseline")


class CitationBody(Shaped):
    shape = c.Citation
    document = serializers.UUIDField()
    chain = ids(
        "Citation.chain",
        help_text="the sources behind the publisher of the document, the root last",
    )
    stance = choice(c.Stance, required=False)
    interest = choice(c.Interest, required=False)
    credibility = credibility()
    language = line("Citation.language")
    locator = line("Citation.locator")
    quote = words("Citation.quote")
    translation = words("Citation.translation")
    note = words("Citation.note")


class ClaimBody(Shaped):
    shape = c.Claim
    collection = serializers.UUIDField()
    kind = choice(c.Kind)
    summary = words("Claim.summary", required=True)
    parties = PartyBody(many=True, max_length=MOST["Claim.parties"])  # type: ignore[call-arg]
    citations = CitationBody(many=True, max_length=MOST["Claim.citations"])  # type: ignore[call-arg]
    key = line("Claim.key")
    code = line("Claim.code")
    contexts = lines("Claim.contexts")
    polarity = choice(c.Polarity, required=False)
    modality = choice(c.Modality, required=False)
    condition = words("Claim.condition")
    occurred = OccurredBody(required=False, allow_null=True)
    strength = StrengthBody(required=False, allow_null=True)
    likelihood = maybe(c.Likelihood)
    hedge = words("Claim.hedge")
    magnitude = MagnitudeBody(required=False, allow_null=True)
    resolves_by = line("Claim.resolves_by")
    criterion = words("Claim.criterion")
    tags = lines("Claim.tags")
    note = words("Claim.note")


class SaidByBody(Shaped):
    """The party that makes the claim. The statement is recorded as a second claim, linked to the
    first: an accusation if it says that others acted in a hostile way, otherwise without a code.
    The word of the party alone does not make the claim count."""

    shape = SaidBy
    actor = serializers.UUIDField()
    code = line("Claim.code", help_text="of the statement; default: see above")
    summary = words("Claim.summary")
    occurred = OccurredBody(
        required=False,
        allow_null=True,
        help_text="when it was said; default: between the event and the document",
    )


class NewClaimBody(ClaimBody):
    """With `said_by` the claim is attributed to a party, and the statement is recorded too."""

    said_by = SaidByBody(required=False, allow_null=True)

    def made(self, values: dict[str, Any]) -> Any:
        said_by = values.pop("said_by", None)
        return Entered(claim=super().made(values), said_by=said_by)


class CorrectionBody(Strict):
    """The whole new claim: omitted fields are removed."""

    claim = ClaimBody()
    reason = words("ClaimCorrected.reason", required=True)
    expected_version = version()


class ReasonBody(Strict):
    reason = words("ClaimRetracted.reason", required=True)
    expected_version = version()


class VerdictBody(Shaped):
    shape = e.VerdictGiven
    verdict = choice(e.Verdict)
    source = serializers.UUIDField(  # type: ignore[assignment] # a field of ours
        required=False, allow_null=True, help_text="who judged; default: the desk"
    )
    document = serializers.UUIDField(required=False, allow_null=True)
    parties = ids("VerdictGiven.parties", help_text="only for these; default: the whole claim")
    reason = words("VerdictGiven.reason", required=True)
    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, super().made)


class AddedCitationBody(CitationBody):
    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, super().made)


class DenialBody(AddedCitationBody):
    """A denial of a claim, in a document. The chain of the citation ends at the denier."""

    denied_by = serializers.UUIDField(help_text="the actor that denies it")
    interest = maybe(c.Interest)
    stance = None  # type: ignore[assignment] # always a denial

    def made(self, values: dict[str, Any]) -> Any:
        return {
            "denied_by": values.pop("denied_by"),
            "interest": values.pop("interest", None),
            **super().made(values),
        }


class LinkBody(Strict):
    """A link from the claim in the address to another."""

    type = choice(e.LinkType)
    to = serializers.UUIDField()
    note = words("ClaimsLinked.note")


# The choices of `outcome` (named in the settings).
REVIEWS = get_args(e.ClaimReviewed.__annotations__["outcome"])
RESOLUTIONS = get_args(e.ForecastResolved.__annotations__["outcome"])


class ReviewBody(Shaped):
    shape = e.ClaimReviewed
    outcome = serializers.ChoiceField(choices=list(REVIEWS))
    note = words("ClaimReviewed.note")
    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, super().made)


class ResolutionBody(Shaped):
    shape = e.ForecastResolved
    outcome = serializers.ChoiceField(choices=list(RESOLUTIONS))
    resolved_on = serializers.DateField(help_text="the day on which the outcome was decided")
    document = serializers.UUIDField(
        required=False, allow_null=True, help_text="the document that shows the outcome"
    )
    reason = words("ForecastResolved.reason", required=True)
    expected_version = version()

    def made(self, values: dict[str, Any]) -> Any:
        return with_version(values, super().made)


class RemovalBody(Strict):
    reason = words("ClaimsUnlinked.reason", required=True)


class WithholdingBody(Strict):
    """`reason` and `authority` are printed in place of the words and must not repeat them."""

    reason = words("TextWithheld.reason", required=True)
    authority = words("TextWithheld.authority", required=True)
    number = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**62,
        help_text="the number of the claim that the event belongs to, as shown on its page at the"
        " desk: the position of its first event. Required for an event of a claim; with a"
        " different number nothing is deleted",
    )
    all = serializers.BooleanField(
        default=False,
        help_text="delete all words of the claim and the notes of its links, not only those of this"
        " event; no effect for other records",
    )

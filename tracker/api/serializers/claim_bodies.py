"""What people send about claims; each body becomes the record or event of the domain."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from tracker.api.serializers.strict import Many, Shaped, Strict, words
from tracker.domain import claims as c
from tracker.domain import events as e
from tracker.domain import parties, phrases
from tracker.domain.dates import BadDate
from tracker.domain.validity import LONGEST, MOST_ITEMS

LONGEST_EDTF = 255
LONGEST_NAME = 200


def _choice(literal: Any, **options: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=list(get_args(literal)), **options)


def _maybe(literal: Any) -> serializers.ChoiceField:
    return _choice(literal, required=False, allow_null=True)


def _line(most: int = LONGEST_NAME, **options: Any) -> serializers.CharField:
    return serializers.CharField(
        **{"required": False, "allow_null": True, "max_length": most, **options}
    )


def _ids(**options: Any) -> Many:
    return Many(child=serializers.UUIDField(), required=False, max_length=MOST_ITEMS, **options)


@extend_schema_field({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"})
class DecimalText(serializers.Field[Any, Any, Any, Any]):
    """A decimal number in quotes, so that no digit is lost."""

    def to_internal_value(self, data: Any) -> Decimal:
        try:
            number = Decimal(data) if isinstance(data, str) and len(data) <= 60 else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or abs(number.adjusted()) > 30:
            raise ValidationError(
                'must be a decimal number in quotes, as "-4.0", of at most 30 digits',
                code="invalid",
            )
        return number

    def to_representation(self, value: Decimal) -> str:
        return format(value, "f")


class PartyBody(Shaped):
    shape = parties.Party
    actor = serializers.UUIDField()
    role = _choice(parties.Role)
    responsibility = _maybe(parties.Responsibility)


class OccurredBody(Shaped):
    """When it happened. A phrase alone is answered with its EDTF and bounds, and nothing saved."""

    shape = c.Occurred
    edtf = serializers.CharField(max_length=LONGEST_EDTF)
    phrase = words(most=500)
    basis = _choice(c.Basis, required=False)

    def to_internal_value(self, data: Any) -> Any:
        try:
            return super().to_internal_value(data)
        except ValidationError as problem:
            phrase = data.get("phrase") if isinstance(data, dict) else None
            if "edtf" not in problem.detail or not isinstance(phrase, str) or data.get("edtf"):
                raise
            raise _proposal(phrase, problem) from problem


def _proposal(phrase: str, problem: ValidationError) -> ValidationError:
    """The problem, with what the phrase says where an EDTF is wanted."""
    try:
        reading = phrases.from_phrase(phrase)
    except BadDate as why:
        wanted = ErrorDetail(str(why), code="bad_date")
    else:
        wanted = Proposed(phrase, reading)
    return ValidationError({**problem.detail, "edtf": [wanted]})  # type: ignore[dict-item]


class Proposed(ErrorDetail):
    """Says how a phrase reads; `more` has it for programs."""

    more: dict[str, Any]

    def __new__(cls, phrase: str, reading: phrases.Reading) -> "Proposed":
        self = super().__new__(
            cls,
            f"{phrase!r} reads as {reading.edtf!r}, {reading.says}: send it as edtf"
            if reading.edtf
            else f"{phrase!r} says that the date is unknown: leave `occurred` out",
            "edtf_wanted",
        )
        first, last = reading.bounds.earliest, reading.bounds.latest
        self.more = {
            "reading": {
                "edtf": reading.edtf,
                "earliest": first.isoformat() if first else None,
                "latest": last.isoformat() if last else None,
                "says": reading.says,
            }
        }
        return self


class StrengthBody(Shaped):
    shape = c.Strength
    grade = _choice(c.Grade)
    reason = words(most=2_000)


class MagnitudeBody(Shaped):
    shape = c.Magnitude
    value = DecimalText()
    unit = serializers.CharField(max_length=100)
    change = serializers.BooleanField(required=False)
    baseline = _line(LONGEST_EDTF)


class CitationBody(Shaped):
    shape = c.Citation
    document = serializers.UUIDField()
    chain = _ids(help_text="the sources behind the document's own publisher, the origin last")
    stance = _choice(c.Stance, required=False)
    interest = _choice(c.Interest, required=False)
    credibility = serializers.IntegerField(required=False, allow_null=True)
    language = _line(35)
    locator = _line(500)
    quote = words(most=LONGEST["quote"])
    translation = words(most=LONGEST["translation"])
    note = words(most=LONGEST["note"])


class ClaimBody(Shaped):
    shape = c.Claim
    collection = serializers.UUIDField()
    kind = _choice(c.Kind)
    summary = words(most=LONGEST["summary"], required=True)
    parties = PartyBody(many=True, max_length=MOST_ITEMS)
    citations = CitationBody(many=True, max_length=MOST_ITEMS)
    key = _line()
    code = _line(100)
    contexts = Many(child=_line(100, required=True), required=False, max_length=MOST_ITEMS)
    polarity = _choice(c.Polarity, required=False)
    modality = _choice(c.Modality, required=False)
    condition = words(most=2_000)
    occurred = OccurredBody(required=False, allow_null=True)
    strength = StrengthBody(required=False, allow_null=True)
    likelihood = _maybe(c.Likelihood)
    hedge = words(most=500)
    magnitude = MagnitudeBody(required=False, allow_null=True)
    resolves_by = _line(LONGEST_EDTF)
    criterion = words(most=2_000)
    tags = Many(child=_line(100, required=True), required=False, max_length=MOST_ITEMS)
    note = words(most=LONGEST["note"])


def _version() -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        help_text="the version that you read, if If-Match does not say it",
    )


class CorrectionBody(Strict):
    """The whole new claim: what is left out is no longer said."""

    claim = ClaimBody()
    reason = words(most=2_000, required=True)
    expected_version = _version()


class ReasonBody(Strict):
    reason = words(most=2_000, required=True)
    expected_version = _version()


class VerdictBody(Shaped):
    shape = e.VerdictGiven
    verdict = _choice(e.Verdict)
    source = serializers.UUIDField(
        required=False, allow_null=True, help_text="who judged; nobody named: the desk"
    )
    document = serializers.UUIDField(required=False, allow_null=True)
    parties = _ids(help_text="only for these; none named: for the claim as a whole")
    reason = words(most=2_000, required=True)
    expected_version = _version()

    def made(self, values: dict[str, Any]) -> Any:
        return _with_version(values, super().made)


class AddedCitationBody(CitationBody):
    expected_version = _version()

    def made(self, values: dict[str, Any]) -> Any:
        return _with_version(values, super().made)


def _with_version(values: dict[str, Any], made: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    version = values.pop("expected_version", None)
    return {"expected_version": version, "record": made(values)}


class LinkBody(Strict):
    """From the claim of the address to another."""

    type = _choice(e.LinkType)
    to = serializers.UUIDField()
    note = words(most=2_000)

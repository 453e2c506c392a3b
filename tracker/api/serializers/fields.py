"""The fields of request bodies, each with its limits."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from tracker.domain import sizes
from tracker.domain.limits import MOST, WORDS
from tracker.domain.scalars import MOST_DIGITS


class Many(serializers.ListField):
    """A list whose length is checked before its items, so that a huge list costs nothing."""

    def to_internal_value(self, data: Any) -> list[Any]:
        if self.max_length is not None and isinstance(data, list) and len(data) > self.max_length:
            raise ValidationError(f"must have at most {self.max_length} entries", code="max_length")
        return super().to_internal_value(data)


def choice(literal: Any, **options: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=list(get_args(literal)), **options)


def maybe(literal: Any) -> serializers.ChoiceField:
    return choice(literal, required=False, allow_null=True)


def line(name: str, **options: Any) -> serializers.CharField:
    """A line of text for a field of the domain, such as "Claim.key", with its limits."""
    return _bounded(name, **{"required": False, "allow_null": True, **options})


def item(name: str) -> serializers.CharField:
    """A line in a list; null is not allowed."""
    return line(name, required=True, allow_null=False)


def lines(name: str) -> Many:
    """A list of lines for a field of the domain."""
    return Many(child=item(name), required=False, max_length=MOST[name])


def ids(name: str, **options: Any) -> Many:
    """A list of ids for a field of the domain."""
    return Many(child=serializers.UUIDField(), required=False, max_length=MOST[name], **options)


def words(name: str, *, required: bool = False) -> serializers.CharField:
    """Text for a field of the domain, kept as sent; U+0000 and half surrogate pairs are refused."""
    return _bounded(
        name,
        required=required,
        allow_null=not required,
        allow_blank=not required,
        trim_whitespace=False,
    )


def _bounded(name: str, **options: Any) -> serializers.CharField:
    limit = WORDS[name]
    if not limit.form:
        return serializers.CharField(max_length=limit.longest, **options)
    says: dict[str, Any] = {"invalid": f"must have the form of {limit.example}"}
    return serializers.RegexField(
        f"^({limit.form})$", max_length=limit.longest, error_messages=says, **options
    )


_DECIMAL = rf"^-?[0-9]{{1,{MOST_DIGITS}}}(\.[0-9]{{1,{MOST_DIGITS}}})?$"


@extend_schema_field({"type": "string", "pattern": _DECIMAL})
class DecimalText(serializers.Field[Any, Any, Any, Any]):
    """A decimal number as a string, so that no digit is lost."""

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str) or not re.fullmatch(_DECIMAL, data, re.ASCII):
            raise ValidationError(
                f'must be a decimal number in quotes, such as "-4.0", with at most {MOST_DIGITS}'
                " digits on either side of the point",
                code="invalid",
            )
        return Decimal(data)

    def to_representation(self, value: Decimal) -> str:
        return format(value, "f")


class Credibility(serializers.IntegerField):
    """Admiralty code: from 2 (probably true) to 6 (cannot be judged)."""

    def __init__(self, **options: Any) -> None:
        least, *_, most = sizes.CREDIBILITIES
        super().__init__(min_value=least, max_value=most, **options)

    def run_validators(self, value: Any) -> None:
        """Refuse with the message of the domain."""
        if value not in sizes.CREDIBILITIES:
            raise ValidationError(sizes.CREDIBILITY_SAYS, code="out_of_range")


def credibility() -> Credibility:
    return Credibility(required=False, allow_null=True)


def version() -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        help_text="the version that you read, unless If-Match has it",
    )


def with_version(values: dict[str, Any], made: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    seen = values.pop("expected_version", None)
    return {"expected_version": seen, "record": made(values)}

"""The fields that bodies are made of, each with its bound."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from tracker.domain.validity import MOST_ITEMS

LONGEST_EDTF = 255
LONGEST_NAME = 200


class Many(serializers.ListField):
    """A list that is counted before its items are looked at, so that a huge one costs nothing."""

    def to_internal_value(self, data: Any) -> list[Any]:
        if self.max_length is not None and isinstance(data, list) and len(data) > self.max_length:
            raise ValidationError(f"at most {self.max_length} fit", code="max_length")
        return super().to_internal_value(data)


def choice(literal: Any, **options: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=list(get_args(literal)), **options)


def maybe(literal: Any) -> serializers.ChoiceField:
    return choice(literal, required=False, allow_null=True)


def line(most: int = LONGEST_NAME, **options: Any) -> serializers.CharField:
    return serializers.CharField(
        **{"required": False, "allow_null": True, "max_length": most, **options}
    )


def item(most: int) -> serializers.CharField:
    """A line of a list, where null has no place."""
    return line(most, required=True, allow_null=False)


def ids(**options: Any) -> Many:
    return Many(child=serializers.UUIDField(), required=False, max_length=MOST_ITEMS, **options)


def words(*, most: int, required: bool = False) -> serializers.CharField:
    """Somebody's words: kept as they were sent, without U+0000 and half surrogate pairs."""
    return serializers.CharField(
        required=required,
        allow_null=not required,
        allow_blank=not required,
        max_length=most,
        trim_whitespace=False,
    )


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


def credibility() -> serializers.IntegerField:
    """The Admiralty code's: 1 confirmed to 6 not to be judged."""
    return serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=6)


def version() -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        help_text="the version that you read, if If-Match does not say it",
    )


def with_version(values: dict[str, Any], made: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    seen = values.pop("expected_version", None)
    return {"expected_version": seen, "record": made(values)}

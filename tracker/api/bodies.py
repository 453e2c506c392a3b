"""The fields of request bodies, each with its limits."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any, ClassVar, get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from tracker.api.problems import MOST_ERRORS
from tracker.domain import events, fields
from tracker.domain.fields import CREDIBILITIES, CREDIBILITY_SAYS, Most, Words
from tracker.domain.schemas import MOST_DIGITS


def _limits(shape: Any) -> dict[str, Any]:
    """The limits of text and lists in a record's class and in those in it, as "Claim.key"."""
    found: dict[str, Any] = {}
    for field in fields.of(shape):
        name, inner = f"{shape.__name__}.{field.name}", field.type.item or field.type
        found |= {name: (field.type.limit, inner.limit)} | (
            _limits(inner.of) if inner.is_record else {}
        )
    return found


_LIMITS = {name: one for shape in events.SHAPES.values() for name, one in _limits(shape).items()}
WORDS: Mapping[str, Words] = {
    name: words for name, (_, words) in _LIMITS.items() if isinstance(words, Words)
}
MOST: Mapping[str, int] = {
    name: most.entries for name, (most, _) in _LIMITS.items() if isinstance(most, Most)
}


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
        least, *_, most = CREDIBILITIES
        super().__init__(min_value=least, max_value=most, **options)

    def run_validators(self, value: Any) -> None:
        """Refuse with the message of the domain."""
        if value not in CREDIBILITIES:
            raise ValidationError(CREDIBILITY_SAYS, code="out_of_range")


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


# The JSON type of each field; DRF would accept 0 as text and "yes" as true.
_TYPES: Mapping[type, tuple[type, ...]] = {
    serializers.CharField: (str,),
    serializers.UUIDField: (str,),
    serializers.BooleanField: (bool,),
    serializers.IntegerField: (int, float),
}


class Strict(serializers.Serializer[Any]):
    """Refuses unknown fields, and reports them together with all invalid values."""

    # Whether values have JSON types; in a query or a form all values are text.
    typed: ClassVar[bool] = True

    def to_internal_value(self, data: Any) -> Any:
        faults = self._unknown(data) | self._mistyped(data) if isinstance(data, Mapping) else {}
        try:
            values = super().to_internal_value(data)
        except ValidationError as problem:
            raise ValidationError({**faults, **_as_dict(problem.detail)}) from problem
        if faults:
            raise ValidationError(faults)
        return self.made(values)

    def made(self, values: dict[str, Any]) -> Any:
        """The result, made from valid values."""
        return values

    def _unknown(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Unknown fields, at most a hundred."""
        known = {key: field for key, field in self.fields.items() if not field.read_only}
        says = f"Unknown field; expected one of: {', '.join(known)}"
        aliens = islice((name for name in data if name not in known), MOST_ERRORS)
        return {_escaped(name): [ErrorDetail(says, code="unknown")] for name in aliens}

    def _mistyped(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the wrong JSON type."""
        if not self.typed:
            return {}
        found = {name: _faults(field, data.get(name)) for name, field in self.fields.items()}
        return {name: faults for name, faults in found.items() if faults}


class Shaped(Strict):
    """Becomes a record of class `shape`. A null counts as missing."""

    shape: ClassVar[Any]

    def made(self, values: dict[str, Any]) -> Any:
        given = {name: value for name, value in values.items() if value is not None}
        return self.shape(
            **{
                name: tuple(value) if isinstance(value, list) else value
                for name, value in given.items()
            }
        )


def _escaped(name: str) -> str:
    """A name escaped for a JSON pointer."""
    return name[:40].replace("~", "~0").replace("/", "~1")


def _as_dict(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"non_field_errors": detail}


def _faults(field: Any, value: Any) -> Any:
    """The type errors of a value, or of the items of a list by index."""
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        if field.max_length is not None and len(value) > field.max_length:
            return []  # reported once for the whole list
        found = {at: _faults(field.child, one) for at, one in enumerate(value)}
        return {at: faults for at, faults in found.items() if faults}
    wanted = next((_TYPES[kind] for kind in _TYPES if isinstance(field, kind)), None)
    if wanted is None or value is None:
        return []
    # In Python a bool is an int; in JSON it is not a number.
    right = isinstance(value, wanted) and isinstance(value, bool) == (bool in wanted)
    return [] if right else [ErrorDetail(field.error_messages["invalid"], code="invalid")]

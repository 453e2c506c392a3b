"""Answers that show records: their fields are those of the domain's classes."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal, cast
from uuid import UUID

from django.urls import reverse
from rest_framework import serializers

from tracker.api.schema import DECIMAL
from tracker.domain import fields

type AnswerClass = type[serializers.Serializer[Any]]

_SCALARS: Mapping[Any, Callable[..., serializers.Field[Any, Any, Any, Any]]] = {
    str: serializers.CharField,
    Literal: serializers.CharField,
    int: serializers.IntegerField,
    bool: serializers.BooleanField,
    UUID: serializers.UUIDField,
    date: serializers.DateField,
    Decimal: lambda **options: serializers.RegexField(DECIMAL, **options),
    Mapping: serializers.JSONField,
}


def address(request: Any, route: str, *args: Any) -> str:
    """The absolute address of a route of the API."""
    return str(request.build_absolute_uri(reverse(f"api:{route}", args=args)))


def with_fields_of(shape: Any, source: str = "") -> Callable[[AnswerClass], AnswerClass]:
    """Add the fields of a record to an answer. `source` is where the record is in the object to
    show. A field that the answer declares itself is kept."""

    def extend(answer: AnswerClass) -> AnswerClass:
        own = answer._declared_fields  # noqa: SLF001
        more = {
            field.key: _field(field, f"{source}.{field.name}" if source else field.name)
            for field in fields.of(shape)
            if field.key not in own
        }
        answer._declared_fields = own | more  # noqa: SLF001
        return answer

    return extend


@cache
def of(shape: Any) -> AnswerClass:
    """The answer that shows a record and nothing else."""
    empty = type(f"{shape.__name__}Out", (serializers.Serializer,), {"__doc__": shape.__doc__})
    return with_fields_of(shape)(empty)


def _field(field: fields.Field, source: str) -> Any:
    kind = field.type
    options: dict[str, Any] = {"allow_null": True} if kind.optional else {}
    # DRF refuses a source that is the name of the field.
    if source != field.key:
        options |= {"source": source}
    if kind.is_record:
        return of(kind.of)(**options)
    if kind.of is not tuple:
        return _SCALARS[kind.of](**options)
    item = cast("fields.Type", kind.item)
    if item.is_record:
        return of(item.of)(many=True, **options)
    return serializers.ListField(child=cast("Any", _SCALARS[item.of]()), **options)

"""Answers that show records: their fields are those of the domain's classes."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal, cast
from uuid import UUID

from rest_framework import serializers

from tracker.api.schema import DECIMAL
from tracker.domain import fields

type Shown = type[serializers.Serializer[Any]]

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


def showing(shape: Any, source: str = "") -> Callable[[Shown], Shown]:
    """Give an answer the fields of a record beside its own. The record stands at `source` of what
    is shown; where the answer has a field of the name already, that is kept."""

    def extended(answer: Shown) -> Shown:
        own = answer._declared_fields  # noqa: SLF001
        more = {
            field.key: _field(field, f"{source}.{field.name}" if source else field.name)
            for field in fields.of(shape)
            if field.key not in own
        }
        answer._declared_fields = own | more  # noqa: SLF001
        return answer

    return extended


@cache
def of(shape: Any) -> Shown:
    """The answer that shows a record and nothing else."""
    empty = type(f"{shape.__name__}Out", (serializers.Serializer,), {"__doc__": shape.__doc__})
    return showing(shape)(empty)


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

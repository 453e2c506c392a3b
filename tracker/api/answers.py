"""Answers whose fields are those of dataclasses, and addresses in answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal, cast
from uuid import UUID

from django.urls import reverse
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from tracker.api.schema import DECIMAL
from tracker.domain import fields

type AnswerClass = type[serializers.Serializer[Any]]

_SCALARS: Mapping[Any, Callable[..., serializers.Field[Any, Any, Any, Any]]] = {
    str: serializers.CharField,
    Literal: serializers.CharField,
    int: serializers.IntegerField,
    bool: serializers.BooleanField,
    float: serializers.FloatField,
    UUID: serializers.UUIDField,
    date: serializers.DateField,
    datetime: serializers.DateTimeField,
    Decimal: lambda **options: serializers.RegexField(DECIMAL, **options),
    Mapping: serializers.JSONField,
}


class CsvRenderer(JSONRenderer):
    """Accepts text/csv; problems are still returned as JSON."""

    media_type = "text/csv"
    format = "csv"


class TextRenderer(JSONRenderer):
    """Accepts text/plain; problems are still returned as JSON."""

    media_type = "text/plain"
    format = "txt"


def address(request: Any, route: str, *args: Any) -> str:
    """The absolute address of a route of the API."""
    return str(request.build_absolute_uri(reverse(f"api:{route}", args=args)))


def with_fields_of(
    shape: Any, source: str = "", *, only: Sequence[str] | None = None
) -> Callable[[AnswerClass], AnswerClass]:
    """Add the fields of a dataclass to an answer, or only some of them. `source` is where the
    object of this class is in the object to show. A field that the answer declares is kept."""

    def extend(answer: AnswerClass) -> AnswerClass:
        own = answer._declared_fields  # noqa: SLF001
        more = {
            field.key: _field(field, f"{source}.{field.name}" if source else field.name)
            for field in fields.of(shape)
            if field.key not in own and (only is None or field.key in only)
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


class LargestField(serializers.IntegerField):
    """How many claims are listed."""

    def __init__(self) -> None:
        text = "the number of claims to list, largest first; default: all"
        super().__init__(required=False, min_value=1, max_value=1000, help_text=text)


class PartOut(serializers.Serializer[Any]):
    """The contribution of a claim to the score, with its `title` as of the same moment."""

    claim = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.URLField()
    amount = serializers.FloatField()


class OthersOut(serializers.Serializer[Any]):
    """The claims that are not listed and their total contribution. Without a token this includes
    withheld claims."""

    claims = serializers.IntegerField()
    amount = serializers.FloatField()


def contributions(
    request: Any, parts: Iterable[Any], titles: Mapping[UUID, str]
) -> list[dict[str, Any]]:
    """The contributions of claims to a score or to its change, as `PartOut`."""
    none = UUID(int=0)
    before, _, after = address(request, "claim", none).partition(str(none))
    return [
        {
            "claim": (claim := str(part.claim)),
            "title": titles[part.claim],
            "url": f"{before}{claim}{after}",
            "amount": part.amount,
        }
        for part in parts
    ]


def total(parts: Sequence[Any]) -> dict[str, Any]:
    """The claims that are not listed, as `OthersOut`."""
    return {"claims": len(parts), "amount": sum(part.amount for part in parts)}

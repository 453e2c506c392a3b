"""`expand`: beside an answer the records that it refers to by id, each once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from tracker.api.serializers import records as r
from tracker.queries import catalogue

# By the name that is asked for: the places of ids in a row, with dots that lead inside.
type Expands = Mapping[str, Sequence[str]]

_SHOWN: Mapping[str, tuple[str, type[r.Serializer]]] = {
    "actors": ("actor", r.ActorOut),
    "sources": ("source", r.SourceOut),
    "documents": ("document", r.DocumentOut),
    "collections": ("collection", r.CollectionOut),
}
_SAYS = "by name and id: the records that were asked for with `expand`, as they are read alone"


@extend_schema_field({"type": "string", "minLength": 1})
class ExpandField(serializers.Field[Any, Any, Any, Any]):
    """Names with commas between, of what may be expanded."""

    def __init__(self, expands: Expands) -> None:
        names = ", ".join(expands)
        says = f"the records that are referred to, beside the answer, with commas between: {names}"
        super().__init__(required=False, help_text=says)
        self.expands = expands

    def to_internal_value(self, data: Any) -> list[str]:
        asked = [name.strip() for name in str(data).split(",")]
        for name in asked:
            if name not in self.expands:
                says = f"{name[:40]!r} cannot be expanded here; known: {', '.join(self.expands)}"
                raise ValidationError(says, code="unknown")
        return asked

    def to_representation(self, value: Any) -> Any:
        return value


class ExpandedField(serializers.DictField):
    def __init__(self) -> None:
        inner = serializers.DictField(child=serializers.JSONField())
        super().__init__(child=inner, required=False, help_text=_SAYS)


def expanded(data: Any, expands: Expands, asked: Sequence[str], *, as_of: int | None) -> Any:
    """The records that an answer refers to, with few questions for each name, by name and id."""
    rows = data.get("results", [data])
    found: dict[str, dict[str, Any]] = {}
    for name in asked:
        noun, shape = _SHOWN[name]
        ids = {UUID(one) for row in rows for place in expands[name] for one in _at(row, place)}
        entries = catalogue.entries(noun, ids, as_of=as_of)
        found[name] = {str(key): shape(entries[key]).data for key in sorted(entries)}
    return found


def _at(value: Any, place: str) -> Iterator[str]:
    """The ids at a place of a row; there may be none, or a list of them."""
    if isinstance(value, list):
        for one in value:
            yield from _at(one, place)
    elif value is not None and not place:
        yield str(value)
    elif value is not None:
        name, _, rest = place.partition(".")
        yield from _at(value[name], rest)

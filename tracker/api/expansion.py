"""`expand`: adds the records that a response refers to by id, each once."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from tracker.api.resources import record_fields as r
from tracker.queries.moment import At
from tracker.queries.records import catalogue

# For each name: where the ids are in a row; dots lead into nested objects.
type Expands = Mapping[str, Sequence[str]]

_SHOWN: Mapping[str, tuple[str, type[r.Serializer]]] = {
    "actors": ("actor", r.ActorOut),
    "sources": ("source", r.SourceOut),
    "documents": ("document", r.DocumentOut),
    "collections": ("collection", r.CollectionOut),
}
_SAYS = "the records requested with `expand`, by name and id, as their own address returns them"


@extend_schema_field({"type": "string", "minLength": 1})
class ExpandField(serializers.Field[Any, Any, Any, Any]):
    """Comma-separated names of what can be expanded."""

    def __init__(self, expands: Expands) -> None:
        names = ", ".join(expands)
        says = f"include the records that the response refers to; comma-separated: {names}"
        super().__init__(required=False, help_text=says)
        self.expands = expands

    def to_internal_value(self, data: Any) -> list[str]:
        asked = [name.strip() for name in str(data).split(",")]
        for name in asked:
            if name not in self.expands:
                says = (
                    f"{name[:40]!r} cannot be expanded; expected one of: {', '.join(self.expands)}"
                )
                raise ValidationError(says, code="unknown")
        return asked

    def to_representation(self, value: Any) -> Any:
        return value


class ExpandedField(serializers.DictField):
    def __init__(self) -> None:
        inner = serializers.DictField(child=serializers.JSONField())
        super().__init__(child=inner, required=False, help_text=_SAYS)


def expanded(data: Any, expands: Expands, asked: Sequence[str], *, as_of: At) -> Any:
    """The records that a response refers to, by name and id, with few queries for each name."""
    rows = data.get("results", [data])
    found: dict[str, dict[str, Any]] = {}
    for name in asked:
        noun, shape = _SHOWN[name]
        ids = {UUID(one) for row in rows for place in expands[name] for one in _at(row, place)}
        entries = catalogue.entries(noun, ids, as_of=as_of)
        found[name] = {str(key): shape(entries[key]).data for key in sorted(entries)}
    return found


def _at(value: Any, place: str) -> Iterator[str]:
    """The ids at a place of a row: none, one, or a list."""
    if isinstance(value, list):
        for one in value:
            yield from _at(one, place)
    elif value is not None and not place:
        yield str(value)
    elif value is not None:
        name, _, rest = place.partition(".")
        yield from _at(value[name], rest)


# The selected fields, each with the selected fields in it; empty: all of them.
type Tree = dict[str, Tree]

LONGEST = 2_000


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": LONGEST})
class FieldsField(serializers.Field[Any, Any, Any, Any]):
    """Comma-separated names of fields of a serializer: "id,title" or "scores.value"."""

    def to_representation(self, value: Any) -> Any:
        return value

    def __init__(self, shape: type[serializers.BaseSerializer[Any]]) -> None:
        says = 'return only these, comma-separated: "id,title"; for nested fields: "parties.name"'
        super().__init__(required=False, help_text=says)
        self.shape: Any = shape

    def to_internal_value(self, data: Any) -> Tree:
        asked: Tree = {}
        if len(str(data)) > LONGEST:
            raise ValidationError(f"must have at most {LONGEST} characters", code="max_length")
        for name in str(data).split(","):
            known, chosen = tree_of(self.shape), asked
            for part in name.strip().split("."):
                if part not in known:
                    says = f"unknown field {name[:40]!r}; expected one of: {', '.join(known)}"
                    raise ValidationError(says, code="unknown")
                known, chosen = known[part], chosen.setdefault(part, {})
        return asked


@cache
def tree_of(shape: Any) -> Tree:
    """The fields of a serializer, recursively."""
    return _tree(shape())


def _tree(field: Any) -> Tree:
    inner = getattr(field, "child", field)
    if not isinstance(inner, serializers.Serializer):
        return {}
    return {name: _tree(one) for name, one in inner.fields.items()}


def row_of(answer: type[serializers.BaseSerializer[Any]]) -> type[serializers.BaseSerializer[Any]]:
    """The serializer that `fields` applies to: the rows of a list, or the response itself."""
    results = answer().fields.get("results") if issubclass(answer, serializers.Serializer) else None
    found = getattr(results, "child", None)
    return type(found) if isinstance(found, serializers.Serializer) else answer


def cut(data: Any, asked: Tree) -> Any:
    """The selected fields of an object, or of each object in a list."""
    if not asked:
        return data
    if isinstance(data, Mapping):
        return {name: cut(value, asked[name]) for name, value in data.items() if name in asked}
    return [cut(one, asked) for one in data] if isinstance(data, list) else data

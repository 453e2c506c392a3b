"""`fields`: selects fields of each object in a response."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

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

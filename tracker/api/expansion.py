"""`fields` selects parts of a response; `expand` adds the records that it refers to by id."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from tracker.api.resources import record_fields as r
from tracker.queries.moment import At
from tracker.queries.records import catalogue

# For each name: where the ids are in a row; dots lead into nested objects.
type Expands = Mapping[str, Sequence[str]]
# The selected fields, each with the selected fields in it; empty: all of them.
type Tree = dict[str, Tree]

LONGEST = 2_000
_RECORDS: Mapping[str, tuple[str, type[r.Serializer]]] = {
    "actors": ("actor", r.ActorOut),
    "sources": ("source", r.SourceOut),
    "documents": ("document", r.DocumentOut),
    "collections": ("collection", r.CollectionOut),
}


class _NamesField(serializers.Field[Any, Any, Any, Any]):
    """Comma-separated names."""

    def __init__(self, help_text: str) -> None:
        super().__init__(required=False, help_text=help_text)

    @property
    def known(self) -> list[str]:
        """All names."""
        raise NotImplementedError

    def to_representation(self, value: Any) -> Any:
        return value


class ExpandField(_NamesField):
    """Comma-separated names of what can be expanded."""

    def __init__(self, expands: Expands) -> None:
        names = ", ".join(expands)
        super().__init__(
            f"include the records that the response refers to; comma-separated: {names}"
        )
        self.expands = expands

    @property
    def known(self) -> list[str]:
        return [*self.expands]

    def to_internal_value(self, data: Any) -> list[str]:
        names = [name.strip() for name in str(data).split(",")]
        for name in names:
            if name not in self.expands:
                known = ", ".join(self.expands)
                message = f"{name[:40]!r} cannot be expanded; expected one of: {known}"
                raise ValidationError(message, code="unknown")
        return names


class ExpandedField(serializers.DictField):
    def __init__(self) -> None:
        super().__init__(
            child=serializers.DictField(child=serializers.JSONField()),
            required=False,
            help_text="the records requested with `expand`, by name and id, as their own address"
            " returns them",
        )


def expanded_records(
    data: Any, expands: Expands, names: Sequence[str], *, as_of: At
) -> dict[str, dict[str, Any]]:
    """The records that a response refers to, by name and id, with few queries for each name."""
    rows = data.get("results", [data])
    records: dict[str, dict[str, Any]] = {}
    for name in names:
        noun, serializer = _RECORDS[name]
        ids = {UUID(id_) for row in rows for path in expands[name] for id_ in _ids_at(row, path)}
        entries = catalogue.entries(noun, ids, as_of=as_of)
        records[name] = {str(key): serializer(entries[key]).data for key in sorted(entries)}
    return records


def _ids_at(value: Any, path: str) -> Iterator[str]:
    """The ids at a path of a row: none, one, or a list."""
    if isinstance(value, list):
        for item in value:
            yield from _ids_at(item, path)
    elif value is not None and not path:
        yield str(value)
    elif value is not None:
        name, _, rest = path.partition(".")
        yield from _ids_at(value[name], rest)


class FieldsField(_NamesField):
    """Comma-separated names of fields of a serializer: "id,title" or "scores.value"."""

    def __init__(self, shape: type[serializers.BaseSerializer[Any]]) -> None:
        super().__init__(
            'return only these, comma-separated: "id,title"; for nested fields: "parties.name"'
        )
        self.shape: Any = shape

    @property
    def known(self) -> list[str]:
        return [*_paths(tree_of(self.shape))]

    def to_internal_value(self, data: Any) -> Tree:
        tree: Tree = {}
        if len(str(data)) > LONGEST:
            raise ValidationError(f"must have at most {LONGEST} characters", code="max_length")
        for name in str(data).split(","):
            known, branch = tree_of(self.shape), tree
            for part in name.strip().split("."):
                if part not in known:
                    message = f"unknown field {name[:40]!r}; expected one of: {', '.join(known)}"
                    raise ValidationError(message, code="unknown")
                known, branch = known[part], branch.setdefault(part, {})
        return tree


class NamesSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Describes comma-separated names as a list of those that are known."""

    target_class = _NamesField
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:  # noqa: ARG002
        return {"type": "array", "minItems": 1, "items": {"enum": self.target.known}}


def select_from(shape: Any) -> FieldsField:
    """The parameter that selects fields of a serializer and of those in it. They are marked as
    `selectable`: in the description none of their properties is required."""
    waiting = [shape()]
    while waiting:
        inner = waiting.pop()
        inner = getattr(inner, "child", inner)
        if isinstance(inner, serializers.Serializer):
            type(inner).selectable = True  # type: ignore[attr-defined] # the mark
            waiting += inner.fields.values()
    return FieldsField(shape)


def _paths(tree: Tree, before: str = "") -> Iterator[str]:
    for name, nested in tree.items():
        yield before + name
        yield from _paths(nested, f"{before}{name}.")


@cache
def tree_of(shape: Any) -> Tree:
    """The fields of a serializer, recursively."""
    return _tree(shape())


def _tree(field: Any) -> Tree:
    inner = getattr(field, "child", field)
    if not isinstance(inner, serializers.Serializer):
        return {}
    return {name: _tree(nested) for name, nested in inner.fields.items()}


def row_of(answer: type[serializers.BaseSerializer[Any]]) -> type[serializers.BaseSerializer[Any]]:
    """The serializer that `fields` applies to: the rows of a list, or the response itself."""
    results = answer().fields.get("results") if issubclass(answer, serializers.Serializer) else None
    row = getattr(results, "child", None)
    return type(row) if isinstance(row, serializers.Serializer) else answer


def select(data: Any, tree: Tree) -> Any:
    """The selected fields of an object, or of each object in a list."""
    if not tree:
        return data
    if isinstance(data, Mapping):
        return {name: select(value, tree[name]) for name, value in data.items() if name in tree}
    return [select(item, tree) for item in data] if isinstance(data, list) else data

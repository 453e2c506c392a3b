"""The OpenAPI description for the reference page: operations by resource, with input and output."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.api.examples import BASE


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    name: str
    place: str
    type: str
    required: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`says`: the paragraphs of its description."""

    name: str
    method: str
    path: str
    says: Sequence[str]
    example: str
    parameters: Sequence[Parameter]
    body: Sequence[Parameter]
    answer: Sequence[Parameter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The operations on a resource."""

    name: str
    operations: Sequence[Operation]


def groups(document: Mapping[str, Any]) -> list[Group]:
    """The operations of a description by the first part of their address."""
    by_resource: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        name = re.split(r"[/.]", path.removeprefix(BASE))[0] or "root"
        for method, operation in methods.items():
            described = _operation(document, path, method, operation)
            by_resource.setdefault(name, []).append(described)
    return [Group(name=name, operations=by_resource[name]) for name in by_resource]


def _operation(document: Any, path: str, method: str, operation: Any) -> Operation:
    *says, last = operation.get("description", "").split("\n\n")
    example = last.removeprefix("Example: ").strip("`") if last.startswith("Example: ") else ""
    body = operation.get("requestBody", {}).get("content", {})
    fine = operation["responses"].get("200") or operation["responses"].get("201") or {}
    return Operation(
        name=operation["operationId"],
        method=method.upper(),
        path=path,
        says=says if example else [*says, last],
        example=example,
        parameters=[_parameter(one) for one in operation.get("parameters", ())],
        body=list(_fields(document, body)),
        answer=list(_fields(document, fine.get("content", {}))),
    )


def _parameter(parameter: Any) -> Parameter:
    return Parameter(
        name=parameter["name"],
        place=parameter["in"],
        type=_type(parameter.get("schema", {})),
        required=parameter.get("required", False),
        says=parameter.get("description", ""),
    )


def _fields(document: Any, content: Any) -> Iterator[Parameter]:
    """The fields of a JSON body or response."""
    schema = _found(document, content.get("application/json", {}).get("schema", {}))
    for name, field in schema.get("properties", {}).items():
        yield Parameter(
            name=name,
            place="body",
            type=_type(field),
            required=name in schema.get("required", ()),
            says=field.get("description", ""),
        )


def _found(document: Any, schema: Any) -> Any:
    """The schema that a reference points to."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


def _type(schema: Any) -> str:
    """A type in a word or two."""
    several = schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf")
    if several:
        return " or ".join(dict.fromkeys(map(_type, several)))
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        kind = " or ".join(kind)
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)

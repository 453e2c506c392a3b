"""The OpenAPI description: every error is a problem, whatever its status."""

import inspect
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast, get_args
from uuid import UUID

from django.conf import settings
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.plumbing import list_hash
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from drf_standardized_errors.openapi import AutoSchema
from rest_framework import serializers

from tracker.api.access import READ, scopes_of
from tracker.api.bodies import StrictSerializer
from tracker.api.problems import MEDIA_TYPE
from tracker.domain import claims as c
from tracker.domain import fields, records
from tracker.domain.fields import NumberRange, Words
from tracker.domain.json_values import MOST_DIGITS
from tracker.operations.idempotency import LONGEST_KEY
from tracker.queries.records import request_names

# Choices shared by several fields (named in the settings).
CLAIM_KINDS = get_args(c.Kind)
GRADES = get_args(c.Grade)
ACTOR_KINDS = get_args(records.ActorKind)
SOURCE_KINDS = get_args(records.Source.__annotations__["kind"])
OWNERSHIPS = get_args(records.Ownership)
SECTORS = get_args(records.Sector)

DECIMAL = rf"^-?[0-9]{{1,{MOST_DIGITS}}}(\.[0-9]{{1,{MOST_DIGITS}}})?$"
# At least one visible character: in a text of a body, and in a query parameter.
VISIBLE = r"[^\s\x00-\x1f\x85]"
NO_BLANK = r"[^\s\x1c-\x1f\x85]"

WRITING = {"409", "412", "413", "415", "422", "428"}
VERSIONED = {"412", "428"}
# Responses that any request with a body can get.
BODY = {"413", "415"}

# Of a log that was reopened after a loss.
GONE = "410"
# Sent by the web server; the request does not reach the API.
TOO_LONG = "414"
WEB_SERVERS = OpenApiResponse(str, description="the address is longer than the web server accepts")

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[ -~]+$", "minLength": 1, "maxLength": LONGEST_KEY},
    OpenApiParameter.HEADER,
    description="a write repeated with the same key within 24 hours gets the first response",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": '^(W/)?"[0-9]{1,9}(-[0-9a-f]+)?"$'},
    OpenApiParameter.HEADER,
    description='the version that you read, in quotes ("3"), unless the body has it',
)


class ErrorOut(serializers.Serializer[Any]):
    """One invalid value."""

    vars()["in"] = serializers.ChoiceField(choices=["body", "query", "header", "path"])
    pointer = serializers.CharField(help_text="RFC 6901; the name of a parameter or header")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemOut(serializers.Serializer[Any]):
    """A problem (RFC 9457)."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    request_id = serializers.CharField()
    errors = ErrorOut(many=True)  # type: ignore[assignment] # a field, not the errors of a serializer


class RecordSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Describes records that are sent, from their fields: `Claim` as `ClaimBody`."""

    @classmethod
    def _matches(cls, target: Any) -> bool:
        return isinstance(target, type) and is_dataclass(target)

    def get_name(self, *_: Any) -> str:
        name: str = self.target.__name__
        return name if name.endswith("Body") else f"{name}Body"

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:  # noqa: ARG002
        sent = [field for field in fields.of(self.target) if not field.unsent]
        required = sorted(field.key for field in sent if field.required)
        return {
            "type": "object",
            "description": inspect.getdoc(self.target),
            "properties": {field.key: _property(field, auto_schema) for field in sent},
            **({"required": required} if required else {}),
            "additionalProperties": False,
        }


def _property(field: fields.Field, auto_schema: Any) -> dict[str, Any]:
    described = _described(field.type, auto_schema, visible=_is_visible(field))
    if field.key in request_names.COLLECTIONS:
        described = _by_name(described, "the id or the name of a collection")
    elif request_names.names_actor(field):
        described = _by_name(described, "the id or the code of an actor, such as KAZ")
    if field.nullable:
        described = _or_null(described)
    if field.type.doc:
        described["description"] = field.type.doc
    if isinstance(field.default, str | bool) and field.default != "":
        described["default"] = field.default
    return described


def _by_name(described: dict[str, Any], names: str) -> dict[str, Any]:
    """The description of a record, or of several, in a request: the id or what `names` it."""
    if "items" in described:
        return described | {"items": _by_name(described["items"], names)}
    return {"type": "string", "description": names}


def _is_visible(field: fields.Field) -> bool:
    """Whether text must have a visible character: single lines and required text."""
    words = field.type.limit
    return field.required or not (getattr(words, "lines", False) or field.words is not None)


def _or_null(described: dict[str, Any]) -> dict[str, Any]:
    if "enum" in described:
        return described | {"enum": [*described["enum"], None]}
    if "type" in described:
        return described | {"type": [described["type"], "null"]}
    return {"oneOf": [described, {"type": "null"}]}


def _described(kind: fields.Type, auto_schema: Any, *, visible: bool = True) -> dict[str, Any]:
    if kind.is_record:
        return dict(auto_schema.resolve_serializer(kind.of, "request").ref)
    if kind.of is tuple:
        items = _described(cast("fields.Type", kind.item), auto_schema)
        return {"type": "array", "items": items, "maxItems": kind.limit.entries}
    if kind.of is Literal:
        enum_id = list_hash([(choice, choice) for choice in kind.choices])
        return {"enum": list(kind.choices), "type": "string", "x-spec-enum-id": enum_id}
    if kind.of is str:
        return _text(kind.limit, visible=visible)
    if isinstance(kind.limit, NumberRange):
        return {"type": "integer", "minimum": kind.limit.least, "maximum": kind.limit.most}
    return dict(_SCALARS[kind.of])


def _text(words: Words, *, visible: bool) -> dict[str, Any]:
    described: dict[str, Any] = {"type": "string", "maxLength": words.longest}
    if words.form:
        return described | {"pattern": f"^({words.form})$"}
    return described | ({"pattern": VISIBLE, "minLength": 1} if visible else {})


_SCALARS: dict[Any, dict[str, Any]] = {
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    UUID: {"type": "string", "format": "uuid"},
    date: {"type": "string", "format": "date"},
    Decimal: {"type": "string", "pattern": DECIMAL},
    Mapping: {"type": "object", "additionalProperties": {}},
}


class Schema(AutoSchema):
    """Describes errors as problems, and names the required scope, if any."""

    def _should_add_error_response(self, responses: dict[str, Any], status_code: str) -> bool:
        of_writes = WRITING - BODY if self.method == "PATCH" else WRITING
        if status_code in of_writes and self.method != "POST":
            return False
        if status_code == GONE:
            return bool(getattr(self.view, "can_be_gone", False))
        if status_code in VERSIONED and not getattr(self.view, "versioned", False):
            return False
        return bool(super()._should_add_error_response(responses, status_code))

    def _get_allowed_error_status_codes(self) -> list[str]:
        return [*super()._get_allowed_error_status_codes(), GONE, TOO_LONG]

    def _get_error_response_serializer(self, status_code: str) -> Any:
        return WEB_SERVERS if status_code == TOO_LONG else ProblemOut

    def _get_error_response_examples(self) -> list[Any]:
        return []

    def _get_response_for_code(
        self,
        serializer: Any,
        status_code: str,
        media_types: Any = None,
        direction: str = "response",
    ) -> Any:
        media_types = [MEDIA_TYPE] if serializer is ProblemOut else media_types
        media_types = ["text/plain"] if serializer is WEB_SERVERS else media_types
        described: Any = super()._get_response_for_code
        return described(serializer, status_code, media_types, direction)

    def _get_parameters(self) -> Any:
        parameters: Any = super()._get_parameters()
        for one in parameters:
            if one["name"] in ("fields", "expand"):
                one |= {"style": "form", "explode": False}
        return parameters

    def get_override_parameters(self) -> list[Any]:
        if self.method != "POST":
            return []
        return [IDEMPOTENCY_KEY, *([IF_MATCH] if getattr(self.view, "versioned", False) else [])]

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        mapped: Any = super()._map_basic_serializer
        described = mapped(serializer, direction)
        if "selectable" in vars(type(serializer)):
            described.pop("required", None)
        if isinstance(serializer, StrictSerializer):
            described["additionalProperties"] = False
        return described

    def _map_serializer_field(self, field: Any, direction: Any, *args: Any, **options: Any) -> Any:
        mapped: Any = super()._map_serializer_field
        described = mapped(field, direction, *args, **options)
        if _refuses_blanks(field):
            pattern = VISIBLE if field.root.typed else NO_BLANK
            described = {"pattern": pattern, **described, "minLength": 1}
        most = getattr(field, "max_length", None)
        if isinstance(field, serializers.ListSerializer) and most is not None:
            described = {**described, "maxItems": most}
        return described

    def get_auth(self) -> list[Any]:
        """Authentication is optional where readers need no token."""
        schemes: list[Any] = super().get_auth()
        is_open = settings.ANONYMOUS_READERS and READ in scopes_of(self.view, self.method)
        return [*schemes, {}] if is_open and {} not in schemes else schemes

    def get_description(self) -> str:  # type: ignore[override] # the stubs have another class
        text = super().get_description()
        scopes = scopes_of(self.view, self.method)
        if READ in scopes:
            return text
        needed = " or ".join(f"`{scope}`" for scope in scopes)
        return f"{text}\n\nRequires a token with the scope {needed}."


def _refuses_blanks(field: Any) -> bool:
    """Whether a field requires visible text without having a pattern of its own."""
    text = isinstance(field, serializers.CharField) and not field.allow_blank
    own = isinstance(field, serializers.RegexField)
    return isinstance(field.root, StrictSerializer) and text and not own

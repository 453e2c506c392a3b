"""The OpenAPI description: every error is a problem, whatever its status."""

from typing import Any, get_args

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from drf_standardized_errors.openapi import AutoSchema
from rest_framework import serializers

from tracker.api.bodies import Strict
from tracker.api.permissions import READ, scope_of
from tracker.api.problems import MEDIA_TYPE
from tracker.domain import claims as c
from tracker.domain import records
from tracker.operations.idempotency import LONGEST_KEY

# Choices shared by several fields (named in the settings).
CLAIM_KINDS = get_args(c.Kind)
ACTOR_KINDS = get_args(records.ActorKind)
SOURCE_KINDS = get_args(records.Source.__annotations__["kind"])
OWNERSHIPS = get_args(records.Ownership)
SECTORS = get_args(records.Sector)

# At least one visible character: in a text of a body, and in a query parameter.
VISIBLE = r"[^\s\x00-\x1f\x85]"
NO_BLANK = r"[^\s\x1c-\x1f\x85]"

WRITING = {"409", "412", "413", "415", "422", "428"}
VERSIONED = {"412", "428"}
# Responses that any request with a body can get.
BODY = {"413", "415"}

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
    {"type": "string", "pattern": '^"[0-9]{1,9}(-[0-9a-f]+)?"$'},
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


class Schema(AutoSchema):
    """Describes errors as problems, and names the required scope, if any."""

    def _should_add_error_response(self, responses: dict[str, Any], status_code: str) -> bool:
        undue = WRITING - BODY if self.method == "PATCH" else WRITING
        if status_code in undue and self.method != "POST":
            return False
        if status_code in VERSIONED and not getattr(self.view, "versioned", False):
            return False
        return bool(super()._should_add_error_response(responses, status_code))

    def _get_allowed_error_status_codes(self) -> list[str]:
        return [*super()._get_allowed_error_status_codes(), TOO_LONG]

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

    def get_override_parameters(self) -> list[Any]:
        if self.method != "POST":
            return []
        return [IDEMPOTENCY_KEY, *([IF_MATCH] if getattr(self.view, "versioned", False) else [])]

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        mapped: Any = super()._map_basic_serializer
        described = mapped(serializer, direction)
        if isinstance(serializer, Strict):
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
        asked: list[Any] = super().get_auth()
        free = settings.ANONYMOUS_READERS and scope_of(self.view, self.method) == READ
        return [*asked, {}] if free and {} not in asked else asked

    def get_description(self) -> str:  # type: ignore[override] # the stubs have another class
        said = super().get_description()
        scope = scope_of(self.view, self.method)
        return said if scope == READ else f"{said}\n\nRequires a token with the scope `{scope}`."


def _refuses_blanks(field: Any) -> bool:
    """Whether a field requires visible text without having a pattern of its own."""
    text = isinstance(field, serializers.CharField) and not field.allow_blank
    own = isinstance(field, serializers.RegexField)
    return isinstance(field.root, Strict) and text and not own

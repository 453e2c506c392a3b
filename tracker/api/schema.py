"""The OpenAPI description: every error is a problem, whatever its status."""

from typing import Any, get_args

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from drf_standardized_errors.openapi import AutoSchema
from rest_framework import serializers

from tracker.api.permissions import READ, scope_of
from tracker.api.problems import MEDIA_TYPE
from tracker.api.serializers.strict import Strict
from tracker.domain import claims as c
from tracker.domain import parties, publications
from tracker.operations.idempotency import LONGEST_KEY

# The choices of several fields, by what they are the choices of (named in the settings).
CLAIM_KINDS = get_args(c.Kind)
ACTOR_KINDS = get_args(parties.ActorKind)
SOURCE_KINDS = get_args(publications.Source.__annotations__["kind"])
OWNERSHIPS = get_args(publications.Ownership)
SECTORS = get_args(parties.Sector)

# Something that is seen, as words of a body are looked at, and as all but blanks of a query.
VISIBLE = r"[^\s\x00-\x1f\x85]"
NO_BLANK = r"[^\s\x1c-\x1f\x85]"

WRITING = {"409", "412", "413", "415", "422", "428"}
VERSIONED = {"412", "428"}
# What any body may be answered.
BODY = {"413", "415"}

# The web server says this itself, before the API hears of the request.
TOO_LONG = "414"
WEB_SERVERS = OpenApiResponse(str, description="the address is longer than the web server reads")

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[ -~]+$", "minLength": 1, "maxLength": LONGEST_KEY},
    OpenApiParameter.HEADER,
    description="the same write sent again within 24 hours is answered as the first time",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": '^"[0-9]{1,9}(-[0-9a-f]+)?"$'},
    OpenApiParameter.HEADER,
    description='the version that you read, as "3", if the body does not say it',
)


class ErrorOut(serializers.Serializer[Any]):
    """One thing that does not fit."""

    vars()["in"] = serializers.ChoiceField(choices=["body", "query", "header", "path"])
    pointer = serializers.CharField(help_text="RFC 6901; for a parameter or header its name")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemOut(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    request_id = serializers.CharField()
    errors = ErrorOut(many=True)  # type: ignore[assignment] # a field, not what went wrong


class Schema(AutoSchema):
    """Describes errors as problems, and says which scope is needed, or that none is."""

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
        """Where readers need no token, that says so."""
        asked: list[Any] = super().get_auth()
        free = settings.ANONYMOUS_READERS and scope_of(self.view, self.method) == READ
        return [*asked, {}] if free and {} not in asked else asked

    def get_description(self) -> str:  # type: ignore[override] # the stubs have another class
        said = super().get_description()
        scope = scope_of(self.view, self.method)
        return said if scope == READ else f"{said}\n\nNeeds a token with the scope `{scope}`."


def _refuses_blanks(field: Any) -> bool:
    """Whether a field takes only texts in which something is seen, and does not say so itself."""
    text = isinstance(field, serializers.CharField) and not field.allow_blank
    own = isinstance(field, serializers.RegexField)
    return isinstance(field.root, Strict) and text and not own

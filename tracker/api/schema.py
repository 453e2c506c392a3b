"""The OpenAPI description: every error is a problem, whatever its status."""

from typing import Any

from drf_standardized_errors.openapi import AutoSchema
from rest_framework import serializers

from tracker.api.permissions import READ, scope_of
from tracker.api.problems import MEDIA_TYPE


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
    errors = ErrorOut(many=True)


class Schema(AutoSchema):
    """Describes errors as problems, and says which scope is needed."""

    def _get_error_response_serializer(self, status_code: str) -> Any:
        return ProblemOut

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
        return super()._get_response_for_code(serializer, status_code, media_types, direction)

    def get_description(self) -> str:
        said = super().get_description()
        scope = scope_of(self.view, self.method)
        return said if scope == READ else f"{said}\n\nNeeds a token with the scope `{scope}`."

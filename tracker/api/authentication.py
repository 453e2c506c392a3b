"""Authentication: `Authorization: Bearer ent_…`, or an anonymous reader."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request


class BearerAuthentication(TokenAuthentication):
    """A token of an account. An unknown or malformed token is a 401, and so is an Authorization
    header without one: a client that sends the header expects to be authenticated."""

    def authenticate(self, request: Request) -> Any:
        account = super().authenticate(request)
        if account is None and "Authorization" in request.headers:
            raise AuthenticationFailed("send Authorization: Bearer ent_…, or omit the header")
        return account

    def authenticate_credentials(self, token: bytes) -> Any:
        if not token.isalnum() and not token.replace(b"_", b"").isalnum():
            raise AuthenticationFailed("invalid token: tokens begin with ent_")
        return super().authenticate_credentials(token)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "tracker.api.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002
        return {"type": "http", "scheme": "bearer"}

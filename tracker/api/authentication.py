"""Who is asking: `Authorization: Bearer ent_…`, or nobody."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request


class BearerAuthentication(TokenAuthentication):
    """A token of an account. Bytes that no token has are a 401, like any unknown token, and so is a
    header that holds none: whoever sends one is read to as somebody known."""

    def authenticate(self, request: Request) -> Any:
        found = super().authenticate(request)
        if found is None and "Authorization" in request.headers:
            raise AuthenticationFailed("send Authorization: Bearer ent_…, or no such header")
        return found

    def authenticate_credentials(self, token: bytes) -> Any:
        if not token.isalnum() and not token.replace(b"_", b"").isalnum():
            raise AuthenticationFailed("this is no token of ours: they begin with ent_")
        return super().authenticate_credentials(token)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "tracker.api.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002
        return {"type": "http", "scheme": "bearer"}

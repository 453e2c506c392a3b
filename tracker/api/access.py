"""Who a request comes from, and what it may: each view names the scope that each of its methods
requires."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed, NotAuthenticated
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from tracker.api import problems
from tracker.operations import accounts

READ = "read"


class Scoped(BasePermission):
    """Allows a token that has the scope, if the role of its account allows it too. On an open site
    reads need no token."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not hasattr(view, (request.method or "").lower()):
            # Not a matter of rights: nobody may do it here.
            raise MethodNotAllowed(request.method or "")
        scopes = scopes_of(view, request.method or "")
        token: Any = request.auth
        if token is None:
            if READ in scopes and settings.ANONYMOUS_READERS:
                return True
            raise NotAuthenticated("send a token: Authorization: Bearer ent_…")
        own = [scope for scope in scopes if scope in token.scopes]
        if not own:
            needed = " or ".join(scopes)
            raise problems.Refusal(
                "forbidden",
                f"the token {token.name!r} does not have the scope {needed}{_public_hint(scopes)}",
            )
        if not set(own) & set(accounts.usable_scopes(token)):
            raise problems.Refusal("forbidden", _role_message(token, " or ".join(own)))
        if request.method in getattr(view, "superusers", ()) and not accounts.of_superuser(token):
            raise problems.Refusal("forbidden", "only a superuser's token may do this")
        return True


def _public_hint(scopes: tuple[str, ...]) -> str:
    """A hint for a token without the scope to read."""
    open_site = READ in scopes and settings.ANONYMOUS_READERS
    return "; without a token you can read what is public" if open_site else ""


def _role_message(token: Any, needed: str) -> str:
    """The message for a token whose role no longer allows its scope."""
    issuer = "" if token.issuer_id in (None, token.user_id) else f", or that of {token.issued_by}"
    return (
        f"the role of {token.user.get_username()}{issuer} does not allow {needed}: ask an"
        " administrator for a role that does (docs/roles.md)"
    )


def scopes_of(view: Any, method: str) -> tuple[str, ...]:
    """The scopes of which a method of a view needs one."""
    # Views that accept writes or show restricted data name the scopes.
    named = getattr(view, "scopes", {}).get("GET" if method == "HEAD" else method)
    scopes = named or (READ if method in SAFE_METHODS else "admin")
    return (scopes,) if isinstance(scopes, str) else scopes


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
    target_class = "tracker.api.access.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002
        return {"type": "http", "scheme": "bearer"}

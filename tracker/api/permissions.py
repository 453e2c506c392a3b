"""Who may do what: each view names the scope that each of its methods needs."""

from typing import Any

from django.conf import settings
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from tracker.api import problems
from tracker.operations import tokens

READ = "read"


class Scoped(BasePermission):
    """Let a token through that has the scope, while its account's role allows that, and nobody
    else, except readers without a token of an open site."""

    def has_permission(self, request: Request, view: Any) -> bool:
        needed = scope_of(view, request.method or "")
        token: Any = request.auth
        if token is None:
            if needed == READ and settings.ANONYMOUS_READERS:
                return True
            raise NotAuthenticated("send a token: Authorization: Bearer ent_…")
        if needed not in token.scopes:
            raise problems.Refused(
                "forbidden", f"the token {token.name!r} lacks the scope {needed}{_without(needed)}"
            )
        if needed not in tokens.usable(token):
            raise problems.Refused("forbidden", _lost(token, needed))
        if request.method in getattr(view, "superusers", ()) and not tokens.of_superuser(token):
            raise problems.Refused("forbidden", "only a superuser's token may do this")
        return True


def _without(needed: str) -> str:
    """What somebody may do whose token does not read."""
    open_site = needed == READ and settings.ANONYMOUS_READERS
    return "; send no token to read what is open to all" if open_site else ""


def _lost(token: Any, needed: str) -> str:
    """Say that a role does not allow what a token was issued for."""
    issuer = "" if token.issuer_id in (None, token.user_id) else f", or that of {token.issued_by}"
    return (
        f"the role of {token.user.get_username()}{issuer} does not allow {needed}: ask an"
        " administrator for a role that does (docs/roles.md)"
    )


def scope_of(view: Any, method: str) -> str:
    """The scope that a method of a view needs."""
    # A view that takes writes, or shows what is not for every reader, says which scope they need.
    named = getattr(view, "scopes", {}).get("GET" if method == "HEAD" else method)
    return str(named or (READ if method in SAFE_METHODS else "admin"))

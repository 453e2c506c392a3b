"""Who may do what: each view names the scope that each of its methods needs."""

from typing import Any

from django.conf import settings
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from tracker.api import problems

READ = "read"


class Scoped(BasePermission):
    """Let a token through that has the scope, and nobody else, except readers of an open site."""

    def has_permission(self, request: Request, view: Any) -> bool:
        needed = scope_of(view, request.method or "")
        if needed == READ and settings.ANONYMOUS_READERS:
            return True
        token: Any = request.auth
        if token is None:
            raise NotAuthenticated("send a token: Authorization: Bearer ent_…")
        if needed in token.scopes:
            return True
        raise problems.Refused("forbidden", f"the token {token.name!r} lacks the scope {needed}")


def scope_of(view: Any, method: str) -> str:
    """The scope that a method of a view needs."""
    # A view that takes writes, or shows what is not for every reader, says which scope they need.
    named = getattr(view, "scopes", {}).get("GET" if method == "HEAD" else method)
    return str(named or (READ if method in SAFE_METHODS else "admin"))

"""Tokens at the desk: everybody issues their own, and a superuser issues them for others."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone

from tracker.admin import access
from tracker.admin.appendonly import read_number
from tracker.admin.operate import OperatePages
from tracker.operations import accounts

# Who manages accounts sees their tokens too.
SEES_ALL = "auth.view_user"
MANAGES = "auth.change_user"
LONGEST_DAYS = 730
NO_SCOPE = (
    "Your role does not allow any use of the API, so you cannot issue a token. Ask an"
    " administrator for a role."
)


class TokenPages(OperatePages):
    """The page of tokens, for whoever has a role."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.tokens)
        return [path("tokens/", view, name="desk_claim_tokens"), *super().get_urls()]

    def tokens(self, request: HttpRequest) -> HttpResponse:
        """List tokens, issue one, and revoke one."""
        scopes = accounts.allowed_scopes(request.user)
        if not scopes:
            raise PermissionDenied(NO_SCOPE)
        if "revoke" in request.POST:
            return _revoked(request, request.POST["revoke"])
        superuser = request.user.is_superuser
        given: dict[str, Any] = {"scopes": scopes, "typed": request.POST, "others": superuser}
        if request.method == "POST":
            given |= _issued(request)
        given["tokens"] = accounts.tokens(account=_whose(request))
        return self.page(request, "tokens", title="Tokens", **given)


def _whose(request: HttpRequest) -> str | None:
    """Whose tokens somebody sees: their own, or those of all."""
    return None if request.user.has_perm(SEES_ALL) else request.user.get_username()


def _issued(request: HttpRequest) -> dict[str, Any]:
    """The new token, which is shown this once, or why there is none."""
    said = request.POST
    days = read_number(said.get("days", "")) or 0
    if not 1 <= days <= LONGEST_DAYS:
        return {"problem": f"a token lasts from 1 to {LONGEST_DAYS} days"}
    own = request.user.get_username()
    try:
        token = accounts.issue(
            said.get("account", "").strip() or own,
            by=own,
            name=said.get("name", "").strip(),
            scopes=said.getlist("scope"),
            lasting=timedelta(days=days),
            at=timezone.now(),
        )
    except (accounts.NoSuchAccount, accounts.BadToken, accounts.NotAllowed) as problem:
        return {"problem": str(problem)}
    return {"token": token, "typed": {}}


def _revoked(request: HttpRequest, prefix: str) -> HttpResponse:
    try:
        gone = accounts.revoke(prefix, account=_whose(request), may=lambda one: _may(request, one))
    except (accounts.NoSuchToken, accounts.NotAllowed) as problem:
        messages.error(request, f"{problem}.")
    else:
        messages.success(request, f"The token {gone.name} of {gone.account} is revoked.")
    return HttpResponseRedirect(reverse("admin:desk_claim_tokens"))


def _may(request: HttpRequest, token: accounts.Token) -> bool:
    """Whether somebody may revoke a token: their own, or that of an account that they may edit."""
    if token.account == request.user.get_username():
        return True
    theirs = access.of_account(User.objects.get(username=token.account))
    return request.user.has_perm(MANAGES) and access.mine(request).cover(theirs)

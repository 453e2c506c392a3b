"""Roles at the desk: their permissions, the messages of refusals, and limits of failed logins.

Each role is a Django group that `migrate` creates. For another role, add a group.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

NOUNS = ("claim", "actor", "source", "document", "collection", "lens")
READ = tuple(f"desk.view_{noun}" for noun in NOUNS)
ENTER = ("desk.add_claim", "desk.change_claim", "desk.add_document")
CURATE = (
    "desk.judge_claim",
    *(f"desk.add_{noun}" for noun in ("actor", "source", "document", "collection", "lens")),
    "desk.change_lens",
    "desk.add_cue",
)
# Files and their rows are not on record. As over the API, only importers see them.
IMPORT = ("desk.view_job", "desk.add_job")
MANAGE = (
    *(
        f"auth.{verb}_{noun}"
        for noun in ("user", "group")
        for verb in ("add", "change", "delete", "view")
    ),
    "desk.view_webhook",
    "desk.change_webhook",
)
ROLES: dict[str, tuple[str, ...]] = {
    "viewer": READ,
    "analyst": (*READ, *ENTER),
    "curator": (*READ, *CURATE),
    "importer": (*READ, *IMPORT),
    "admin": (*READ, *ENTER, *CURATE, *IMPORT, *MANAGE),
}
# What each role may do, in the words of docs/desk.md.
MAY = {
    "viewer": "read everything at the desk, write briefs",
    "analyst": "also enter claims, correct, retract, reinstate, cite and link them, resolve"
    " forecasts, add documents and sources without a grade",
    "curator": "also add actors, sources, documents, collections, lenses and words for codes, give"
    " verdicts, review; enters no claims",
    "importer": "also upload files and withdraw imports",
    "admin": "all of these, and manage accounts, groups, tokens and webhooks",
}
# The role of a new account, unless another is chosen.
FIRST_ROLE = "viewer"
NO_ROLE = (
    "Your account {name} has no role yet, so it can do nothing at the desk. Ask an administrator to"
    " give it one: {roles}."
)
# What a permission allows, to complete "You may not …".
PURPOSES = {
    "desk.add_claim": "enter claims",
    "desk.change_claim": "correct, retract, reinstate, cite and link claims",
    "desk.judge_claim": "give verdicts and reviews",
    "desk.change_lens": "define the next version of a lens",
    "desk.view_webhook": "see webhooks",
    "desk.change_webhook": "test and change webhooks",
    "desk.add_cue": "change the words for codes",
    "desk.add_job": "import files and withdraw imports",
    **{
        f"desk.add_{noun}": f"add a {noun}" for noun in ("source", "document", "collection", "lens")
    },
    "desk.add_actor": "add an actor",
    **{f"desk.view_{noun}": "read at the desk" for noun in NOUNS},
    "desk.view_job": "see files and their refused rows",
}


def create_roles(**_: Any) -> None:
    """Create the roles that are missing, and give each its permissions. Permissions that were added
    to a role stay."""
    for role, names in ROLES.items():
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.add(*named_permissions(names))


def named_permissions(names: Iterable[str]) -> list[Permission]:
    """The permissions with these names."""
    condition = Q()
    for name in names:
        app, codename = name.split(".")
        condition |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(condition))


def require(request: HttpRequest, permission: str) -> None:
    """Check that the account has a permission.

    :raises PermissionDenied: names what is missing and the roles that have it.
    """
    if not request.user.has_perm(permission):
        raise PermissionDenied(refusal(request, permission))


def refusal(request: HttpRequest, permission: str) -> str:
    """The message that names what the account may not do, and the roles that may."""
    does = PURPOSES.get(permission, "do this")
    roles = [role for role, names in ROLES.items() if permission in names]
    allowed = f"That is for the role {' or '.join(roles)}" if roles else "No role may"
    own = ", ".join(request.user.groups.order_by("name").values_list("name", flat=True))
    return f"You may not {does}. {allowed}; yours is: {own or 'none'}. Ask an administrator."


def has_role(user: Any) -> bool:
    """Whether an account may do anything at the desk."""
    return bool(user.is_superuser or user.get_all_permissions())


def no_role(user: Any) -> str:
    """The message to an account that may do nothing at the desk."""
    return NO_ROLE.format(name=user.get_username(), roles=", ".join(ROLES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The rights of an account, also while it is inactive."""

    superuser: bool
    permissions: frozenset[int]

    def cover(self, other: "Rights") -> bool:
        """Whether these rights include all of the other's."""
        if self.superuser:
            return True
        return not other.superuser and other.permissions <= self.permissions


def request_rights(request: HttpRequest) -> Rights:
    """The rights at the start of a request; what it saves does not add to them."""
    rights: Rights | None = getattr(request, "rights", None)
    if rights is None:
        rights = request.rights = _granted_rights(request.user)  # type: ignore[attr-defined]
    return rights


def account_rights(user: Any) -> Rights:
    """The rights of an account that is about to be changed, also while it is inactive.

    A role counts with all permissions that `migrate` gives it, even if some were removed.
    """
    roles = user.groups.values_list("name", flat=True)
    rights = _granted_rights(user)
    return Rights(
        superuser=rights.superuser, permissions=rights.permissions | _role_permissions(roles)
    )


def group_rights(group: Group, name: str | None = None) -> Rights:
    """The rights that a group gives its members, under its own name or another."""
    held = group.permissions.values_list("pk", flat=True) if group.pk else ()
    permissions = frozenset(held) | _role_permissions([name or group.name])
    return Rights(superuser=False, permissions=permissions)


def covers_group(request: HttpRequest, group: Group) -> bool:
    """Whether the request's rights cover a group and all its members."""
    own = request_rights(request)
    if own.superuser:
        return True
    members: Iterable[Any] = group.user_set.all()
    return own.cover(group_rights(group)) and all(
        own.cover(account_rights(member)) for member in members
    )


def grantable_groups(request: HttpRequest) -> QuerySet[Group]:
    """The groups to which the request may add an account."""
    own, every = request_rights(request), Group.objects.order_by("name")
    if own.superuser:
        return every
    covered = [group.pk for group in every if own.cover(group_rights(group))]
    return every.filter(pk__in=covered)


def grantable_permissions(request: HttpRequest) -> QuerySet[Permission]:
    """The permissions that the request may grant."""
    own, every = request_rights(request), Permission.objects.select_related("content_type")
    return every if own.superuser else every.filter(pk__in=own.permissions)


def _granted_rights(user: Any) -> Rights:
    permissions = Permission.objects.filter(Q(user=user) | Q(group__user=user)).values_list(
        "pk", flat=True
    )
    return Rights(superuser=bool(user.is_superuser), permissions=frozenset(permissions))


def _role_permissions(names: Iterable[str]) -> frozenset[int]:
    permissions = {permission for name in names for permission in ROLES.get(name, ())}
    return (
        frozenset(permission.pk for permission in named_permissions(permissions))
        if permissions
        else frozenset()
    )


class LoginLimits(AxesDatabaseHandler):
    """Locks a name at an address, and an address for all names. Axes has one limit; this class adds
    the other. Attempts from many addresses are not added up, because anyone who knows a name could
    then lock its owner out."""

    def get_failures(self, request: HttpRequest, credentials: Any = None) -> int:
        """Failures with this name from this address; the full limit if the address is over its
        own."""
        counts = [
            sum(attempts.values_list("failures_since_start", flat=True))
            for attempts in self.get_user_attempts(request, credentials)
        ]
        by_name, by_address = map(int, counts)
        over = by_address >= settings.ADDRESS_FAILURE_LIMIT
        return max(by_name, settings.AXES_FAILURE_LIMIT) if over else by_name


NOT_ALLOWED = (
    "You may not do this with your account. Ask an administrator for the role that it needs."
)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The response to a request that is not allowed; inside the desk it has the desk's frame."""
    message = str(exception or "") or NOT_ALLOWED
    if is_in_desk(request):
        return refused(request, "Not for this account", message, status=403)
    return HttpResponse(message, status=403, content_type="text/plain; charset=utf-8")


def is_in_desk(request: HttpRequest) -> bool:
    """Whether somebody who is logged in asks for a page of the desk."""
    is_below = request.path_info.startswith(reverse("admin:index"))
    return is_below and bool(request.user.is_authenticated)


def refused(request: HttpRequest, title: str, says: str, *, status: int) -> HttpResponse:
    """The page of the desk that says why a request is refused."""
    frame = admin.site.each_context(request)
    context = {**frame, "title": title, "says": says, "own_heading": True}
    return render(request, "desk/refused.html", context, status=status)

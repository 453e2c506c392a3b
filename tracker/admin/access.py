"""The roles at the desk: what each may do, and how somebody is refused in words.

Each is a group of Django's that `migrate` sees to; for another role, make a group of your own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest

NOUNS = ("claim", "actor", "source", "document", "collection", "lens")
READS = tuple(f"desk.view_{noun}" for noun in NOUNS)
ENTERS = ("desk.add_claim", "desk.change_claim", "desk.add_document")
CURATES = (
    "desk.judge_claim",
    *(f"desk.add_{noun}" for noun in ("actor", "source", "document", "collection", "lens")),
    "desk.change_lens",
)
# Files and their rows are not on record: as over the API, only who brings some sees any.
BRINGS = ("desk.view_job", "desk.add_job")
MANAGES = (
    *(
        f"auth.{verb}_{noun}"
        for noun in ("user", "group")
        for verb in ("add", "change", "delete", "view")
    ),
    "desk.view_webhook",
    "desk.change_webhook",
)
ROLES: dict[str, tuple[str, ...]] = {
    "viewer": READS,
    "analyst": (*READS, *ENTERS),
    "curator": (*READS, *CURATES),
    "importer": (*READS, *BRINGS),
    "admin": (*READS, *ENTERS, *CURATES, *BRINGS, *MANAGES),
}
# What a permission is for, as a person says it.
WORDS = {
    "desk.add_claim": "enter claims",
    "desk.change_claim": "correct, retract, reinstate, cite and link claims",
    "desk.judge_claim": "give verdicts and reviews",
    "desk.change_lens": "define the next version of a lens",
    "desk.view_webhook": "see webhooks",
    "desk.change_webhook": "test and change webhooks",
    "desk.add_job": "import files and withdraw imports",
    **{
        f"desk.add_{noun}": f"add a {noun}" for noun in ("source", "document", "collection", "lens")
    },
    "desk.add_actor": "add an actor",
    **{f"desk.view_{noun}": "read at the desk" for noun in NOUNS},
    "desk.view_job": "see files and their refused rows",
}


def ensure(**_: Any) -> None:
    """See to it that every role is there with its permissions; what was added to one stays."""
    for role, names in ROLES.items():
        group, _made = Group.objects.get_or_create(name=role)
        group.permissions.add(*named_permissions(names))


def named_permissions(names: Iterable[str]) -> list[Permission]:
    """The permissions of these names."""
    wanted = Q()
    for name in names:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(wanted))


def require(request: HttpRequest, permission: str) -> None:
    """Let somebody pass who has a permission.

    :raises PermissionDenied: saying in words what is missing, and who has it.
    """
    if not request.user.has_perm(permission):
        raise PermissionDenied(refusal(request, permission))


def refusal(request: HttpRequest, permission: str) -> str:
    """Say what somebody may not do here, and which roles may."""
    does = WORDS.get(permission, "do this")
    roles = [role for role, names in ROLES.items() if permission in names]
    may = f"That is for the role {' or '.join(roles)}" if roles else "No role may"
    own = ", ".join(request.user.groups.order_by("name").values_list("name", flat=True))
    return f"You may not {does}. {may}; yours is: {own or 'none'}. Ask an administrator."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What an account may do, or could do once it is active again."""

    superuser: bool
    permissions: frozenset[int]

    def cover(self, other: "Rights") -> bool:
        """Whether these include all of the other's."""
        if self.superuser:
            return True
        return not other.superuser and other.permissions <= self.permissions


def mine(request: HttpRequest) -> Rights:
    """The rights with which a request began: what it saves does not add to them."""
    found: Rights | None = getattr(request, "rights", None)
    if found is None:
        found = request.rights = _of(request.user)  # type: ignore[attr-defined]
    return found


def of_account(user: Any) -> Rights:
    """The rights of an account that somebody is about to change, also while it is inactive.

    A role counts with all that `migrate` gives it, also where some of that was taken away.
    """
    named = user.groups.values_list("name", flat=True)
    held = _of(user)
    return Rights(superuser=held.superuser, permissions=held.permissions | _promised(named))


def of_group(group: Group, name: str | None = None) -> Rights:
    """What a group gives its members, under its own name or another."""
    held = frozenset(group.permissions.values_list("pk", flat=True)) if group.pk else frozenset()
    return Rights(superuser=False, permissions=held | _promised([name or group.name]))


def covers_group(request: HttpRequest, group: Group) -> bool:
    """Whether one may change a group: what it gives, and the accounts that are in it."""
    own = mine(request)
    if own.superuser:
        return True
    members: Iterable[Any] = group.user_set.all()
    return own.cover(of_group(group)) and all(own.cover(of_account(one)) for one in members)


def groups(request: HttpRequest) -> QuerySet[Group]:
    """The groups that one may put an account into."""
    own, every = mine(request), Group.objects.order_by("name")
    if own.superuser:
        return every
    fitting = [one.pk for one in every if own.cover(of_group(one))]
    return every.filter(pk__in=fitting)


def grantable_permissions(request: HttpRequest) -> QuerySet[Permission]:
    """The permissions that one may grant."""
    own, every = mine(request), Permission.objects.select_related("content_type")
    return every if own.superuser else every.filter(pk__in=own.permissions)


def _of(user: Any) -> Rights:
    held = Permission.objects.filter(Q(user=user) | Q(group__user=user)).values_list(
        "pk", flat=True
    )
    return Rights(superuser=bool(user.is_superuser), permissions=frozenset(held))


def _promised(names: Iterable[str]) -> frozenset[int]:
    wanted = {one for name in names for one in ROLES.get(name, ())}
    return frozenset(one.pk for one in named_permissions(wanted)) if wanted else frozenset()


class Handler(AxesDatabaseHandler):
    """Locks a name at an address, and an address for all names. Axes knows one limit; the other
    counts here. Attempts that come from many addresses are not added up: whoever knew a name
    could lock its owner out."""

    def get_failures(self, request: HttpRequest, credentials: Any = None) -> int:
        """Failures with the name from the address; the whole limit where the address is over its
        own."""
        counts = [
            sum(attempts.values_list("failures_since_start", flat=True))
            for attempts in self.get_user_attempts(request, credentials)
        ]
        by_name, by_address = map(int, counts)
        over = by_address >= settings.ADDRESS_FAILURE_LIMIT
        return max(by_name, settings.AXES_FAILURE_LIMIT) if over else by_name

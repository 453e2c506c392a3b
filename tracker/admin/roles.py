"""The roles at the desk: what each may do, and how somebody is refused in words.

Each is a group of Django's that `migrate` sees to; for another role, make a group of your own.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Q
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
        group.permissions.add(*permissions(names))


def permissions(names: Iterable[str]) -> list[Permission]:
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

"""Whose rights cover whose. No account grants rights that it lacks, and none changes or resets an
account or a group with more rights than its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from tracker.admin import roles


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


def permissions(request: HttpRequest) -> QuerySet[Permission]:
    """The permissions that one may grant."""
    own, every = mine(request), Permission.objects.select_related("content_type")
    return every if own.superuser else every.filter(pk__in=own.permissions)


def _of(user: Any) -> Rights:
    held = Permission.objects.filter(Q(user=user) | Q(group__user=user)).values_list(
        "pk", flat=True
    )
    return Rights(superuser=bool(user.is_superuser), permissions=frozenset(held))


def _promised(names: Iterable[str]) -> frozenset[int]:
    wanted = {one for name in names for one in roles.ROLES.get(name, ())}
    return frozenset(one.pk for one in roles.permissions(wanted)) if wanted else frozenset()

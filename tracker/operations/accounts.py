"""Accounts: the first administrator of a new installation, and accounts by name."""

from typing import Any

from django.contrib.auth import get_user_model

from tracker.domain.problems import NotFound


class NoSuchAccount(NotFound):
    """There is no account of that name."""


def ensure_admin(name: str, *, password: str) -> bool:
    """See to it that there is an administrator; give whether the password is the account's.

    An existing account is left as it is: somebody may have changed its password.
    """
    accounts = get_user_model().objects
    account = accounts.filter(username=name).first()
    if account is None:
        accounts.create_superuser(name, email="", password=password)
        return True
    return account.check_password(password)


def named(name: str) -> Any:
    """Give the account of that name.

    :raises NoSuchAccount:
    """
    found = get_user_model().objects.filter(username=name).first()
    if found is None:
        raise NoSuchAccount(f"there is no account {name!r}")
    return found

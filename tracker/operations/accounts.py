"""Accounts: the first administrator of a new installation."""

from django.contrib.auth import get_user_model


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


def exists(name: str) -> bool:
    """Whether there is an account of that name."""
    return get_user_model().objects.filter(username=name).exists()

"""Tokens for programs: each has a name, an account, an end and the scopes that it grants."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from tracker.models.operational import ApiToken

SCOPES = ("read", "write:claims", "curate", "import", "admin")


class NoSuchAccount(LookupError):
    """There is no account of that name."""


class BadToken(ValueError):
    """A token that cannot be issued as asked for; the message says why."""


def issue(
    account: str, *, name: str, scopes: Collection[str], lasting: timedelta, at: datetime
) -> str:
    """Issue a token and give it: it is kept hashed, so this is the only time that it is seen.

    :raises NoSuchAccount: :raises BadToken: without a name, or for a scope that does not exist.
    """
    if not name.strip():
        raise BadToken("a token needs a name, so that people know what to revoke")
    if unknown := sorted(set(scopes) - {*SCOPES}):
        raise BadToken(f"no such scope: {', '.join(unknown)}; scopes: {', '.join(SCOPES)}")
    if not scopes:
        raise BadToken(f"a token without a scope opens nothing; scopes: {', '.join(SCOPES)}")
    digest, token = get_digest_token()
    ApiToken.objects.bulk_create(
        [
            ApiToken(
                digest=digest,
                token_key=token[: CONSTANTS.TOKEN_KEY_LENGTH],
                user=_account(account),
                expiry=at + lasting,
                name=name,
                scopes=[scope for scope in SCOPES if scope in scopes],
            )
        ]
    )
    return str(token)


@transaction.atomic
def renew(
    account: str, *, name: str, scopes: Collection[str], lasting: timedelta, at: datetime
) -> str:
    """Issue a token in the place of those of the same account and name.

    :raises NoSuchAccount: :raises BadToken: as `issue`.
    """
    ApiToken.objects.filter(user=_account(account), name=name).delete()
    return issue(account, name=name, scopes=scopes, lasting=lasting, at=at)


def _account(name: str) -> Any:
    found = get_user_model().objects.filter(username=name).first()
    if found is None:
        raise NoSuchAccount(f"there is no account {name!r}")
    return found


def forget_expired(*, at: datetime) -> int:
    """Delete the tokens whose time is over; give their number."""
    return int(ApiToken.objects.filter(expiry__lte=at).delete()[0])

"""Tokens for programs: each has a name, an account, an end and the scopes that it grants."""

from collections.abc import Collection
from dataclasses import dataclass
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


class NoSuchToken(LookupError):
    """No token begins so, or several do; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A token that was issued, without what opens anything: `prefix` is how it begins."""

    prefix: str
    account: str
    name: str
    scopes: tuple[str, ...]
    expiry: datetime | None


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


def issued() -> list[Issued]:
    """Every token there is, by account and name."""
    rows = ApiToken.objects.select_related("user").order_by("user__username", "name", "digest")
    return [
        Issued(
            prefix=row.token_key,
            account=row.user.get_username(),
            name=row.name,
            scopes=tuple(row.scopes),
            expiry=row.expiry,
        )
        for row in rows
    ]


@transaction.atomic
def revoke(prefix: str) -> Issued:
    """Delete the one token that begins with `prefix`, from now on it opens nothing; give it.

    :raises NoSuchToken: if none begins so, or more than one.
    """
    found = [one for one in issued() if prefix and one.prefix.startswith(prefix)]
    if len(found) != 1:
        several = f"{len(found)} tokens begin with {prefix!r}: give more of it"
        raise NoSuchToken(several if found else f"no token begins with {prefix!r}")
    ApiToken.objects.filter(token_key=found[0].prefix).delete()
    return found[0]


def _account(name: str) -> Any:
    found = get_user_model().objects.filter(username=name).first()
    if found is None:
        raise NoSuchAccount(f"there is no account {name!r}")
    return found


def forget_expired(*, at: datetime) -> int:
    """Delete the tokens whose time is over; give their number."""
    return int(ApiToken.objects.filter(expiry__lte=at).delete()[0])

"""Tokens for programs: each has a name, an account, an end and the scopes that it grants.

A scope opens what the account's role allows at the time of use. It ends with that role.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from tracker.domain.problems import BadParameter, NotFound
from tracker.models.operational import ApiToken
from tracker.operations import accounts

# The permissions that each scope stands for. An account may use a scope while it has all of them.
NEEDS: dict[str, tuple[str, ...]] = {
    "read": ("desk.view_claim",),
    "write:claims": ("desk.add_claim", "desk.change_claim"),
    "curate": (
        "desk.judge_claim",
        "desk.change_lens",
        *(f"desk.add_{noun}" for noun in ("actor", "source", "document", "collection", "lens")),
    ),
    "import": ("desk.view_job", "desk.add_job"),
    "admin": ("desk.view_webhook", "desk.change_webhook"),
}
SCOPES = tuple(NEEDS)
# Who issues a token with access to the shell, and not as an account.
COMMAND_LINE = "command line"


class BadToken(BadParameter):
    """A token that cannot be issued as asked for; the message says why."""


class NoSuchToken(NotFound):
    """No token begins so, or several do; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A token that was issued, without what opens anything: `prefix` is how it begins."""

    prefix: str
    account: str
    name: str
    scopes: tuple[str, ...]
    # Those of them that it may be used for now.
    usable: tuple[str, ...]
    expiry: datetime | None
    issued_by: str


class NotAllowed(PermissionError):
    """Somebody may not issue or revoke this token; the message says why."""


def issue(
    account: str, *, by: str, name: str, scopes: Collection[str], lasting: timedelta, at: datetime
) -> str:
    """Issue a token and give it: it is kept hashed, so this is the only time that it is seen.

    `by` is the account that issues it, or `COMMAND_LINE`.

    :raises NoSuchAccount: :raises BadToken: without a name, for a scope that does not exist, or for
        one that the account's role does not allow. :raises NotAllowed: for another account, unless
        a superuser issues it.
    """
    issuer = None if by == COMMAND_LINE else accounts.named(by)
    if issuer and account != by and not (issuer.is_active and issuer.is_superuser):
        raise NotAllowed("you can issue tokens for your own account; a superuser can for others")
    user = accounts.named(account)
    _check(user, name=name, scopes=scopes)
    digest, token = get_digest_token()
    ApiToken.objects.bulk_create(
        [
            ApiToken(
                digest=digest,
                token_key=token[: CONSTANTS.TOKEN_KEY_LENGTH],
                user=user,
                expiry=at + lasting,
                name=name,
                scopes=[scope for scope in SCOPES if scope in scopes],
                issued_by=by,
                issuer=issuer,
            )
        ]
    )
    return str(token)


def _check(user: Any, *, name: str, scopes: Collection[str]) -> None:
    if not name.strip():
        raise BadToken("a token requires a name, so that it can be recognised and revoked")
    if unknown := sorted(set(scopes) - {*SCOPES}):
        raise BadToken(f"unknown scope: {', '.join(unknown)}; expected one of: {', '.join(SCOPES)}")
    if not scopes:
        raise BadToken(f"a token requires at least one scope of: {', '.join(SCOPES)}")
    if beyond := [one for one in scopes if one not in allowed(user)]:
        raise BadToken(_beyond(user, beyond))


def _beyond(user: Any, scopes: list[str]) -> str:
    """Say what the role of an account lacks for some scopes."""
    may = ", ".join(allowed(user)) or "no scope"
    return (
        f"the role of {user.get_username()} does not allow {', '.join(scopes)} (it allows {may}):"
        " give the account a role that does, at the desk under Users"
    )


def allowed(user: Any) -> tuple[str, ...]:
    """The scopes that the role of an account allows now; none while it is inactive."""
    return tuple(scope for scope, needed in NEEDS.items() if user.has_perms(needed))


def usable(token: ApiToken) -> tuple[str, ...]:
    """The scopes that a token may be used for now: what its account may do, and, where somebody
    else issued it, what that account may still do."""
    may = set(token.scopes).intersection(*(allowed(one) for one in _answering_for(token)))
    return tuple(scope for scope in SCOPES if scope in may)


def of_superuser(token: ApiToken) -> bool:
    """Whether a token may do what only superusers may."""
    return all(one.is_active and one.is_superuser for one in _answering_for(token))


def _answering_for(token: ApiToken) -> list[Any]:
    """The account of a token, and the one that issued it if that is another."""
    others = token.issuer_id not in (None, token.user_id)
    return [token.user, token.issuer] if others else [token.user]


@transaction.atomic
def renew(
    account: str, *, by: str, name: str, scopes: Collection[str], lasting: timedelta, at: datetime
) -> str:
    """Issue a token in the place of those of the same account and name.

    :raises NoSuchAccount: :raises BadToken: :raises NotAllowed: as `issue`.
    """
    ApiToken.objects.filter(user=accounts.named(account), name=name).delete()
    return issue(account, by=by, name=name, scopes=scopes, lasting=lasting, at=at)


def issued(*, account: str | None = None) -> list[Issued]:
    """Every token there is, or those of an account, by account and name."""
    rows = ApiToken.objects.select_related("user", "issuer")
    if account is not None:
        rows = rows.filter(user__username=account)
    return [
        Issued(
            prefix=row.token_key,
            account=row.user.get_username(),
            name=row.name,
            scopes=tuple(row.scopes),
            usable=usable(row),
            expiry=row.expiry,
            issued_by=row.issued_by or "unknown",
        )
        for row in rows.order_by("user__username", "name", "digest")
    ]


@transaction.atomic
def revoke(
    prefix: str, *, account: str | None = None, may: Callable[[Issued], bool] | None = None
) -> Issued:
    """Delete the one token that begins with `prefix`, of all or of an account; give it.

    :raises NoSuchToken: if none begins so, or more than one. :raises NotAllowed: if `may`
        says no to it.
    """
    known = issued(account=account)
    found = [one for one in known if prefix and one.prefix.startswith(prefix)]
    if len(found) != 1:
        several = f"{len(found)} tokens begin with {prefix!r}: give more of it"
        raise NoSuchToken(several if found else f"no token begins with {prefix!r}")
    if may and not may(found[0]):
        raise NotAllowed(f"{found[0].account} has rights that your account lacks")
    ApiToken.objects.filter(token_key=found[0].prefix).delete()
    return found[0]


def forget_expired(*, at: datetime) -> int:
    """Delete the tokens whose time is over; give their number."""
    return int(ApiToken.objects.filter(expiry__lte=at).delete()[0])

"""Accounts: the first administrator of a new installation, and accounts by name."""

from base64 import b32encode
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from tracker.domain.problems import BadParameter, NotFound
from tracker.models.operational import ApiToken


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


def by_name(name: str) -> Any:
    """Give the account of that name.

    :raises NoSuchAccount:
    """
    found = get_user_model().objects.filter(username=name).first()
    if found is None:
        raise NoSuchAccount(f"there is no account {name!r}")
    return found


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
class Token:
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
    issuer = None if by == COMMAND_LINE else by_name(by)
    if issuer and account != by and not (issuer.is_active and issuer.is_superuser):
        raise NotAllowed("you can issue tokens for your own account; a superuser can for others")
    user = by_name(account)
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
    if beyond := [one for one in scopes if one not in allowed_scopes(user)]:
        raise BadToken(_scopes_message(user, beyond))


def _scopes_message(user: Any, scopes: list[str]) -> str:
    """Say what the role of an account lacks for some scopes."""
    may = ", ".join(allowed_scopes(user)) or "no scope"
    return (
        f"the role of {user.get_username()} does not allow {', '.join(scopes)} (it allows {may}):"
        " give the account a role that does, at the desk under Users"
    )


def allowed_scopes(user: Any) -> tuple[str, ...]:
    """The scopes that the role of an account allows now; none while it is inactive."""
    return tuple(scope for scope, needed in NEEDS.items() if user.has_perms(needed))


def usable_scopes(token: ApiToken) -> tuple[str, ...]:
    """The scopes that a token may be used for now: what its account may do, and, where somebody
    else issued it, what that account may still do."""
    may = set(token.scopes).intersection(
        *(allowed_scopes(one) for one in _responsible_accounts(token))
    )
    return tuple(scope for scope in SCOPES if scope in may)


def of_superuser(token: ApiToken) -> bool:
    """Whether a token may do what only superusers may."""
    return all(one.is_active and one.is_superuser for one in _responsible_accounts(token))


def _responsible_accounts(token: ApiToken) -> list[Any]:
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
    ApiToken.objects.filter(user=by_name(account), name=name).delete()
    return issue(account, by=by, name=name, scopes=scopes, lasting=lasting, at=at)


def tokens(*, account: str | None = None) -> list[Token]:
    """Every token there is, or those of an account, by account and name."""
    rows = ApiToken.objects.select_related("user", "issuer")
    if account is not None:
        rows = rows.filter(user__username=account)
    return [
        Token(
            prefix=row.token_key,
            account=row.user.get_username(),
            name=row.name,
            scopes=tuple(row.scopes),
            usable=usable_scopes(row),
            expiry=row.expiry,
            issued_by=row.issued_by or "unknown",
        )
        for row in rows.order_by("user__username", "name", "digest")
    ]


@transaction.atomic
def revoke(
    prefix: str, *, account: str | None = None, may: Callable[[Token], bool] | None = None
) -> Token:
    """Delete the one token that begins with `prefix`, of all or of an account; give it.

    :raises NoSuchToken: if none begins so, or more than one. :raises NotAllowed: if `may`
        says no to it.
    """
    known = tokens(account=account)
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


RECOVERY_CODES = 10
DIGITS = 6


class WrongCode(ValueError):
    """The code is not the account's, was used before, or came too soon; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What an app needs: `url` is in the QR code, `secret` is typed by hand."""

    url: str
    secret: str


def has_second_factor(user: Any) -> bool:
    """Whether an account has a second factor."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def is_authenticated(user: Any) -> bool:
    """Whether the account of a session is logged in with all that is asked of it: the second factor
    where it has one, and having one where it is required."""
    if not user.is_authenticated:
        return False
    return bool(user.is_verified()) or not (has_second_factor(user) or settings.REQUIRE_MFA)


def start_setup(user: Any) -> None:
    """Make a new secret, which counts once `confirm` has seen a code of it."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def pending_setup(user: Any) -> Setup | None:
    """The secret that waits for its first code."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    if device is None:
        return None
    secret = b32encode(device.bin_key).decode()
    groups = (secret[place : place + 4] for place in range(0, len(secret), 4))
    return Setup(url=str(device.config_url), secret=" ".join(groups))


def confirm(user: Any, code: str) -> Device:
    """Take the new secret into use, and give its device.

    :raises WrongCode: if the code is not of that secret, or there is a second factor already.
    """
    waiting = TOTPDevice.objects.filter(user=user, confirmed=False)
    if has_second_factor(user):
        raise WrongCode("This account has a second factor already: remove it first.")
    device = _verified(waiting, code)
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    return device


def check_code(user: Any, code: str) -> Device:
    """Give the device of an account whose code this is; the code cannot be used again.

    :raises WrongCode: if it is of none, or too soon after wrong ones.
    """
    typed = "".join(code.split()).lower()
    if typed.isdecimal() and len(typed) == DIGITS:
        return _verified(TOTPDevice.objects.filter(user=user, confirmed=True), typed)
    return _verified(StaticDevice.objects.filter(user=user), typed)


@transaction.atomic
def renew_recovery_codes(user: Any) -> list[str]:
    """Give new recovery codes; the old ones work no more. This is the only time they are shown."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=one) for one in codes])
    return codes


def recovery_codes_left(user: Any) -> int:
    """How many recovery codes were not used yet."""
    return int(StaticToken.objects.filter(device__user=user).count())


@transaction.atomic
def remove_second_factor(user: Any) -> bool:
    """Remove the second factor of an account; give whether it had one."""
    StaticDevice.objects.filter(user=user).delete()
    had = has_second_factor(user)
    TOTPDevice.objects.filter(user=user).delete()
    return had


def reset_second_factor(account: str) -> bool:
    """Remove the second factor of an account by its name; give whether it had one.

    :raises NoSuchAccount:
    """
    return remove_second_factor(by_name(account))


def staff_accounts() -> list[tuple[str, bool]]:
    """Who may use the desk, by name, and whether they have a second factor."""
    staff = get_user_model().objects.filter(is_active=True, is_staff=True).order_by("username")
    having = set(TOTPDevice.objects.filter(confirmed=True).values_list("user", flat=True))
    return [(one.get_username(), one.pk in having) for one in staff]


def _verified(devices: Any, code: str) -> Device:
    """The device that takes a code. A failure is counted, so it must outlast the exception."""
    with transaction.atomic():
        # Locked, so that two requests at the same time cannot use one code.
        device = devices.select_for_update().first()
        may, why = device.verify_is_allowed() if device else (True, {})
        right = bool(device and may and device.verify_token("".join(code.split())))
    if not may:
        seconds = ceil((why["locked_until"] - timezone.now()).total_seconds())
        raise WrongCode(f"The last code was wrong. Wait {seconds} s, then try again.")
    if not right:
        raise WrongCode("That code is wrong, or it was used already. Enter the next one.")
    return device

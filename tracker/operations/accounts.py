"""Accounts: the first administrator, API tokens, and second factors."""

from base64 import b32encode
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from tracker.domain.problems import BadParameter, NotFound
from tracker.models.operational import AccountName, ApiToken


class NoSuchAccount(NotFound):
    """There is no account of that name."""


def ensure_admin(name: str, *, password: str) -> bool:
    """Create the administrator if missing. Returns whether the account has this password.

    An existing account is not changed: its password may have been changed.
    """
    accounts = get_user_model().objects
    account = accounts.filter(username=name).first()
    if account is None:
        accounts.create_superuser(name, email="", password=password)
        return True
    return account.check_password(password)


def by_name(name: str) -> Any:
    """The account of that name.

    :raises NoSuchAccount:
    """
    account = get_user_model().objects.filter(username=name).first()
    if account is None:
        raise NoSuchAccount(f"there is no account {name!r}")
    return account


class BadName(BadParameter):
    """A name cannot be that of an account. The message has the reason."""


def check_name(name: str, *, account: int | None) -> None:
    """Check a name for an account, or for a new one.

    Names are ASCII and differ not only in capitals, so that no two look the same, and no account
    gets one that another had: the log has the names of authors.

    :raises BadName:
    """
    if not name.isascii():
        raise BadName("A user name has only letters of English, digits and @ . + - _")
    if AccountName.objects.filter(name__iexact=name).exclude(account=account or 0).exists():
        raise BadName(f"{name} is or was the name of another account: choose another name")


def before_saving(instance: Any, update_fields: Collection[str] | None = None, **_: Any) -> None:
    """Check the name of an account that is saved, whoever saves it.

    :raises ValidationError:
    """
    if update_fields is None or "username" in update_fields:
        try:
            check_name(instance.get_username(), account=instance.pk)
        except BadName as problem:
            raise ValidationError({"username": str(problem)}) from problem


def after_saving(instance: Any, **_: Any) -> None:
    """Keep the name of an account."""
    AccountName.objects.get_or_create(
        name=instance.get_username(), defaults={"account": instance.pk}
    )


# The permissions that each scope requires. An account can use a scope while it has all of them.
PERMISSIONS: dict[str, tuple[str, ...]] = {
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
SCOPES = tuple(PERMISSIONS)
# The issuer of a token that is issued from the shell, without an account.
COMMAND_LINE = "command line"


class BadToken(BadParameter):
    """A token cannot be issued with these values. The message has the reason."""


class NoSuchToken(NotFound):
    """No token has this prefix, or several do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An issued token without its secret. `prefix` is its first characters."""

    prefix: str
    account: str
    name: str
    scopes: tuple[str, ...]
    # The scopes that can be used now.
    usable: tuple[str, ...]
    expiry: datetime | None
    issued_by: str


class TokenNotAllowed(PermissionError):
    """The account may not issue or revoke this token. The message has the reason."""


def issue(
    account: str, *, by: str, name: str, scopes: Collection[str], lasting: timedelta, at: datetime
) -> str:
    """Issue a token and return it. It is stored hashed, so it cannot be shown again.

    `by` is the account that issues it, or `COMMAND_LINE`.

    :raises NoSuchAccount: :raises BadToken: without a name, for an unknown scope, or for one that
        the account's role does not allow. :raises NotAllowed: for another account, unless a
        superuser issues it.
    """
    issuer = None if by == COMMAND_LINE else by_name(by)
    if issuer and account != by and not (issuer.is_active and issuer.is_superuser):
        raise TokenNotAllowed(
            "you can issue tokens for your own account; a superuser can for others"
        )
    user = by_name(account)
    _check(user, name=name, scopes=scopes)
    digest, token = get_digest_token()
    row = ApiToken(
        digest=digest,
        token_key=token[: CONSTANTS.TOKEN_KEY_LENGTH],
        user=user,
        expiry=at + lasting,
        name=name,
        scopes=[scope for scope in SCOPES if scope in scopes],
        issued_by=by,
        issuer=issuer,
    )
    ApiToken.objects.bulk_create([row])
    return str(token)


def _check(user: Any, *, name: str, scopes: Collection[str]) -> None:
    if not name.strip():
        raise BadToken("a token requires a name, so that it can be recognised and revoked")
    if unknown := sorted(set(scopes) - {*SCOPES}):
        raise BadToken(f"unknown scope: {', '.join(unknown)}; expected one of: {', '.join(SCOPES)}")
    if not scopes:
        raise BadToken(f"a token requires at least one scope of: {', '.join(SCOPES)}")
    if excess := [scope for scope in scopes if scope not in allowed_scopes(user)]:
        raise BadToken(_scopes_message(user, excess))


def _scopes_message(user: Any, scopes: list[str]) -> str:
    allowed = ", ".join(allowed_scopes(user)) or "no scope"
    return (
        f"the role of {user.get_username()} does not allow {', '.join(scopes)} (it allows"
        f" {allowed}): give the account a role that does, at the desk under Users"
    )


def allowed_scopes(user: Any) -> tuple[str, ...]:
    """The scopes that the role of an account allows now; none while it is inactive."""
    return tuple(scope for scope, required in PERMISSIONS.items() if user.has_perms(required))


def usable_scopes(token: ApiToken) -> tuple[str, ...]:
    """The scopes of a token that its account, and the account that issued it, are allowed now."""
    allowed = [allowed_scopes(account) for account in _responsible_accounts(token)]
    usable = set(token.scopes).intersection(*allowed)
    return tuple(scope for scope in SCOPES if scope in usable)


def of_superuser(token: ApiToken) -> bool:
    """Whether a token has the rights of a superuser."""
    accounts = _responsible_accounts(token)
    return all(account.is_active and account.is_superuser for account in accounts)


def _responsible_accounts(token: ApiToken) -> list[Any]:
    """The account of a token, and the account that issued it if different."""
    issued_by_other = token.issuer_id not in (None, token.user_id)
    return [token.user, token.issuer] if issued_by_other else [token.user]


@transaction.atomic
def renew(
    account: str, *, by: str, name: str, scopes: Collection[str], lasting: timedelta, at: datetime
) -> str:
    """Replace the tokens of an account with the same name by a new one.

    :raises NoSuchAccount: :raises BadToken: :raises NotAllowed: as `issue`.
    """
    ApiToken.objects.filter(user=by_name(account), name=name).delete()
    return issue(account, by=by, name=name, scopes=scopes, lasting=lasting, at=at)


def tokens(*, account: str | None = None) -> list[Token]:
    """All tokens, or those of an account, ordered by account and name."""
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
    """Delete the only token that begins with `prefix`, of all or of an account, and return it.

    :raises NoSuchToken: if no token begins so, or several do.
    :raises NotAllowed: if `may` returns False for it.
    """
    matches = [t for t in tokens(account=account) if prefix and t.prefix.startswith(prefix)]
    if len(matches) != 1:
        several = f"{len(matches)} tokens begin with {prefix!r}: give more of it"
        raise NoSuchToken(several if matches else f"no token begins with {prefix!r}")
    token = matches[0]
    if may and not may(token):
        raise TokenNotAllowed(f"{token.account} has rights that your account lacks")
    ApiToken.objects.filter(token_key=token.prefix).delete()
    return token


def forget_expired(*, at: datetime) -> int:
    """Delete expired tokens. Returns their number."""
    return int(ApiToken.objects.filter(expiry__lte=at).delete()[0])


RECOVERY_CODES = 10
DIGITS = 6


class WrongCode(ValueError):
    """The code is wrong, was used before, or came too soon. The message has the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """The secret for an app: `url` for the QR code, `secret` for typing."""

    url: str
    secret: str


def has_second_factor(user: Any) -> bool:
    """Whether an account has a second factor."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def is_authenticated(user: Any) -> bool:
    """Whether the account of a session is fully logged in: with its second factor if it has one,
    and never without one if `REQUIRE_MFA` is set."""
    if not user.is_authenticated:
        return False
    return bool(user.is_verified()) or not (has_second_factor(user) or settings.REQUIRE_MFA)


def start_setup(user: Any) -> None:
    """Create a new secret. It is in use after `confirm`."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def pending_setup(user: Any) -> Setup | None:
    """The new secret that is not confirmed yet."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    if device is None:
        return None
    secret = b32encode(device.bin_key).decode()
    groups = (secret[place : place + 4] for place in range(0, len(secret), 4))
    return Setup(url=str(device.config_url), secret=" ".join(groups))


def confirm(user: Any, code: str) -> Device:
    """Confirm the new secret by a code, and return its device.

    :raises WrongCode: if the code is wrong, or there already is a second factor.
    """
    pending = TOTPDevice.objects.filter(user=user, confirmed=False)
    if has_second_factor(user):
        raise WrongCode("This account has a second factor already: remove it first.")
    device = _verified(pending, code)
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    return device


def check_code(user: Any, code: str) -> Device:
    """The device of an account that this code belongs to. A code can be used once.

    :raises WrongCode: if no device has it, or it comes too soon after wrong ones.
    """
    compact = "".join(code.split()).lower()
    if compact.isdecimal() and len(compact) == DIGITS:
        return _verified(TOTPDevice.objects.filter(user=user, confirmed=True), compact)
    return _verified(StaticDevice.objects.filter(user=user), compact)


@transaction.atomic
def renew_recovery_codes(user: Any) -> list[str]:
    """Replace the recovery codes and return the new ones. They cannot be shown again."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return codes


def recovery_codes_left(user: Any) -> int:
    """The number of unused recovery codes."""
    return int(StaticToken.objects.filter(device__user=user).count())


@transaction.atomic
def remove_second_factor(user: Any) -> bool:
    """Remove the second factor of an account. Returns whether it had one."""
    StaticDevice.objects.filter(user=user).delete()
    existed = has_second_factor(user)
    TOTPDevice.objects.filter(user=user).delete()
    return existed


def reset_second_factor(account: str) -> bool:
    """Remove the second factor of an account by its name. Returns whether it had one.

    :raises NoSuchAccount:
    """
    return remove_second_factor(by_name(account))


def staff_accounts() -> list[tuple[str, bool]]:
    """The accounts that can use the desk, by name, and whether they have a second factor."""
    staff = get_user_model().objects.filter(is_active=True, is_staff=True).order_by("username")
    confirmed = set(TOTPDevice.objects.filter(confirmed=True).values_list("user", flat=True))
    return [(account.get_username(), account.pk in confirmed) for account in staff]


def _verified(devices: Any, code: str) -> Device:
    """The device that accepts a code. The transaction ends before an error is raised, so that the
    failure is counted."""
    with transaction.atomic():
        # Locked, so that two concurrent requests cannot use one code.
        device = devices.select_for_update().first()
        allowed, details = device.verify_is_allowed() if device else (True, {})
        accepted = bool(device and allowed and device.verify_token("".join(code.split())))
    if not allowed:
        seconds = ceil((details["locked_until"] - timezone.now()).total_seconds())
        raise WrongCode(f"The last code was wrong. Wait {seconds} s, then try again.")
    if not accepted:
        raise WrongCode("That code is wrong, or it was used already. Enter the next one.")
    return device

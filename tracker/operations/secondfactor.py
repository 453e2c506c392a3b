"""The second factor of an account: codes from an app (TOTP), and recovery codes to use once."""

from base64 import b32encode
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tracker.operations import accounts

RECOVERY_CODES = 10
DIGITS = 6


class WrongCode(ValueError):
    """The code is not the account's, was used before, or came too soon; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What an app needs: `url` is in the QR code, `secret` is typed by hand."""

    url: str
    secret: str


def enrolled(user: Any) -> bool:
    """Whether an account has a second factor."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def passed(user: Any) -> bool:
    """Whether the account of a session is logged in with all that is asked of it: the second factor
    where it has one, and having one where it is required."""
    if not user.is_authenticated:
        return False
    return bool(user.is_verified()) or not (enrolled(user) or settings.REQUIRE_MFA)


def begin(user: Any) -> None:
    """Make a new secret, which counts once `confirm` has seen a code of it."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def begun(user: Any) -> Setup | None:
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
    if enrolled(user):
        raise WrongCode("This account has a second factor already: remove it first.")
    device = _verified(waiting, code)
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    return device


def check(user: Any, code: str) -> Device:
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
def remove(user: Any) -> bool:
    """Remove the second factor of an account; give whether it had one."""
    StaticDevice.objects.filter(user=user).delete()
    had = enrolled(user)
    TOTPDevice.objects.filter(user=user).delete()
    return had


def reset(account: str) -> bool:
    """Remove the second factor of an account by its name; give whether it had one.

    :raises NoSuchAccount:
    """
    return remove(accounts.named(account))


def listing() -> list[tuple[str, bool]]:
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

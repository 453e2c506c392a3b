"""Signatures as Standard Webhooks 1.0 has them, and the secrets behind them.

A secret follows from `SECRET_KEY` and a salt, so that neither the database nor a backup holds it.
"""

import base64
import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook

# After a new secret was given out, messages are signed with the old one too.
OVERLAP = timedelta(hours=24)
PREFIX = "whsec_"

type Salted = dict[str, Any]


class KeyChanged(Exception):
    """`SECRET_KEY` is another one than when the secret was given out."""


def salted() -> Salted:
    """The salt of a new secret, with a check that says later whether it still follows."""
    salt = secrets.token_hex(16)
    return {"salt": salt, "check": _check(_key(salt)), "until": None}


def renewed(held: Sequence[Salted], *, at: datetime) -> list[Salted]:
    """A new salt before those that are still used, which end soon."""
    end = (at + OVERLAP).isoformat()
    return [salted(), *({**one, "until": one["until"] or end} for one in _usable(held, at))]


def secret(held: Sequence[Salted]) -> str:
    """The newest secret, as receivers want it."""
    return PREFIX + base64.b64encode(_key(held[0]["salt"])).decode()


def headers(held: Sequence[Salted], key: str, body: str, *, at: datetime) -> dict[str, str]:
    """The headers that sign a message, with each secret in use.

    :raises KeyChanged:
    """
    # The library reads every time as one of UTC.
    moment = at.astimezone(UTC)
    signers = [Webhook(_trusted(one)) for one in _usable(held, at)]
    return {
        "webhook-id": key,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(one.sign(key, moment, body) for one in signers),
    }


def _usable(held: Iterable[Salted], at: datetime) -> list[Salted]:
    return [one for one in held if not one["until"] or datetime.fromisoformat(one["until"]) > at]


def _trusted(one: Salted) -> bytes:
    key = _key(one["salt"])
    if _check(key) != one["check"]:
        raise KeyChanged("SECRET_KEY was changed: give the receiver a new secret")
    return key


def _key(salt: str) -> bytes:
    return salted_hmac("tracker.webhooks", salt, algorithm="sha256").digest()


def _check(key: bytes) -> str:
    return hashlib.sha256(b"check" + key).hexdigest()[:16]

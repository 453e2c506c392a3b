"""New ids: UUIDv7 (RFC 9562), which sort by time."""

import hashlib
import random
import secrets
from datetime import datetime
from uuid import UUID

from tracker.domain.events import NAMESPACE

_random: random.Random = secrets.SystemRandom()
# The beginning of every hash of a content id, and the bits of a UUIDv5 that are not of its hash.
_BEGUN = hashlib.sha1(NAMESPACE.bytes, usedforsecurity=False)
_OWN_BITS, _VERSION_5 = 0xF000 << 64 | 0xC000 << 48, 0x5000 << 64 | 0x8000 << 48


def new_id(at: datetime) -> UUID:
    """A new id whose first 48 bits are the milliseconds of `at`."""
    milliseconds = int(at.timestamp() * 1000) & 0xFFFF_FFFF_FFFF
    bits = _random.getrandbits(74)
    value = milliseconds << 80 | 0x7 << 76 | (bits >> 62) << 64 | 0b10 << 62
    return UUID(int=value | bits & (1 << 62) - 1)


def new_ids(at: datetime, number: int) -> list[UUID]:
    """New ids in ascending order."""
    return sorted(new_id(at) for _ in range(number))


def content_id(collection: str, key: str) -> UUID:
    """The id of a seeded or imported record, derived from its collection and key: that of `uuid5`,
    in two thirds of its time."""
    named = _BEGUN.copy()
    named.update(f"{collection}:{key}".encode())
    number = int.from_bytes(named.digest()[:16])
    return UUID(int=number & ~_OWN_BITS | _VERSION_5)

"""The leaf of an event: the hash that binds its columns, and with them its place in the log."""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codec

_TICK = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Unplaced(NamedTuple):
    """What a leaf says of an event beside its position and its time, which are known last."""

    stream: UUID
    version: int
    kind: str
    schema: int
    by: str
    body: str
    text_sha256: bytes | None


class Ends(NamedTuple):
    """The text of a leaf around its time: what stands between the position and it, and after."""

    middle: str
    last: str


def ends(one: Unplaced) -> Ends:
    """Write what can be written before the place is known."""
    body = hashlib.sha256(one.body.encode()).hexdigest()
    words = "" if one.text_sha256 is None else one.text_sha256.hex()
    return Ends(
        middle=f',"{one.stream}",{one.version},{_json(one.kind)},{one.schema},',
        last=f',{_json(one.by)},"{body}","{words}"]',
    )


def micros(at: datetime) -> int:
    """A moment as the leaf has it: in microseconds since 1970."""
    return (at - _EPOCH) // _TICK


def leaf(log_id: UUID, position: int, since: int, ends: Ends) -> bytes:
    """The RFC 6962 leaf of an event: SHA-256 over 0x00 and its columns as canonical JSON."""
    written = f'["{log_id}",{position}{ends.middle}{since}{ends.last}'
    return hashlib.sha256(b"\0" + written.encode()).digest()


@lru_cache(1024)
def _json(text: str) -> str:
    return codec.canonical(text)

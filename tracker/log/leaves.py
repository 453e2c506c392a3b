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


def opening(log_id: UUID) -> str:
    """How the text of each leaf of a log begins."""
    return f'["{log_id}",'


def ends(one: Unplaced) -> tuple[str, str]:
    """Write what can be written before the place is known: the text of the leaf between position
    and time, and after the time."""
    stream, version, kind, schema, by, body, text_sha256 = one
    words = "" if text_sha256 is None else text_sha256.hex()
    return (
        f',"{stream}",{version},{_json(kind)},{schema},',
        f',{_json(by)},"{hashlib.sha256(body.encode()).hexdigest()}","{words}"]',
    )


def micros(at: datetime) -> int:
    """A moment as the leaf has it: in microseconds since 1970."""
    return (at - _EPOCH) // _TICK


def leaf(opening: str, position: int, since: int, ends: tuple[str, str]) -> bytes:
    """The RFC 6962 leaf of an event: SHA-256 over 0x00 and its columns as canonical JSON."""
    written = f"\0{opening}{position}{ends[0]}{since}{ends[1]}"
    return hashlib.sha256(written.encode()).digest()


@lru_cache(1024)
def _json(text: str) -> str:
    return codec.canonical(text)

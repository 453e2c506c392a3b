"""The hashes that bind the log, computed anew from what is stored."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tracker.domain import codec
from tracker.log.reading import head
from tracker.log.stored import Stored, stored


def damage(*, after: int, limit: int) -> tuple[int, list[str]]:
    """Recompute the hashes of up to `limit` events; give the last position and what is wrong.

    Words that are withheld cannot be checked: their hash is bound by the leaf.
    """
    log_id = head().log_id
    rows = stored(after=after, limit=limit)
    found: list[str] = []
    for expected, row in enumerate(rows, start=after + 1):
        if row.position != expected:
            found.append(f"position {expected} is missing")
            break
        if _leaf_hash(log_id, row) != row.leaf_hash:
            found.append(f"event {row.position} is not what was recorded")
        if _text_hash(row) not in (None, row.text_sha256):
            found.append(f"the words of event {row.position} are not those recorded")
    return (rows[-1].position if rows else after), found


def _text_hash(row: Stored) -> bytes | None:
    if row.salt is None or row.text is None:
        return None
    return hashlib.sha256(row.salt + row.text.encode()).digest()


def _leaf_hash(log_id: UUID, row: Stored) -> bytes:
    """The RFC 6962 leaf of an event: SHA-256 over 0x00 and its columns as canonical JSON."""
    since = row.recorded_at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    leaf = [
        str(log_id),
        row.position,
        str(row.stream),
        row.version,
        row.kind,
        row.schema,
        since // timedelta(microseconds=1),
        row.recorded_by,
        hashlib.sha256(row.body.encode()).hexdigest(),
        "" if row.text_sha256 is None else row.text_sha256.hex(),
    ]
    return hashlib.sha256(b"\0" + codec.canonical(leaf).encode()).digest()

"""The hashes that bind the log, computed anew from what is stored."""

import hashlib
from uuid import UUID

from tracker.log.leaves import Unplaced, ends, leaf, micros, opening
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
    said = Unplaced(
        stream=row.stream,
        version=row.version,
        kind=row.kind,
        schema=row.schema,
        by=row.recorded_by,
        body=row.body,
        text_sha256=row.text_sha256,
    )
    return leaf(opening(log_id), row.position, micros(row.recorded_at), ends(said))

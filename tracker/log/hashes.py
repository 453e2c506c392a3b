"""The hashes that bind the log, computed anew from what is stored."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from tracker.domain import codec
from tracker.log.reading import head


class _Row(NamedTuple):
    position: int
    stream: UUID
    version: int
    kind: str
    schema: int
    recorded_at: datetime
    recorded_by: str
    body: str
    text_sha256: bytes | None
    leaf_hash: bytes


def damage(*, after: int, limit: int) -> tuple[int, list[str]]:
    """Recompute the hashes of up to `limit` events; give the last position and what is wrong.

    Words that are withheld cannot be checked: their hash is bound by the leaf.
    """
    log_id = head().log_id
    rows = _rows(after=after, limit=limit)
    found: list[str] = []
    for expected, (row, salt, text) in enumerate(rows, start=after + 1):
        if row.position != expected:
            found.append(f"position {expected} is missing")
            break
        if _leaf_hash(log_id, row) != row.leaf_hash:
            found.append(f"event {row.position} is not what was recorded")
        if text is not None and hashlib.sha256(salt + text.encode()).digest() != row.text_sha256:
            found.append(f"the words of event {row.position} are not those recorded")
    return (rows[-1][0].position if rows else after), found


def _rows(*, after: int, limit: int) -> list[tuple[_Row, Any, Any]]:
    columns = ", ".join(f"e.{name}" for name in _Row._fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, t.salt, t.text FROM event e LEFT JOIN event_text t"  # noqa: S608
            " USING (position) WHERE e.position > %s ORDER BY e.position LIMIT %s",
            [after, limit],
        )
        return [(_Row(*row), salt, text) for *row, salt, text in cursor.fetchall()]


def _leaf_hash(log_id: UUID, row: _Row) -> bytes:
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

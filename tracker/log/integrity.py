"""What is missing from the log, or was never recorded, by counting."""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from tracker.domain import codec
from tracker.log.reading import Stored, head, stored

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


# Of one kind of damage, so many are named.
MOST = 20
_QUESTIONS = (
    (
        "SELECT format('the log has %s events up to position %s, its head says %s',"
        " n, last, position)"
        " FROM (SELECT count(*) AS n, coalesce(max(position), 0) AS last FROM event) AS e, log_head"
        " WHERE n <> position OR last <> position"
    ),
    (
        "SELECT format('stream %s has %s events up to version %s', stream, count(*), max(version))"
        " FROM event GROUP BY stream HAVING count(*) <> max(version) ORDER BY stream"
    ),
    (
        "SELECT format('event %s was recorded before the one before it', position) FROM"
        " (SELECT position, recorded_at <= lag(recorded_at) OVER (ORDER BY position) AS early"
        "  FROM event) AS e WHERE early ORDER BY position"
    ),
    (
        "SELECT format('event %s has words that nobody recorded', position) FROM event"
        " JOIN event_text USING (position) WHERE text_sha256 IS NULL ORDER BY position"
    ),
    (
        "SELECT format('the words of event %s are gone, and nobody withheld them', e.position)"
        " FROM event e LEFT JOIN event_text t USING (position)"
        " WHERE e.text_sha256 IS NOT NULL AND t.position IS NULL AND NOT EXISTS"
        " (SELECT FROM event w WHERE w.kind = 'TextWithheld'"
        " AND (w.body::json ->> 'position')::bigint = e.position) ORDER BY e.position"
    ),
)


def gaps() -> list[str]:
    """Say what the counts betray: holes in the positions or in a stream's versions, an end cut
    off, a disordered clock, words too many or too few."""
    found: list[str] = []
    for question in _QUESTIONS:
        with connection.cursor() as cursor:
            cursor.execute(f"{question} LIMIT {MOST}")
            found += [row[0] for row in cursor.fetchall()]
    return found

"""Idempotency keys: a write that is sent twice is done once. The response is stored for a day.

The row of the key is written first, in the transaction of the write. So a second request with the
same key waits for the outcome, and a failed write leaves no row.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.db import OperationalError, connection, transaction

from tracker.domain.problems import Conflict, NotYet

RETENTION = timedelta(hours=24)
LONGEST_KEY = 255


class InFlight(NotYet):
    """A write with the same key is still in progress after two seconds."""

    kind = "in-flight"
    wait = 1


class OtherBody(Conflict):
    """The key was used with another body."""

    kind = "key-reused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key and its scope. `user` is the account's id."""

    user: int
    method: str
    path: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The response to a write: status, body as JSON types, headers."""

    status: int
    data: Any
    headers: Mapping[str, str]
    repeated: bool = False


@transaction.atomic
def once(key: Key, body: bytes, *, at: datetime, write: Callable[[], Answer]) -> Answer:
    """Do a write unless it was done with this key. Returns its response, or the stored one.

    If `write` raises, the key is free again.

    :raises InFlight: :raises OtherBody: and the errors of `write`.
    """
    digest = hashlib.sha256(body).digest()
    row = _reserve(key, digest, at=at)
    if row is None:
        return _stored_answer(key, digest)
    answer = write()
    _store(row, answer)
    return answer


def _reserve(key: Key, digest: bytes, *, at: datetime) -> int | None:
    """The id of a new or expired row for the key; None if the key is in use."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO idempotency AS held (user_id, method, path, key, body_sha256,"
                " created_at) VALUES (%s, %s, %s, %s, %s, %s)"
                " ON CONFLICT (user_id, method, path, key) DO UPDATE SET status = NULL,"
                " response = NULL, body_sha256 = excluded.body_sha256,"
                " created_at = excluded.created_at WHERE held.created_at <= %s RETURNING id",
                [key.user, key.method, key.path, key.key, digest, at, at - RETENTION],
            )
            row = cursor.fetchone()
    except OperationalError as problem:
        if isinstance(problem.__cause__, psycopg.errors.LockNotAvailable):
            raise InFlight(f"a write with the key {key.key!r} is still in progress") from problem
        raise
    return None if row is None else int(row[0])


def _stored_answer(key: Key, digest: bytes) -> Answer:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT body_sha256, status, response FROM idempotency"
            " WHERE user_id = %s AND method = %s AND path = %s AND key = %s",
            [key.user, key.method, key.path, key.key],
        )
        body_sha256, status, response = cursor.fetchone()
    if bytes(body_sha256) != digest:
        raise OtherBody(f"the key {key.key!r} was used for another body: use a new key")
    return Answer(status=status, repeated=True, **json.loads(response))


def _store(row: int, answer: Answer) -> None:
    response = json.dumps({"data": answer.data, "headers": dict(answer.headers)})
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE idempotency SET status = %s, response = %s WHERE id = %s",
            [answer.status, response, row],
        )


def forget(*, at: datetime) -> int:
    """Delete expired responses. Returns their number."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM idempotency WHERE created_at <= %s", [at - RETENTION])
        return int(cursor.rowcount)

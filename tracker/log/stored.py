"""Events as they are stored, with all that their hashes are made from."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from tracker.log.reading import FOLLOWING, SPOKEN


class Stored(NamedTuple):
    """An event, to the byte: `body` and `text` are canonical JSON.

    `salt` and `text` are None where it has no words, or where they are withheld since; then
    `text_sha256` says so.
    """

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
    salt: bytes | None
    text: str | None

    @property
    def withheld(self) -> bool:
        return self.text_sha256 is not None and self.text is None


_OWN = ", ".join(f"e.{name}" for name in Stored._fields[:-2])


def stored(*, after: int, limit: int) -> list[Stored]:
    """Give up to `limit` events that follow position `after`, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_OWN}, t.salt, t.text FROM {SPOKEN} WHERE {FOLLOWING}",  # noqa: S608
            [after, after + limit],
        )
        return [Stored(*row) for row in cursor.fetchall()]
